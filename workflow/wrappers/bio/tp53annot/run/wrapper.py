"""Snakemake wrapper of ``tp53annot run`` for one sample."""

__author__ = "The tp53annot developers"
__license__ = "MIT"

import os
import tempfile

from snakemake.shell import shell

ENDINGS = {"vcf": "vcf.gz", "tbi": "vcf.gz.tbi", "fhir": "fhir.json"}

log = snakemake.log_fmt_shell(stdout=True, stderr=True)
extra = snakemake.params.get("extra", "")
name = snakemake.params.get("sample") or os.path.basename(snakemake.output.json).removesuffix(".tp53.json")
given = {kind: path for kind, path in snakemake.input.items() if path}
files = {kind: os.path.abspath(given[kind]) for kind in ("vcf", "bam") if kind in given}
if not files:
    raise ValueError("input: name a vcf, a bam (BAM or CRAM) or both")
options = [
    word
    for kind in ("reference", "target", "callable")
    if kind in given
    for word in (f"--{kind}", given[kind])
]
formats = ",".join(kind for kind, _path in snakemake.output.items() if kind != "tbi")

row = {"sample": name, **files, **snakemake.params.get("context", {})}
if snakemake.params.get("normal"):
    row["normal"] = snakemake.params.normal

with tempfile.TemporaryDirectory() as scratch:
    sheet = os.path.join(scratch, "sample.tsv")
    with open(sheet, "w", encoding="utf-8") as handle:
        handle.write("\t".join(row) + "\n" + "\t".join(map(str, row.values())) + "\n")
    reports = os.path.join(scratch, "out")
    first = next(iter(files.values()))
    shell(
        "tp53annot run {first:q} --samples {sheet:q} -o {reports:q} --format {formats} {options:q} {extra} {log}"
    )
    for kind, path in snakemake.output.items():
        made = os.path.join(reports, name, f"{name}.tp53.{ENDINGS.get(kind, kind)}")
        shell("mv {made:q} {path:q}")
