"""Sound inputs of every kind: a folder, the command that reads it, and the file in it that will be altered.

Each is read by the program as it stands; :func:`tests.fuzz.promises.sound` makes sure of it before anything is altered.
"""

from __future__ import annotations

import gzip
import io
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from . import alterations as alter
from .alterations import Alter
from .containers import bgzip

HEAD = "##fileformat=VCFv4.2\n##contig=<ID=chr17,length=83257441>\n"
DECLARED = (
    '##INFO=<ID=END,Number=1,Type=Integer,Description="End">\n##FORMAT=<ID=GT,Number=1,Type=String,Description="G">\n'
    '##FORMAT=<ID=AD,Number=R,Type=Integer,Description="A">\n##FORMAT=<ID=DP,Number=1,Type=Integer,Description="D">\n'
    '##FORMAT=<ID=GQ,Number=1,Type=Integer,Description="Q">\n##FILTER=<ID=weak,Description="w">\n'
)
COLUMNS = "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\t"
R175H, R248Q = (7675088, "C", "T"), (7674220, "C", "T")
FROM, TO = 7669000, 7676300  # of the blocks that assess the gene; the last one is needed for exon 4
RUN = ("run", "{in}", "-o", "{out}", "-q")
OF_VCF = (alter.crlf, alter.no_final_newline, alter.note(b"##note=made by hand"), alter.rows_shuffled(b"#"))
OF_TABLE = (alter.crlf, alter.no_final_newline, alter.blank_end, alter.byte_order_mark)


class Scene(Struct, frozen=True, kw_only=True):
    """A sound input.

    Attributes:
        files: by path in the folder.
        victim: the file that is altered.
        arguments: of the command; ``{in}`` is the folder, ``{out}`` the output folder, ``{seeds}`` the seeds' folder.
        form: of the victim, a key of ``FORMS``.
        harmless: alterations that change no fact of it.
        alone: the sample the victim holds; the run's other samples do not depend on it. ``None``: all may.
        firm: the change stands in several fields, so that no single altered place can hide it.
        copies: the victim says what the copies of the gene are.
        sheet: the victim is a sample sheet, which changes no call.
        history: the victim is a history.
        resumed: the victim is of a finished run that is gone on with.
        share: of the inputs of its kind.
    """

    files: Mapping[str, bytes]
    victim: str
    arguments: tuple[str, ...] = RUN
    form: str = "text"
    harmless: tuple[Alter, ...] = ()
    alone: str | None = None
    firm: bool = False
    copies: bool = False
    sheet: bool = False
    history: bool = False
    resumed: bool = False
    share: int = 1


Made = Callable[[Path], Iterator[Scene]]


def gvcf(sample: str, *changes: tuple[int, str, str], depth: int = 500) -> bytes:
    """Reference blocks over the gene around its changes, which GT, AD and DP show alike."""
    from tp53annot.knowledge.resources import resources_of

    base = resources_of().reference.bases
    rows, at = [], FROM
    for pos, ref, alt in [*sorted(changes), (TO, "", "")]:
        for start in range(at, pos, 1500):
            end = min(start + 1499, pos - 1)
            rows.append(
                f"chr17\t{start}\t.\t{base(start, start)}\t<NON_REF>\t.\t.\tEND={end}\tGT:DP:GQ\t0/0:{depth}:99"
            )
        if alt:
            rows.append(
                f"chr17\t{pos}\t.\t{ref}\t{alt}\t90\tPASS\t.\tGT:AD:DP:GQ\t0/1:{depth * 6 // 10},{depth * 4 // 10}:{depth}:99"
            )
        at = pos + len(ref)
    return f"{HEAD}{DECLARED}{COLUMNS}{sample}\n{chr(10).join(rows)}\n".encode()


def plain(sample: str, *changes: tuple[int, str, str], reads: str = "60,40") -> bytes:
    """A bare VCF of one sample."""
    rows = "".join(f"chr17\t{p}\t.\t{r}\t{a}\t50\tPASS\t.\tGT:AD\t0/1:{reads}\n" for p, r, a in changes)
    return f"{HEAD}{DECLARED}{COLUMNS}{sample}\n{rows}".encode()


def _outputs(scene: Scene) -> Iterator[Scene]:
    """The scene with the report alone and the copy of the records (quick), and with all formats."""
    yield replace(_with(scene, "--format", "json,vcf"), share=5)
    yield _with(scene, "--format", "json,tsv,html,vcf,maf,fhir,txt,xlsx")


def _with(scene: Scene, *more: str) -> Scene:
    return replace(scene, arguments=(*scene.arguments, *more))


