"""One builder per kind of input: writes the mutated files into a folder, returns the command's arguments."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import random
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

from .containers import bgzip
from .mutate import BYTES, NUMBERS, TEXT, WORDS, mutated, mutated_json
from .seeds import EXAMPLE, EXPLAIN, ROOT, Seeds

Arguments = list[str]
Builder = Callable[[Path, random.Random, Seeds], Arguments]
FORMATS = (
    "json,tsv,html,vcf",
    "json",
    "json",
    "json",
    "json",
    "json,html",
    "json,tsv,maf,fhir,txt",
    "json,xlsx",
    "vcf",
)
FIELDS = ("age_years", "lineage", "ph_status", "blast_pct", "ploidy", "therapy", "diagnosis", "del17p", "zzz")


def _word(rng: random.Random) -> str:
    """A token that a command line can carry."""
    token = rng.choice((*WORDS, *NUMBERS))
    return token.replace("\0", "").encode("utf-8", "replace").decode()


def _run(path: Path, rng: random.Random, *more: str) -> Arguments:
    out = str((path if path.is_dir() else path.parent) / "out")
    if rng.random() < 0.06:
        return ["run", str(path), "-o", "-", "--format", rng.choice(("json", "tsv", "txt")), *more]
    some = rng.choice(
        ([], [], ["--assembly", "GRCh38"], ["--min-vaf", "0"], ["--include-filtered"], ["-j", "2"])
    )
    return ["run", str(path), "-o", out, "--format", rng.choice(FORMATS), *some, *more]


def vcf(folder: Path, rng: random.Random, seeds: Seeds) -> Arguments:
    """Text VCF: mutated fields, lines and bytes, sometimes compressed, to run or annotate."""
    data = mutated(rng.choice(seeds.vcf), rng, TEXT if rng.random() < 0.85 else BYTES, seeds.vcf)
    path = folder / "x.vcf"
    if rng.random() < 0.2:
        path = folder / "x.vcf.gz"
        data = bgzip(data) if rng.random() < 0.6 else gzip.compress(data, 1)
    path.write_bytes(data)
    if rng.random() < 0.3:
        name = rng.choice(("a.vcf", "a.vcf.gz", "a.bcf", "-"))
        return ["annotate", str(path), "-o", name if name == "-" else str(folder / "out" / name)]
    return _run(path, rng)


def compressed(folder: Path, rng: random.Random, seeds: Seeds) -> Arguments:
    """Damaged gzip and BGZF containers."""
    data = rng.choice(seeds.vcf)
    data = mutated(bgzip(data) if rng.random() < 0.7 else gzip.compress(data, 1), rng, BYTES)
    path = folder / "x.vcf.gz"
    path.write_bytes(data)
    return (
        _run(path, rng)
        if rng.random() < 0.7
        else ["annotate", str(path), "-o", str(folder / "out" / "a.vcf.gz")]
    )


def index(folder: Path, rng: random.Random, seeds: Seeds) -> Arguments:
    """A sound bgzipped VCF or BAM with a damaged index."""
    import pysam

    if rng.random() < 0.5:
        path = folder / "x.vcf.gz"
        path.write_bytes(bgzip(seeds.vcf[0]))
        pysam.tabix_index(str(path), preset="vcf", force=True, csi=rng.random() < 0.5)
    else:
        path = folder / "x.bam"
        path.write_bytes(bgzip(seeds.bam[0]))
        pysam.index(str(path))
    made = next(p for p in folder.iterdir() if p != path and p.is_file())
    data = made.read_bytes()
    zipped = data[:2] == b"\x1f\x8b"
    if zipped and rng.random() < 0.8:
        data = bgzip(mutated(gzip.decompress(data), rng, BYTES))
    else:
        data = mutated(data, rng, BYTES)
    made.write_bytes(data)
    return _run(path, rng)


def bcf(folder: Path, rng: random.Random, seeds: Seeds) -> Arguments:
    """BCF: its bytes inside or outside the compression."""
    data = rng.choice(seeds.bcf)
    how = rng.randrange(3)
    data = (bgzip(mutated(data, rng, BYTES)), mutated(bgzip(data), rng, BYTES), mutated(data, rng, BYTES))[
        how
    ]
    path = folder / "x.bcf"
    path.write_bytes(data)
    return (
        _run(path, rng)
        if rng.random() < 0.7
        else ["annotate", str(path), "-o", str(folder / "out" / "a.vcf")]
    )


def bam(folder: Path, rng: random.Random, seeds: Seeds) -> Arguments:
    """BAM: header and records inside the compression, or the container; run, call, coverage."""
    data = rng.choice(seeds.bam)
    how = TEXT if rng.random() < 0.2 else BYTES
    data = bgzip(mutated(data, rng, how)) if rng.random() < 0.85 else mutated(bgzip(data), rng, BYTES)
    path = folder / "x.bam"
    path.write_bytes(data)
    choice = rng.random()
    if choice < 0.15:
        return ["coverage", str(path), *rng.choice(([], ["--json"]))]
    if choice < 0.35:
        return ["call", str(path), "-o", rng.choice(("-", str(folder / "out" / "c.vcf.gz")))]
    if choice < 0.45:
        beside = folder / "y.vcf"
        beside.write_bytes(seeds.vcf[3])
        return _run(beside, rng, "--bam", str(path))
    return _run(path, rng)


def cram(folder: Path, rng: random.Random, seeds: Seeds) -> Arguments:
    """CRAM, with and without a (hostile) reference."""
    path, fasta = folder / "x.cram", folder / "ref.fa"
    path.write_bytes(mutated(seeds.cram[0], rng, BYTES) if rng.random() < 0.8 else seeds.cram[0])
    fasta.write_bytes(mutated(b">chr17 x\nACGTACGTAC\nACGT\n", rng, TEXT))
    if rng.random() < 0.5:
        (folder / "ref.fa.fai").write_bytes(mutated(b"chr17\t83257441\t9\t60\t61\n", rng, TEXT))
    return _run(path, rng, *rng.choice(([], ["--reference", str(fasta)])))


def sheet(folder: Path, rng: random.Random, seeds: Seeds) -> Arguments:
    """TSV and CSV sheets beside the examples."""
    for path in EXAMPLE.glob("*.vcf"):
        shutil.copy(path, folder)
    path = folder / rng.choice(("s.tsv", "s.csv", "s"))
    path.write_bytes(mutated(rng.choice(seeds.sheet), rng, TEXT if rng.random() < 0.8 else BYTES))
    return [*_run(folder, rng), "--samples", str(path)]


def xlsx(folder: Path, rng: random.Random, seeds: Seeds) -> Arguments:
    """Workbooks: the archive damaged, or one of its parts."""
    for path in EXAMPLE.glob("*.vcf"):
        shutil.copy(path, folder)
    data = rng.choice(seeds.xlsx)
    if rng.random() < 0.8:
        packed = io.BytesIO()
        with (
            zipfile.ZipFile(io.BytesIO(data)) as old,
            zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new,
        ):
            chosen = rng.choice(old.namelist())
            for name in old.namelist():
                part = old.read(name)
                new.writestr(name, mutated(part, rng, TEXT) if name == chosen else part)
        data = packed.getvalue()
    else:
        data = mutated(data, rng, BYTES)
    path = folder / "s.xlsx"
    path.write_bytes(data)
    return [*_run(folder, rng), "--samples", str(path)]


def report(folder: Path, rng: random.Random, seeds: Seeds) -> Arguments:
    """Saved reports to render, keys and values changed, or the bytes."""
    text = rng.choice(seeds.reports)
    path = folder / "x.tp53.json"
    if rng.random() < 0.75:
        path.write_text(json.dumps(mutated_json(json.loads(text), rng)), encoding="utf-8")
    else:
        path.write_bytes(mutated(text.encode(), rng, TEXT if rng.random() < 0.5 else BYTES))
    formats = rng.choice(
        ("html,tsv", "html", "tsv", "xlsx", "maf", "fhir", "txt", "json", "html,tsv,maf,fhir,txt")
    )
    return ["render", str(path), "-o", rng.choice(("-", str(folder / "out"))), "--format", formats]


def explain(_folder: Path, rng: random.Random, _seeds: Seeds) -> Arguments:
    """Spellings of changes."""
    changes = []
    for _ in range(rng.choice((1, 1, 3))):
        text = mutated(rng.choice(EXPLAIN).encode(), rng, TEXT).decode("utf-8", "replace").replace("\0", "")
        changes.append(text.encode("utf-8", "replace").decode()[:60_000])
    return ["explain", *rng.choice(([], ["--json"], ["--assembly", "GRCh37"])), "--", *changes]


def context(folder: Path, rng: random.Random, seeds: Seeds) -> Arguments:
    """Declared context and options with wild values."""
    path = folder / "x.vcf"
    path.write_bytes(seeds.vcf[2])
    name = rng.choice(FIELDS)
    declared = [f"--context={name}={_word(rng)}"] if rng.random() < 0.5 else []
    return [*_run(path, rng), *declared, *rng.choice(
        ([], [f"--sample={_word(rng)}"], [f"--normal={_word(rng)}"], [f"--min-vaf={rng.choice(NUMBERS)}"],
         [f"--min-depth={rng.choice(NUMBERS)}"], [f"--report-vaf={rng.choice(NUMBERS)}"], [f"--format={_word(rng)}"])
    )]  # fmt: skip


def bed(folder: Path, rng: random.Random, seeds: Seeds) -> Arguments:
    """Target and callable regions."""
    path, regions = folder / "x.vcf", folder / "r.bed"
    path.write_bytes(seeds.vcf[2])
    data = mutated(seeds.bed[0], rng, TEXT)
    regions.write_bytes(gzip.compress(data) if rng.random() < 0.1 else data)
    return _run(path, rng, rng.choice(("--target", "--callable")), str(regions))


def statements(folder: Path, rng: random.Random, seeds: Seeds) -> Arguments:
    """Evidence statements of a user."""
    path = folder / "mine.toml"
    path.write_bytes(mutated(rng.choice(seeds.statements), rng, TEXT if rng.random() < 0.8 else BYTES))
    return ["evidence", "lint", str(path)]


def resources(folder: Path, rng: random.Random, seeds: Seeds) -> Arguments:
    """A resources folder with one altered file; its checksum is often put right, so that it is read."""
    root = folder / "r"
    shutil.copytree(ROOT / "resources", root)
    names = [p.relative_to(root).as_posix() for p in sorted(root.rglob("*.t*")) if p.stat().st_size < 400_000]
    name = rng.choice(
        [n for n in names if n.endswith("toml") or "tables" not in n] if rng.random() < 0.7 else names
    )
    path, manifest = root / name, root / "MANIFEST.toml"
    old = hashlib.sha256(path.read_bytes()).hexdigest()
    path.write_bytes(mutated(path.read_bytes(), rng, TEXT))
    if rng.random() < 0.9:
        manifest.write_text(
            manifest.read_text("utf-8", "replace").replace(old, hashlib.sha256(path.read_bytes()).hexdigest())
        )
    vcf_path = folder / "x.vcf"
    vcf_path.write_bytes(seeds.vcf[2])
    where = ["--resources-dir", str(root)]
    return rng.choice((
        ["run", str(vcf_path), "-o", str(folder / "out"), *where],
        ["explain", "R175H", *where], ["resources", "verify", *where], ["resources", "list", *where],
        ["evidence", "lint", *where], ["evidence", "list", *where], ["resources", "diff", str(root)],
    ))  # fmt: skip


# Builder and its share of the inputs.
KINDS: dict[str, tuple[Builder, int]] = {
    "vcf": (vcf, 220), "compressed": (compressed, 80), "index": (index, 25), "bcf": (bcf, 80), "bam": (bam, 150),
    "cram": (cram, 25), "sheet": (sheet, 60), "xlsx": (xlsx, 10), "report": (report, 160), "explain": (explain, 160),
    "context": (context, 15), "bed": (bed, 20), "statements": (statements, 25), "resources": (resources, 5),
}  # fmt: skip
