"""Made-up VCFs in the shapes of eight callers: header, INFO, FORMAT and samples as each writes them.

Every file holds a panel's calls (records on other chromosomes, passed over) and none to three TP53
changes taken from the shipped table of all changes.
"""

from __future__ import annotations

import csv
import gzip
import random
from collections.abc import Callable, Sequence
from pathlib import Path

from msgspec import Struct

ROOT = Path(__file__).resolve().parents[1]
CONTIGS = {f"chr{n}": 250_000_000 - 8_000_000 * n for n in (*range(1, 17), *range(18, 23))} | {
    "chr17": 83_257_441
}
OTHER_RECORDS = 120


class Call(Struct, frozen=True, kw_only=True):
    """One record's site and reads."""

    chrom: str
    pos: int
    ref: str
    alt: str
    depth: int
    reads: int

    @property
    def vaf(self) -> float:
        """Fraction of the reads that show the change."""
        return self.reads / self.depth

    @property
    def rest(self) -> int:
        """Reads without the change."""
        return self.depth - self.reads

    def halves(self) -> tuple[int, int, int, int]:
        """Reference forward and reverse, alternate forward and reverse."""
        return self.rest // 2, self.rest - self.rest // 2, self.reads // 2, self.reads - self.reads // 2


Columns = tuple[str, str, str, list[str]]  # FILTER, INFO, FORMAT, one cell per sample


def mutect2(c: Call) -> Columns:
    """Tumour only, orientation counts and strand table."""
    a, b, x, y = c.halves()
    info = f"AS_SB_TABLE={a},{b}|{x},{y};DP={c.depth};ECNT=1;MBQ=30,30;MMQ=60,60;MPOS=30;POPAF=7.30;TLOD=99.5"
    cell = f"0/1:{c.rest},{c.reads}:{c.vaf:.3f}:{c.depth}:{a},{x}:{b},{y}:{a},{b},{x},{y}"
    return "PASS", info, "GT:AD:AF:DP:F1R2:F2R1:SB", [cell]


def vardict(c: Call) -> Columns:
    """Counts by strand in ALD and RD."""
    a, b, x, y = c.halves()
    info = (
        f"SAMPLE=x;TYPE=SNV;DP={c.depth};VD={c.reads};AF={c.vaf:.4f};BIAS=2:2;REFBIAS={a}:{b};VARBIAS={x}:{y}"
    )
    cell = f"0/1:{c.depth}:{c.reads}:{c.rest},{c.reads}:{c.vaf:.4f}:{a},{b}:{x},{y}"
    return "PASS", info, "GT:DP:VD:AD:AF:RD:ALD", [cell]


def freebayes(c: Call) -> Columns:
    """RO and AO, no FILTER."""
    a, b, x, y = c.halves()
    info = f"AB={c.vaf:.4f};AO={c.reads};DP={c.depth};RO={c.rest};SAF={x};SAR={y};SRF={a};SRR={b};TYPE=snp"
    cell = f"0/1:{c.depth}:{c.rest},{c.reads}:{c.rest}:{c.rest * 36}:{c.reads}:{c.reads * 36}:-99,0,-99"
    return ".", info, "GT:DP:AD:RO:QR:AO:QA:GL", [cell]


def deepvariant(c: Call) -> Columns:
    """VAF and AD, empty INFO."""
    cell = f"0/1:48:{c.depth}:{c.rest},{c.reads}:{c.vaf:.5f}:50,0,60"
    return "PASS", ".", "GT:GQ:DP:AD:VAF:PL", [cell]


def varscan2(c: Call) -> Columns:
    """FREQ as per cent, RD and AD as single numbers."""
    a, b, x, y = c.halves()
    info = f"ADP={c.depth};WT=0;HET=1;HOM=0;NC=0"
    cell = f"0/1:255:{c.depth}:{c.depth}:{c.rest}:{c.reads}:{c.vaf * 100:.2f}%:1E-9:36:36:{a}:{b}:{x}:{y}"
    return "PASS", info, "GT:GQ:SDP:DP:RD:AD:FREQ:PVAL:RBQ:ABQ:RDF:RDR:ADF:ADR", [cell]


def lofreq(c: Call) -> Columns:
    """INFO only, no sample column."""
    return "PASS", f"DP={c.depth};AF={c.vaf:.6f};SB=0;DP4={','.join(map(str, c.halves()))}", "", []


