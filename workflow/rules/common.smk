# Config, sample sheet and the functions that rules share.
import csv
import os
import shlex

from snakemake.exceptions import WorkflowError
from snakemake.utils import validate

validate(config, "../schemas/config.schema.yaml")

INDEX_ENDINGS = (".tbi", ".csi", ".bai", ".crai")
REPORT_ENDINGS = {"vcf": "vcf.gz", "fhir": "fhir.json"}


def read_sheet(path):
    """Rows of the sample sheet by sample name, empty cells left out."""
    with open(path, encoding="utf-8-sig", newline="") as handle:
        text = handle.read()
    delimiter = "\t" if "\t" in text.split("\n", 1)[0] else ","
    samples = {}
    for number, row in enumerate(csv.DictReader(text.splitlines(), delimiter=delimiter), 2):
        if None in row or None in row.values():
            raise WorkflowError(f"{path}: line {number}: not as many cells as the header has columns")
        cells = {name.strip().lower(): cell.strip() for name, cell in row.items() if cell.strip()}
        if not cells or cells.get("sample", "").startswith("#"):
            continue
        try:
            validate(cells, "../schemas/samples.schema.yaml")
        except WorkflowError as error:
            raise WorkflowError(f"{path}: line {number}: {error}")
        if cells["sample"] in samples:
            raise WorkflowError(f"{path}: line {number}: sample {cells['sample']!r} stands there twice")
        samples[cells["sample"]] = cells
    return samples


SHEET = read_sheet(config["samples"])
unknown = [name for name in config["exclude"] if name not in SHEET]
if unknown:
    raise WorkflowError(f"config: exclude: not in {config['samples']}: {', '.join(unknown)}")
SAMPLES = [name for name in SHEET if name not in config["exclude"]]
if not SAMPLES:
    raise WorkflowError(f"{config['samples']}: there is no sample in it")


wildcard_constraints:
    sample="[A-Za-z0-9][A-Za-z0-9._-]*",


def from_sheet(path):
    """A path of the sheet, which counts from the sheet's folder, as seen from the working directory."""
    return os.path.normpath(os.path.join(os.path.dirname(config["samples"]), path))


def input_files(wildcards):
    """The sample's VCF, reads and copy-number tables, the indices beside them, and files named in the config."""
    row = SHEET[wildcards.sample]
    files = [from_sheet(row[kind]) for kind in ("vcf", "bam") if kind in row]
    stems = [*files, *(path.rsplit(".", 1)[0] for path in files)]
    found = {
        "files": files,
        "tables": [from_sheet(part.strip()) for part in row.get("cnv", "").split(";") if part.strip()],
        "indices": [stem + end for stem in stems for end in INDEX_ENDINGS if os.path.exists(stem + end)],
    }
    return found | {name: config[name] for name in ("reference", "target", "callable") if config[name]}


def one_row_sheet(wildcards, input, output):
    """The sample's row as a sheet of its own; paths count from the folder of that sheet.

    The paths are those of the job's inputs: with files in a bucket, those of the fetched copies.
    """
    row = dict(SHEET[wildcards.sample])
    kinds = [kind for kind in ("vcf", "bam") if kind in row]

    def seen_from_sheet(path):
        return path if os.path.isabs(path) else os.path.relpath(path, os.path.dirname(output.sheet))

    for kind, path in zip(kinds, input.files, strict=True):
        row[kind] = seen_from_sheet(path)
    if "cnv" in row:
        row["cnv"] = ";".join(map(seen_from_sheet, input.get("tables", [])))
    return "\t".join(row) + "\n" + "\t".join(row.values()) + "\n"


def run_options(wildcards, input):
    """Options of ``tp53annot run`` from the config."""
    options = ["--format", ",".join(config["formats"]), "--language", config["language"]]
    for name in ("assembly", "reference", "target", "callable"):
        value = input.get(name) or config[name]
        options += [f"--{name}", value] if value else []
    return " ".join([shlex.join(options), config["extra"]]).strip()


def report_files():
    """Output files of one sample by format; the page goes into the workflow report."""
    stem = "results/reports/{sample}/{sample}.tp53."
    files = {kind: stem + REPORT_ENDINGS.get(kind, kind) for kind in config["formats"]}
    if "vcf" in files:
        files["tbi"] = files["vcf"] + ".tbi"
    if "html" in files and config["pages_in_report"]:
        files["html"] = report(
            files["html"],
            caption="../report/sample.rst",
            category="Samples",
            labels={"sample": "{sample}"},
        )
    return files