def vcfs(_seeds: Path) -> Iterator[Scene]:
    """One VCF of a batch: gVCF with a change, one without, a bare one."""
    beside = {"b.vcf": plain("S2", R248Q)}
    for data, firm in ((gvcf("S1", R175H, R248Q), True), (gvcf("S1"), False), (plain("S1", R175H), True)):
        scene = Scene(files={"a.vcf": data, **beside}, victim="a.vcf", alone="S1", firm=firm, harmless=OF_VCF)
        yield from _outputs(scene)


def compressed(_seeds: Path) -> Iterator[Scene]:
    for data, firm in ((gvcf("S1", R175H), True), (gvcf("S1"), False)):
        for size in (60_000, 300):
            files = {"a.vcf.gz": bgzip(data, size), "b.vcf": plain("S2", R248Q)}
            yield _with(
                Scene(files=files, victim="a.vcf.gz", alone="S1", firm=firm, form="bgzf text",
                      harmless=(alter.blocked_otherwise,)), "--format", "json")  # fmt: skip


def bcfs(seeds: Path) -> Iterator[Scene]:
    import pysam.bcftools

    for data in (gvcf("S1", R175H), gvcf("S1")):
        (seeds / "a.vcf").write_bytes(data)
        pysam.bcftools.view("-Ou", "-o", str(seeds / "a.bcf"), str(seeds / "a.vcf"), catch_stdout=False)
        raw = (seeds / "a.bcf").read_bytes()
        files = {"a.bcf": bgzip(gzip.decompress(raw)), "b.vcf": plain("S2", R248Q)}
        yield _with(
            Scene(files=files, victim="a.bcf", alone="S1", form="bgzf", harmless=(alter.blocked_otherwise,)),
            "--format", "json")  # fmt: skip


def _bams(seeds: Path) -> Iterator[tuple[Path, bool]]:
    """Reads deep enough for a VAF of 0.3 over exons 4-10: with a change, and without."""
    from bam_files import Change, write_bam

    change = Change(pos=R175H[0], ref="C", alt="T", vaf=0.5)
    for name, changes in (("changed", [change]), ("reference", [])):
        yield write_bam(seeds / f"{name}.bam", depth=60, skip=(2, 3, 11), changes=changes), bool(changes)


def bams(seeds: Path) -> Iterator[Scene]:
    for path, firm in _bams(seeds):
        for index in (True, False):
            files = {"a.bam": path.read_bytes(), "b.vcf": plain("S2", R248Q)}
            if index:
                files["a.bam.bai"] = path.with_suffix(".bam.bai").read_bytes()
            scene = Scene(files=files, victim="a.bam", alone="S1", firm=firm, form="bgzf",
                          harmless=() if index else (alter.blocked_otherwise,))  # fmt: skip
            yield _with(scene, "--report-vaf", "0.3", "--min-vaf", "0.3", "--format", "json")


def crams(seeds: Path) -> Iterator[Scene]:
    """With the reference beside, its index as well, and with the bases inside."""
    import pysam

    from tp53annot.knowledge.resources import resources_of

    reference, genome = resources_of().reference, seeds / "genome.fa"
    genome.write_text(f">chr17\n{'N' * (reference.start - 1)}{reference.sequence}\n")
    pysam.faidx(str(genome))
    beside = {"b.vcf": plain("S2", R248Q)}
    options = ("--report-vaf", "0.3", "--min-vaf", "0.3", "--format", "json")
    for path, firm in _bams(seeds):
        for how in ("", "embed_ref=1", "no_ref=1"):
            cram = seeds / "a.cram"
            extra = ["--output-fmt-option", how] if how else []
            pysam.view("-C", "-T", str(genome), *extra, "-o", str(cram), str(path), catch_stdout=False)
            pysam.index(str(cram))
            files = {"a.cram": cram.read_bytes(), **beside}
            given = () if how else ("--reference", "{seeds}/genome.fa")
            scene = Scene(files=files, victim="a.cram", alone="S1", firm=firm, form="bytes")
            yield _with(scene, *options, *given)
            crai = {**files, "a.cram.crai": (seeds / "a.cram.crai").read_bytes()}
            yield _with(Scene(files=crai, victim="a.cram.crai", alone="S1", form="bytes"), *options, *given)