def strelka2(c: Call) -> Columns:
    """Normal and tumour, counts per base and tier, no GT."""
    counts = dict.fromkeys("ACGT", (0, 0)) | {c.ref[0]: (c.rest, c.rest), c.alt[0]: (c.reads, c.reads)}
    clean = dict.fromkeys("ACGT", (0, 0)) | {c.ref[0]: (80, 81)}
    info = "SOMATIC;QSS=99;TQSS=1;NT=ref;QSS_NT=99;SGT=CC->CT;DP=500;MQ=60.0;SomaticEVS=19.5"
    if len(c.ref) != len(c.alt):
        cells = ["80:80:79,80:0,0:1,1", f"{c.depth}:{c.depth}:{c.rest},{c.rest}:{c.reads},{c.reads}:0,0"]
        return "PASS", info, "DP:DP2:TAR:TIR:TOR", cells
    cells = [
        f"{n}:0:0:0:" + ":".join("{},{}".format(*table[base]) for base in "ACGT")
        for n, table in ((80, clean), (c.depth, counts))
    ]
    return "PASS", info, "DP:FDP:SDP:SUBDP:AU:CU:GU:TU", cells


def ion_tvc(c: Call) -> Columns:
    """Flow-evaluated counts beside the raw ones."""
    a, b, x, y = c.halves()
    info = (
        f"AF={c.vaf:.5f};AO={c.reads};DP={c.depth};FAO={c.reads};FDP={c.depth};FRO={c.rest};HRUN=1;TYPE=snp"
    )
    cell = f"0/1:99:{c.depth}:{c.depth}:{c.rest}:{c.rest}:{c.reads}:{c.reads}:{c.vaf:.5f}:{y}:{x}:{b}:{a}"
    return "PASS", info, "GT:GQ:DP:FDP:RO:FRO:AO:FAO:AF:SAR:SAF:SRF:SRR", [cell]


CALLERS: tuple[Callable[[Call], Columns], ...] = (
    mutect2, vardict, freebayes, deepvariant, varscan2, lofreq, strelka2, ion_tvc,
)  # fmt: skip


def write_vcfs(folder: Path, count: int, *, seed: int = 17) -> list[Path]:
    """``count`` files, callers in turn, every second one gzipped; about one in five has a TP53 change."""
    rng = random.Random(seed)
    changes = _changes()
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for number in range(count):
        caller = CALLERS[number % len(CALLERS)]
        name = f"P{number:06}"
        text = _vcf(caller, name, _calls(changes, rng)).encode()
        path = folder / (f"{name}.vcf.gz" if number // len(CALLERS) % 2 else f"{name}.vcf")
        path.write_bytes(gzip.compress(text, 6, mtime=0) if path.suffix == ".gz" else text)
        paths.append(path)
    return paths


def _changes() -> list[tuple[int, str, str]]:
    """Single-base changes with an oncogenic or uncertain class, as GRCh38 sites."""
    with (ROOT / "resources" / "tables" / "all_changes.tsv").open() as table:
        rows = [r for r in csv.DictReader(table, delimiter="\t") if "onc" in r["class"]]
    return [(int(r["pos_grch38"]), r["ref"], r["alt"]) for r in rows]


def _calls(changes: Sequence[tuple[int, str, str]], rng: random.Random) -> list[Call]:
    calls = []
    for _ in range(OTHER_RECORDS):
        chrom = rng.choice(list(CONTIGS))
        ref, alt = rng.sample("ACGT", 2)
        pos = rng.randrange(20_000_000, 60_000_000)
        calls.append(_call(chrom, pos, ref, alt, rng))
    for _ in range(rng.choice((0, 0, 0, 0, 0, 0, 0, 1, 1, 2))):
        calls.append(_call("chr17", *rng.choice(changes), rng))
    order = list(CONTIGS)
    return sorted(calls, key=lambda c: (order.index(c.chrom), c.pos))


def _call(chrom: str, pos: int, ref: str, alt: str, rng: random.Random) -> Call:
    depth = rng.randrange(300, 1500)
    vaf = rng.choice((0.03, rng.uniform(0.05, 0.5), rng.uniform(0.5, 0.95)))
    return Call(chrom=chrom, pos=pos, ref=ref, alt=alt, depth=depth, reads=max(round(depth * vaf), 2))


def _vcf(caller: Callable[[Call], Columns], name: str, calls: Sequence[Call]) -> str:
    head = ["##fileformat=VCFv4.2", f"##source={caller.__name__}", '##FILTER=<ID=PASS,Description="All">']
    head += [f"##contig=<ID={c},length={n}>" for c, n in CONTIGS.items()]
    shown = [caller(call) for call in calls]
    columns = ["#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO"]
    if shown[0][2]:
        columns += ["FORMAT", *(["NORMAL", f"{name}"] if caller is strelka2 else [name])]
    if caller is strelka2:
        head.append(f"##tumor_sample={name}")
    lines = ["\t".join(columns)]
    for call, (filters, info, form, cells) in zip(calls, shown, strict=True):
        fields = [call.chrom, str(call.pos), ".", call.ref, call.alt, "60", filters, info]
        lines.append("\t".join([*fields, *([form, *cells] if form else [])]))
    return "\n".join([*head, *lines]) + "\n"
