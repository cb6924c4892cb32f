"""The units of work of a run, and what a file is by its name."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct, field

from tp53annot.core.exon_depth import DepthJudgement
from tp53annot.core.segment import RecordTable, SegmentTable
from tp53annot.lists.table import LIST_ENDINGS
from tp53annot.system.magic import reads_on_standard_input

VCF_ENDINGS = (".vcf", ".vcf.gz", ".vcf.bgz", ".bcf", ".g.vcf", ".g.vcf.gz")
READ_ENDINGS = (".bam", ".cram", ".sam", ".sam.gz")
STANDARD_INPUT = "-"
_OWN_OUTPUT = (".tp53.vcf.gz", ".tp53.json")


class SampleTable(Struct, frozen=True, kw_only=True):
    """A copy-number table given to a job.

    Attributes:
        path: its file.
        table: what it holds.
        sample: the sample of the table that is meant, ``None``: by the names of the job's samples.
        only: it names no sample, and the job is the only one: it is that of the job's only sample.
    """

    path: Path
    table: SegmentTable | RecordTable
    sample: str | None = None
    only: bool = False

    def is_of(self, sample: str, *, labelled: bool) -> bool:
        """Whether it is of a sample of its job; a row of a sheet (``labelled``) has one."""
        if labelled or self.only:
            return True
        if self.sample is not None:
            return sample == self.sample
        return not self.table.samples or sample in self.table.samples


class Job(Struct, frozen=True, kw_only=True):
    """One unit of work: a VCF (all or one of its samples), reads, or both together.

    ``vcf`` may also be a variant list. ``sample``: report only this sample under ``label`` (both ``None``: as the file says).
    ``cnv``: copy-number tables of a row of the sheet; ``tables``: these and those of the command line, read.
    ``background``: error rates by GRCh38 position and base that other samples of the run show.
    ``concealed``: names that pseudonyms stand for, ``patient`` among them.
    ``depths``: by a sample's name in the reads (empty where they name none), its exons' depth against those samples.
    """

    vcf: Path | None = None
    bam: Path | None = None
    sample: str | None = None
    label: str | None = None
    normal: str | None = None
    patient: str | None = None
    context: Mapping[str, str] = field(default_factory=dict)
    background: Mapping[tuple[int, str], float] = field(default_factory=dict)
    depths: Mapping[str, DepthJudgement] = field(default_factory=dict)
    cnv: tuple[Path, ...] = ()
    tables: tuple[SampleTable, ...] = ()
    concealed: tuple[str, ...] = ()

    @property
    def files(self) -> tuple[Path, ...]:
        """The VCF and the reads, as far as there are any."""
        return tuple(p for p in (self.vcf, self.bam) if p is not None)

    @property
    def path(self) -> Path:
        """The file an error message names."""
        path = self.vcf or self.bam
        assert path is not None, "a job has a VCF or reads"
        return path


class Plan(Struct, frozen=True, kw_only=True):
    """The jobs of a run, what was found but left alone (path, reason), and what is to be said of it all.

    ``missing``: one line for each sample of a sheet whose file is not there; it fails, and the others are run.
    ``missing_names``: what these lines may name: samples, patients and files.
    """

    jobs: tuple[Job, ...]
    left: tuple[tuple[str, str], ...] = ()
    remarks: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    missing_names: tuple[str, ...] = ()


def kind_of(path: Path) -> str | None:
    """``"vcf"``, ``"reads"`` or ``None`` by the file name's ending."""
    name = path.name.lower()
    if name.endswith(_OWN_OUTPUT):
        return None
    if str(path) == STANDARD_INPUT:
        return "reads" if reads_on_standard_input() else "vcf"
    if name.endswith(VCF_ENDINGS):
        return "vcf"
    return "reads" if name.endswith(READ_ENDINGS) else None


def stem_of(path: Path) -> str:
    """The sample name a file name suggests: everything before the first known ending; standard input has none."""
    if str(path) == STANDARD_INPUT:
        return "sample"
    name = path.name
    for ending in sorted((*VCF_ENDINGS, *READ_ENDINGS, *LIST_ENDINGS), key=len, reverse=True):
        if name.lower().endswith(ending):
            return name[: -len(ending)]
    return name


def is_there(path: Path) -> bool:
    """Whether a file or folder of this name exists; a name that no file can have does not."""
    try:
        return path.exists()
    except OSError:  # too long
        return False
