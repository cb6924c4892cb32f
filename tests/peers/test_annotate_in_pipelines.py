"""``annotate`` as a step between other programs: bcftools reads every form, split-vep reads CSQ."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import absent, bcftools, require_program
from tp53annot_cli import in_a_process as tp53annot
from vcf_files import GRCH37, GRCH38, vcf_text, write_vcf

pytestmark = pytest.mark.peer
FIELDS = (
    '##INFO=<ID=AC,Number=A,Type=Integer,Description="Alleles">\n'
    '##INFO=<ID=AN,Number=1,Type=Integer,Description="Called">\n'
    '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">'
)
THREE = ("DIAG", "REL", "REM")
RECORDS = (
    "chr17\t7675088\t.\tC\tT\t50\tPASS\tAC=3;AN=6\tGT\t0/1\t1/1\t0/0",
    "chr17\t7675094\t.\tA\tAG,C\t50\tPASS\tAC=2,1;AN=5\tGT\t0/1\t1|2\t./0",
    "chr17\t7675100\t.\tTC\tT\t50\tPASS\tAN=0\tGT\t./.\t.\t0/0",
    "chr17\t7676154\t.\tG\tC\t50\tPASS\t.\tGT\t0/1\t1/1\t0/0",
)
PLUGINS = (
    "/usr/lib/x86_64-linux-gnu/bcftools",
    "/usr/lib/aarch64-linux-gnu/bcftools",
    "/usr/libexec/bcftools",
)


def split_vep(path: Path, form: str, *more: str) -> list[list[str]]:
    """Fields of CSQ as the real plugin gives them."""
    folders = os.environ.get("BCFTOOLS_PLUGINS") or next((p for p in PLUGINS if Path(p).is_dir()), None)
    if folders is None:
        absent("the plugins of bcftools")
    done = subprocess.run(
        [require_program("bcftools"), "+split-vep", "-f", f"{form}\\n", *more, str(path)],
        capture_output=True, text=True, check=True, env={**os.environ, "BCFTOOLS_PLUGINS": folders},
    )  # fmt: skip
    return [line.split("\t") for line in done.stdout.splitlines()]


def cohort(folder: Path) -> Path:
    return write_vcf(folder, *RECORDS, samples=THREE, header=f"{GRCH38}\n{FIELDS}", name="in.vcf")


@pytest.mark.parametrize(("letter", "kind"), [("v", "VCF"), ("z", "VCF"), ("b", "BCF"), ("u", "BCF")])
@pytest.mark.parametrize("stdout", [False, True])
def test_each_output_type_is_what_bcftools_takes_it_for(
    tmp_path: Path, letter: str, kind: str, stdout: bool
) -> None:
    path, output = cohort(tmp_path), tmp_path / "no_ending"
    if stdout:
        done = subprocess.run(
            [sys.executable, "-m", "tp53annot", "annotate", "-O", letter, path],
            capture_output=True,
            check=True,
        )
        output.write_bytes(done.stdout)
    else:
        assert tp53annot("annotate", "-O", letter, "-o", output, path).returncode == 0
    assert (output.read_bytes()[:2] == b"\x1f\x8b") == (letter != "v")  # u: BGZF without compression
    assert (
        kind
        in subprocess.run(
            [require_program("htsfile"), output], capture_output=True, text=True, check=True
        ).stdout
    )
    removed = bcftools("annotate", "-x", "^INFO/AC,INFO/AN", "--no-version", output).splitlines()
    assert [line for line in removed if line[0] != "#"] == list(RECORDS)


@pytest.mark.parametrize(("name", "ending"), [("o.vcf.gz", ".tbi"), ("o.bcf", ".csi")])
def test_a_written_index_serves_bcftools(tmp_path: Path, name: str, ending: str) -> None:
    output = tmp_path / name
    assert tp53annot("annotate", "-W", "-o", output, cohort(tmp_path)).returncode == 0
    assert Path(f"{output}{ending}").is_file()
    assert len(bcftools("view", "-H", "-r", "chr17:7675090-7675100", output).splitlines()) == 2


@pytest.mark.parametrize(
    ("records", "options", "code", "says"),
    [
        (RECORDS, ("-W",), 2, "standard output has no index"),
        (RECORDS, ("-W", "-o", "o.vcf"), 2, "-O z"),
        (RECORDS[::-1], ("-W", "-o", "o.vcf.gz"), 3, "bcftools sort"),
        (RECORDS[::-1], ("-W", "-o", "o.bcf"), 3, "bcftools sort"),
        (RECORDS, ("-s", "DIAG,WHO"), 3, "no sample WHO; its samples: DIAG, REL, REM"),
        (RECORDS, ("-s", "DIAG", "-S", "x"), 2, "use one"),
        (RECORDS, ("-s", "DIAG,DIAG"), 3, "once"),
        (RECORDS, ("-S", "missing.txt"), 3, "missing.txt"),
        (RECORDS, ("-s", ""), 2, "at least one"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_leaves_nothing(
    tmp_path: Path, records: tuple[str, ...], options: tuple[str, ...], code: int, says: str
) -> None:
    path = write_vcf(tmp_path, *records, samples=THREE, header=f"{GRCH38}\n{FIELDS}", name="in.vcf")
    placed = [str(tmp_path / o) if "." in o else o for o in options]
    done = tp53annot("annotate", path, *placed)
    assert (done.returncode, done.stderr.count("\n")) == (code, 1)
    assert says in done.stderr
    assert [p.name for p in tmp_path.iterdir()] == ["in.vcf"]


@pytest.mark.parametrize("choice", ["DIAG", "REM,DIAG", "^REL", "^DIAG,REL", "REL,REM,DIAG"])
def test_chosen_samples_are_those_of_bcftools_view(tmp_path: Path, choice: str) -> None:
    path = cohort(tmp_path)
    judge = bcftools("view", "-H", "-s", choice, path).splitlines()
    ours = tp53annot("annotate", "-s", choice, path).stdout
    plain = tmp_path / "ours.vcf"
    plain.write_text(ours)
    removed = bcftools("annotate", "-x", "^INFO/AC,INFO/AN", "--no-version", plain).splitlines()
    shown = [line.split("\t") for line in removed if line[0] != "#"]
    # bcftools adds AC and AN where a record has none; we change what is there.
    for mine, theirs, before in zip(shown, (line.split("\t") for line in judge), RECORDS, strict=True):
        had = {part.partition("=")[0] for part in before.split("\t")[7].split(";")}
        kept = [part for part in theirs[7].split(";") if part.partition("=")[0] in had]
        assert mine == [*theirs[:7], ";".join(kept) or ".", *theirs[8:]]
    listed = tmp_path / "names.txt"
    listed.write_text("\n".join(choice.removeprefix("^").split(",")) + "\n")
    mark = "^" if choice.startswith("^") else ""
    by_file = tp53annot("annotate", "-S", f"{mark}{listed}", "--no-version", path).stdout
    assert by_file == tp53annot("annotate", "-s", choice, "--no-version", path).stdout


def test_without_any_sample_the_format_column_goes(tmp_path: Path) -> None:
    done = tp53annot("annotate", "-s", "^DIAG,REL,REM", cohort(tmp_path))
    output = tmp_path / "none.vcf"
    output.write_text(done.stdout)
    assert bcftools("query", "-l", output) == ""
    assert len(bcftools("view", "-H", output).splitlines()) == len(RECORDS)


def test_version_and_command_stand_in_the_header_once_unless_unwanted(tmp_path: Path) -> None:
    path = cohort(tmp_path)
    once = tp53annot("annotate", "--csq", path).stdout
    assert f"##tp53annotCommand=annotate --csq {path}\n" in once
    (tmp_path / "again.vcf").write_text(once)
    again = tp53annot("annotate", tmp_path / "again.vcf").stdout
    assert [again.count(f"##tp53annot{what}=") for what in ("", "Command")] == [1, 1]
    assert "##tp53annot" not in tp53annot("annotate", "--no-version", path).stdout


def test_split_vep_reads_every_part(tmp_path: Path) -> None:
    output = tmp_path / "o.bcf"
    assert tp53annot("annotate", "--csq", "-o", output, cohort(tmp_path)).returncode == 0
    form = "%POS\\t%Allele\\t%Consequence\\t%IMPACT\\t%SYMBOL\\t%Gene\\t%Feature\\t%EXON\\t%HGVSc\\t%HGVSp\\t%TP53_CLASS"
    rows = split_vep(output, form, "-d")
    gene = ["TP53", "7157", "NM_000546.6"]
    assert rows == [
        ["7675088", "T", "missense_variant", "MODERATE", *gene, "5/11", "NM_000546.6:c.524G>A",
         "NP_000537.3:p.(Arg175His)", "oncogenic"],
        ["7675094", "AG", "frameshift_variant", "HIGH", *gene, "5/11", "NM_000546.6:c.517_518insC",
         "NP_000537.3:p.(Val173AlafsTer8)", "likely_oncogenic"],
        ["7675094", "C", "missense_variant", "MODERATE", *gene, "5/11", "NM_000546.6:c.518T>G",
         "NP_000537.3:p.(Val173Gly)", "likely_oncogenic"],
        ["7675100", "-", "frameshift_variant", "HIGH", *gene, "5/11", "NM_000546.6:c.511del",
         "NP_000537.3:p.(Glu171ArgfsTer3)", "likely_oncogenic"],
        ["7676154", "C", "missense_variant", "MODERATE", *gene, "4/11", "NM_000546.6:c.215C>G",
         "NP_000537.3:p.(Pro72Arg)", "benign"],
    ]  # fmt: skip
    worst = split_vep(output, "%POS\\t%IMPACT", "-s", "worst:missense+")
    assert [row[0] for row in worst] == ["7675088", "7675094", "7675100", "7676154"]


def test_silent_changes_and_both_builds_split_alike(tmp_path: Path) -> None:
    on38 = write_vcf(tmp_path, "chr17\t7675070\t.\tC\tT\t9\t.\t.", samples=(), header=GRCH38, name="b.vcf")
    on37 = write_vcf(
        tmp_path, "17\t7578388\t.\tC\tT\t9\t.\t.", samples=(), header=GRCH37.replace("chr17", "17")
    )
    rows = []
    for path in (on38, on37):
        output = tmp_path / f"{path.stem}.gz"
        assert tp53annot("annotate", "--csq", "-O", "z", "-o", output, path).returncode == 0
        rows.append(split_vep(output, "%HGVSc\\t%HGVSp\\t%IMPACT"))
    assert rows[0] == rows[1] == [["NM_000546.6:c.542G>A", "NP_000537.3:p.(Arg181His)", "MODERATE"]]


def test_csq_of_another_tool_is_not_mixed_with_ours(tmp_path: Path) -> None:
    declared = '##INFO=<ID=CSQ,Number=.,Type=String,Description="Consequence annotations from Ensembl VEP. Format: Allele|X">'
    path = write_vcf(tmp_path, RECORDS[0], samples=THREE, header=f"{GRCH38}\n{FIELDS}\n{declared}")
    done = tp53annot("annotate", "--csq", path)
    assert (done.returncode, "bcftools annotate -x INFO/CSQ" in done.stderr) == (3, True)
    assert tp53annot("annotate", path).returncode == 0


def test_a_bcf_of_undeclared_contigs_and_fields_is_whole(tmp_path: Path) -> None:
    lines = (
        "1\t5\t.\tA\tG\t.\tq10\tX=1\tGT:ZZ\t0/1:7",
        RECORDS[0].rsplit("\t", 2)[0].replace("AC=3;AN=6", "."),
    )
    path = tmp_path / "bare.vcf"
    path.write_text(vcf_text(*lines))
    output = tmp_path / "o.bcf"
    done = tp53annot("annotate", "--assembly", "GRCh38", "-W", "-o", output, path)
    assert (done.returncode, done.stderr) == (0, "")
    removed = bcftools("annotate", "-x", "^INFO/X", "--no-version", output).splitlines()
    assert [line for line in removed if line[0] != "#"] == list(lines)