def sheets(_seeds: Path) -> Iterator[Scene]:
    """Each clothing of the one sheet of the sheets' own tests."""
    from sheet_variants import variants

    beside = {"a.vcf": gvcf("X", R175H), "b.vcf": plain("X", R248Q), "c.vcf": gvcf("X")}
    for variant in variants():
        more = [f"--{name.replace('_', '-')}" for name, value in variant.options.items() if value is True]
        more += [
            word
            for name, value in variant.options.items()
            if value is not True
            for word in (f"--{name.replace('_', '-')}", str(value))
        ]
        zipped = variant.data[:2] == b"PK"
        single = not zipped and variant.name in ("tsv", "comma")
        sign = {"tsv": b"\t", "comma": b","}.get(variant.name, b"")
        of_text = (*OF_TABLE, alter.columns_shuffled(sign), alter.note(b"# by hand"), alter.blanks_around(sign),
                   alter.rows_shuffled(b""))  # fmt: skip
        scene = Scene(
            files={**beside, variant.file: variant.data},
            victim=variant.file,
            arguments=("run", "{in}", "-o", "{out}", "-q", "--samples", f"{{in}}/{variant.file}", *more),
            form="zip" if zipped else "text",
            sheet=True,
            harmless=(alter.packed_otherwise,) if zipped else of_text if single else (),
        )
        yield _with(scene, "--format", "json")


def copy_tables(_seeds: Path) -> Iterator[Scene]:
    """Each layout of the tables' own tests, beside a gVCF without a change."""
    from segment_files import FORMATS

    for _, name, text, _ in FORMATS:
        data = text(1_000_000, 21_000_000).encode()
        sign = b"," if name.endswith(".csv") else b"\t"
        more = (alter.columns_shuffled(sign),) if _has_header(data) else ()
        yield Scene(
            files={"a.vcf": gvcf("S1"), name: data},
            victim=name,
            arguments=(
                "run",
                "{in}/a.vcf",
                "-o",
                "{out}",
                "-q",
                "--cnv",
                f"{{in}}/{name}",
                "--format",
                "json",
            ),
            harmless=(*OF_TABLE, *more),
            copies=True,
        )


def _has_header(data: bytes) -> bool:
    rows = [line for line in data.split(b"\n") if line and not line.startswith(b"@")]
    return not any(cell.isdigit() for cell in rows[0].replace(b",", b"\t").split(b"\t"))


LIST = (
    ("sample", "chrom", "pos", "ref", "alt", "build", "depth", "alt_reads", "gene", "HGVSc"),
    ("S1", "chr17", "7675088", "C", "T", "GRCh38", "100", "40", "TP53", "c.524G>A"),
    ("S2", "chr17", "7674220", "C", "T", "GRCh38", "100", "30", "TP53", "c.743G>A"),
    ("S2", "chr17", "7676154", "G", "C", "GRCh38", "100", "50", "TP53", "c.215C>G"),
    ("S3", "chr12", "25245350", "C", "T", "GRCh38", "100", "50", "KRAS", ""),
)
MAF = (
    ("Hugo_Symbol", "NCBI_Build", "Chromosome", "Start_Position", "Reference_Allele", "Tumor_Seq_Allele1",
     "Tumor_Seq_Allele2", "Tumor_Sample_Barcode", "t_depth", "t_alt_count", "t_ref_count", "HGVSp_Short"),
    ("TP53", "GRCh37", "17", "7578406", "C", "C", "T", "S1", "100", "40", "60", "p.R175H"),
    ("TP53", "GRCh37", "17", "7577538", "C", "C", "T", "S2", "100", "30", "70", "p.R248Q"),
    ("KRAS", "GRCh37", "12", "25398284", "C", "C", "T", "S3", "100", "30", "70", "p.G12D"),
)  # fmt: skip
NAMES = (("sample", "hgvs", "vaf"), ("S1", "c.524G>A", "40%"), ("S2", "p.R248Q", "0.3"), ("S2", "NM_000546.6:c.215C>G", ""))  # fmt: skip
Rows = tuple[tuple[str, ...], ...]


def _joined(rows: Rows, sign: str) -> bytes:
    return "".join(sign.join(row) + "\n" for row in rows).encode()


def _workbook(rows: Rows) -> bytes:
    from openpyxl import Workbook

    book, out = Workbook(), io.BytesIO()
    sheet = book.worksheets[0]
    for row in rows:
        sheet.append([float(cell) if cell.isdigit() else cell for cell in row])
    book.save(out)
    return out.getvalue()


def lists(_seeds: Path) -> Iterator[Scene]:
    """Variant lists as TSV, CSV, MAF and XLSX."""
    texts: tuple[tuple[str, Rows, str], ...] = (
        ("l.tsv", LIST, "\t"), ("l.csv", LIST, ","), ("l.txt", LIST, "\t"), ("l.maf", MAF, "\t"), ("n.tsv", NAMES, "\t"),
        ("n.csv", NAMES, ";"),
    )  # fmt: skip
    for name, rows, sign in texts:
        yield Scene(
            files={name: _joined(rows, sign)},
            victim=name,
            arguments=("run", f"{{in}}/{name}", "-o", "{out}", "-q", "--format", "json"),
            harmless=(*OF_TABLE, alter.columns_shuffled(sign.encode()), alter.blanks_around(sign.encode())),
        )
    for rows in (LIST, MAF, NAMES):
        yield Scene(
            files={"l.xlsx": _workbook(rows)},
            victim="l.xlsx",
            arguments=("run", "{in}/l.xlsx", "-o", "{out}", "-q", "--format", "json"),
            form="zip",
            harmless=(alter.packed_otherwise,),
        )


