"""Which files make which samples: folders, file kinds and pairs of VCF and reads."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tp53annot.core.exon_depth import DepthJudgement
from tp53annot.core.segment import RecordTable, SegmentTable
from tp53annot.errors import InputError
from tp53annot.lists.table import LIST_ENDINGS
from tp53annot.system.magic import reads_on_standard_input

VCF_ENDINGS = (".vcf", ".vcf.gz", ".vcf.bgz", ".bcf", ".g.vcf", ".g.vcf.gz")
READ_ENDINGS = (".bam", ".cram", ".sam", ".sam.gz")
STANDARD_INPUT = "-"
_OWN_OUTPUT = (".tp53.vcf.gz", ".tp53.json")


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleTable:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The jobs of a run, and what was found but left alone (path, reason)."""

    jobs: tuple[Job, ...]
    left: tuple[tuple[str, str], ...] = ()
    remarks: tuple[str, ...] = ()


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


def plan(inputs: Sequence[Path], *, bam: Path | None, context: Mapping[str, str]) -> Plan:
    """Turn the command's INPUTs into jobs, files in the order given, folders sorted by name.

    Raises:
        InputError: an input does not exist, or a folder holds nothing to read.
    """
    jobs: list[Job] = []
    left: list[tuple[str, str]] = []
    remarks: list[str] = []
    for path in _once(inputs, left):
        if str(path) != STANDARD_INPUT and not is_there(path):
            raise InputError("no such file or folder", path=str(path), fix="check the path")
        if path.is_dir():
            found = _plan_folder(path, context, left, remarks)
            if not found:
                raise InputError(
                    "the folder holds no VCF, BCF, BAM or CRAM file", path=str(path), fix="check the path"
                )
            jobs += found
        elif kind_of(path) == "reads":
            jobs.append(Job(bam=path, context=context))
        else:
            jobs.append(Job(vcf=path, context=context))
    if bam is not None:
        if len(jobs) != 1 or jobs[0].vcf is None:
            raise InputError(
                "--bam goes with exactly one VCF", path=str(bam), fix="use a sample sheet for several"
            )
        jobs = [Job(vcf=jobs[0].vcf, bam=bam, context=context)]
    return Plan(jobs=tuple(jobs), left=tuple(left), remarks=tuple(remarks))


def is_there(path: Path) -> bool:
    """Whether a file or folder of this name exists; a name that no file can have does not."""
    try:
        return path.exists()
    except OSError:  # too long
        return False


def _once(inputs: Sequence[Path], left: list[tuple[str, str]]) -> list[Path]:
    """The inputs without those given twice."""
    seen: dict[Path, Path] = {}
    for path in inputs:
        place = Path(os.path.realpath(path))
        if place in seen:
            left.append((str(path), "given twice"))
        else:
            seen[place] = path
    return list(seen.values())


def listed(folder: Path) -> list[Path]:
    """What a folder holds, by name.

    Raises:
        InputError: it cannot be read.
    """
    try:
        return sorted(folder.iterdir(), key=lambda p: p.name)
    except OSError as error:
        raise InputError(
            error.strerror or str(error), path=str(folder), fix="check the folder's permissions"
        ) from error


def _plan_folder(
    folder: Path, context: Mapping[str, str], left: list[tuple[str, str]], remarks: list[str]
) -> list[Job]:
    files = listed(folder)
    odd = {p for p in files if kind_of(p) and p.exists() and not (p.is_file() or p.is_dir())}
    left += [(str(p), "not a regular file") for p in files if p in odd]
    files = [p for p in files if p not in odd]
    vcfs = [p for p in files if kind_of(p) == "vcf"]
    reads: dict[str, Path] = {}
    for path in (p for p in files if kind_of(p) == "reads"):
        first = reads.setdefault(stem_of(path), path)
        if first != path:
            left.append((str(path), f"{first.name} is already taken for this sample"))
    pairs = _pairs([stem_of(p) for p in vcfs], list(reads))
    jobs = []
    for vcf in vcfs:
        bam = reads.pop(pairs.get(stem_of(vcf), ""), None)
        if bam is not None:
            remarks.append(f"paired {vcf.name} with {bam.name}")
        jobs.append(Job(vcf=vcf, bam=bam, context=context))
    jobs += [Job(bam=path, context=context) for path in reads.values()]
    left += _left_over(files)
    return jobs


def _pairs(vcfs: Sequence[str], reads: Sequence[str]) -> dict[str, str]:
    """VCF stem -> reads stem: the same, or one the beginning of the other up to a dot, if only one is.

    >>> _pairs(["S1", "S2.mutect2", "S3.a", "S3.b"], ["S1", "S2", "S3", "S4"])
    {'S1': 'S1', 'S2.mutect2': 'S2'}
    """
    found = {}
    for stem in vcfs:
        near = [r for r in reads if r == stem] or [r for r in reads if _begins(r, stem)]
        rivals = [v for v in vcfs if v != stem and near and _begins(v, near[0])]
        if len(near) == 1 and (near[0] == stem or not rivals):
            found[stem] = near[0]
    return found


def _begins(one: str, other: str) -> bool:
    return one == other or one.startswith(f"{other}.") or other.startswith(f"{one}.")


def _left_over(files: Iterable[Path]) -> list[tuple[str, str]]:
    companions = (".tbi", ".csi", ".bai", ".crai", ".tp53.vcf.gz")
    return [
        (str(path), "not a VCF, BCF, BAM or CRAM by its name")
        for path in files
        if kind_of(path) is None and not path.name.lower().endswith(companions)
    ]