LAB = b"""\
name = "Institute of Haematopathology"
address = ["1 Example Street", "24105 Exampletown"]
accreditation = "ISO 15189, No. 4711"
date = 2026-03-31
footer = "Valid with signature only."
language = "en"
formats = ["json", "txt"]

[assay]
name = "Panel A, version 3"
limits = "exons 2-11 with 5 intronic bases; VAF 3 % and more"

[[signatures]]
name = "Prof. A. Example"
role = "head of the laboratory"

[thresholds]
report_vaf = { value = 0.06, reason = "validated in 2025 on 120 samples" }
min_depth = { value = 30, reason = "validated in 2025 on 120 samples" }

[context]
lineage = "B-ALL"
"""


def laboratories(_seeds: Path) -> Iterator[Scene]:
    scene = Scene(
        files={"a.vcf": gvcf("S1", R175H), "lab.toml": LAB},
        victim="lab.toml",
        arguments=("run", "{in}/a.vcf", "-o", "{out}", "-q", "--lab", "{in}/lab.toml"),
        harmless=(alter.crlf, alter.no_final_newline, alter.blank_end, alter.note(b"# by hand")),
    )
    yield scene
    yield _with(scene, "--format", "json,html,xlsx")


def histories(seeds: Path) -> Iterator[Scene]:
    """Each command that reads a history, on one of three patients."""
    from .in_process import call

    folder = seeds / "history"
    folder.mkdir(exist_ok=True)
    sheet = "sample\tpatient\tvcf\tcollection_date\n"
    for n, data in enumerate((gvcf("D0", R175H), plain("D1", R248Q), gvcf("D2"))):
        (folder / f"d{n}.vcf").write_bytes(data)
        sheet += f"D{n}\tP{n}\td{n}.vcf\t2026-01-0{n + 1}\n"
    (folder / "s.tsv").write_text(sheet)
    made = ("run", str(folder), "-o", str(folder / "o"), "-q", "--samples", str(folder / "s.tsv"),
            "--history", str(folder / "lab.sqlite"), "--format", "json", "--force")  # fmt: skip
    call(made, seeds / "history.err", contained=False)
    lab = alter.in_sqlite((folder / "lab.sqlite").read_bytes(), lambda c: c.execute("PRAGMA wal_checkpoint"))
    later = {
        "r.vcf": plain("R0", R175H),
        "s.tsv": b"sample\tpatient\tvcf\nR0\tP0\tr.vcf\n",
        "lab.sqlite": lab,
    }
    saved = {"R/R.tp53.json": next((folder / "o").glob("D1/*.json")).read_bytes()}
    where = ("--history", "{in}/lab.sqlite")
    for words in (
        ("history", "verify"), ("history", "list"), ("history", "export"), ("history", "show", "P0"),
        ("history", "forget", "--patient", "P2"), ("history", "add", "{in}/R"),
        ("run", "{in}", "-o", "{out}", "-q", "--samples", "{in}/s.tsv", "--format", "json"),
    ):  # fmt: skip
        yield Scene(
            files={**later, **saved}, victim="lab.sqlite", arguments=(*words, *where), form="sqlite", history=True,
            harmless=(alter.database_rewritten,),
        )  # fmt: skip


def resumed(_seeds: Path) -> Iterator[Scene]:
    """A finished run that is gone on with; the files of its output folder are filled in when it is accepted."""
    files = {"a.vcf": gvcf("S1", R175H), "b.vcf": plain("S2", R248Q)}
    for victim, form in (
        ("out/S1/S1.tp53.json", "json"), ("out/run.json", "json"), ("out/S1/S1.tp53.tsv", "text"),
        ("out/S1/S1.tp53.html", "text"), ("out/cohort.tsv", "text"),
    ):  # fmt: skip
        yield Scene(
            files=files, victim=victim, form=form, resumed=True,
            arguments=(*RUN, "--format", "json,tsv,html" if "html" in victim else "json,tsv", "--resume"),
        )  # fmt: skip


# Maker and its share of the inputs.
SCENES: dict[str, tuple[Made, int]] = {
    "batch vcf": (vcfs, 100), "batch vcf.gz": (compressed, 50), "batch bcf": (bcfs, 50), "batch bam": (bams, 30),
    "batch cram": (crams, 30), "sheets": (sheets, 180), "copy tables": (copy_tables, 220), "lists": (lists, 150),
    "lab file": (laboratories, 50), "history": (histories, 180), "resume": (resumed, 40),
}  # fmt: skip
