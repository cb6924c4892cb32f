"""From the command's INPUTs to jobs: folders searched, a VCF and the reads of one sample taken together."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from msgspec.structs import replace

from tp53annot.errors import InputError
from tp53annot.run.inputs.folders import files_of, refusal
from tp53annot.run.inputs.names import names_within
from tp53annot.run.jobs import STANDARD_INPUT, Job, Plan, is_there, kind_of, stem_of

Pairs = dict[Path, Path]


def plan(
    inputs: Sequence[Path], *, bam: Path | None, context: Mapping[str, str], recursive: bool = False
) -> Plan:
    """Turn the command's INPUTs into jobs, files in the order given, folders sorted by name.

    ``recursive``: folders within folders are searched, too.

    Raises:
        InputError: an input does not exist, or a folder holds nothing to read.
    """
    jobs: list[Job] = []
    left: list[tuple[str, str]] = []
    remarks: list[str] = []
    for path in once(inputs, left):
        if str(path) != STANDARD_INPUT and not is_there(path):
            raise InputError("no such file or folder", path=str(path), fix="check the path")
        if path.is_dir():
            found = files_of(path, recursive=recursive)
            jobs += _jobs_of(path, found.files, context, left, remarks)
            left += found.left
            if not found.files:
                raise refusal(path, recursive=recursive)
        elif kind_of(path) == "reads":
            jobs.append(Job(bam=path, context=context))
        else:
            jobs.append(Job(vcf=path, context=context))
    if bam is not None:
        jobs = [Job(vcf=_only_vcf(jobs, bam), bam=bam, context=context)]
    else:
        jobs = _named_together(jobs, remarks)
    return Plan(jobs=tuple(jobs), left=tuple(left), remarks=tuple(remarks))


def _named_together(jobs: Sequence[Job], remarks: list[str]) -> list[Job]:
    """A VCF and reads that are INPUTs themselves are taken together as those of a folder are."""
    vcfs = [job.vcf for job in jobs if job.vcf and not job.bam and kind_of(job.vcf) == "vcf"]
    reads = [job.bam for job in jobs if job.bam and not job.vcf]
    pairs = _pairs_of([p for p in vcfs if p.is_file()], [p for p in reads if p.is_file()])
    remarks += [_said(vcf, bam, vcf.parent) for vcf, bam in pairs.items()]
    taken = set(pairs.values())
    left = (job for job in jobs if job.vcf is not None or job.bam not in taken)
    return [replace(job, bam=pairs.get(job.vcf)) if job.vcf and not job.bam else job for job in left]


def _only_vcf(jobs: Sequence[Job], bam: Path) -> Path:
    if len(jobs) == 1 and jobs[0].vcf is not None and jobs[0].bam is None:
        return jobs[0].vcf
    cause = "--bam goes with exactly one VCF"
    if len(jobs) == 1:
        fix = "leave out --bam: reads are an INPUT themselves" if jobs[0].vcf is None else "leave it out"
        there = "the input is reads" if jobs[0].vcf is None else f"the folder has {jobs[0].bam} for it"
        raise InputError(f"{cause}, and {there}", path=str(bam), fix=fix)
    fix = "put the reads into the folder of the calls, or pair them in a sample sheet (--samples)"
    raise InputError(f"{cause}, not with {len(jobs)}", path=str(bam), fix=fix)


def once(inputs: Sequence[Path], left: list[tuple[str, str]]) -> list[Path]:
    """The inputs without those given twice."""
    seen: dict[Path, Path] = {}
    for path in inputs:
        place = Path(os.path.realpath(path))
        if place in seen:
            left.append((str(path), "given twice"))
        else:
            seen[place] = path
    return list(seen.values())


def _jobs_of(
    folder: Path,
    files: Sequence[Path],
    context: Mapping[str, str],
    left: list[tuple[str, str]],
    remarks: list[str],
) -> Iterator[Job]:
    vcfs = [path for path in files if kind_of(path) == "vcf"]
    reads: dict[tuple[Path, str], Path] = {}
    for path in (p for p in files if kind_of(p) == "reads"):
        first = reads.setdefault((path.parent, stem_of(path)), path)
        if first != path:
            left.append((str(path), f"{first.name} is already taken for this sample"))
    pairs = _pairs_of(vcfs, list(reads.values()))
    for vcf in vcfs:
        bam = pairs.get(vcf)
        if bam is not None:
            remarks.append(_said(vcf, bam, folder))
        yield Job(vcf=vcf, bam=bam, context=context)
    taken = set(pairs.values())
    yield from (Job(bam=path, context=context) for path in reads.values() if path not in taken)


def _pairs_of(vcfs: Sequence[Path], reads: Sequence[Path]) -> Pairs:
    """Pairs by file names within a folder, then between folders, then by the samples within."""
    pairs: Pairs = {}
    if not vcfs or not reads:
        return pairs
    for each in dict.fromkeys(path.parent for path in vcfs):
        _by_file_names([p for p in vcfs if p.parent == each], [p for p in reads if p.parent == each], pairs)
    _by_file_names(*_unpaired(vcfs, reads, pairs), pairs)
    for vcf in _crossed(vcfs, reads, pairs):
        del pairs[vcf]
    _by_names_within(*_unpaired(vcfs, reads, pairs), pairs)
    return pairs


def _unpaired(vcfs: Sequence[Path], reads: Sequence[Path], pairs: Pairs) -> tuple[list[Path], list[Path]]:
    taken = set(pairs.values())
    return [p for p in vcfs if p not in pairs], [p for p in reads if p not in taken]


def _crossed(vcfs: Sequence[Path], reads: Sequence[Path], pairs: Pairs) -> list[Path]:
    """VCFs whose pair by file name holds another sample, while a third file holds one of the two: names were mixed up."""
    strange = {vcf: found for vcf, bam in pairs.items() if (found := _differing(vcf, bam))}
    if not strange:
        return []
    of_vcfs = {name for path in vcfs for name in names_within(path)}
    of_reads = {name for path in reads for name in names_within(path)}
    return [vcf for vcf, (called, read) in strange.items() if called in of_reads or read in of_vcfs]


def _differing(vcf: Path, bam: Path) -> tuple[str, str] | None:
    """The one sample of each, where they differ."""
    called, read = names_within(vcf), names_within(bam)
    one_each = len(called) == len(read) == 1 and bam.name not in (*called, *read)
    return (called[0], read[0]) if one_each and called != read else None


def _said(vcf: Path, bam: Path, folder: Path) -> str:
    """What is said of a pair, with what shows that it is one where the names do not."""
    shown = " with ".join(str(p.relative_to(folder) if p.is_relative_to(folder) else p) for p in (vcf, bam))
    if _begins(stem_of(vcf), stem_of(bam)):
        found = _differing(vcf, bam)
        though = f" by name, though one holds sample {found[0]!r}, the other {found[1]!r}" if found else ""
        return f"paired {shown}{though}"
    return f"paired {shown}: both hold sample {names_within(bam)[0]!r}"


def _by_file_names(vcfs: Sequence[Path], reads: Sequence[Path], pairs: Pairs) -> None:
    """Pairs by names that occur once on their side."""
    of_vcfs, of_reads = _unique(vcfs), _unique(reads)
    for stem, other in pairs_of_stems(list(of_vcfs), list(of_reads)).items():
        pairs[of_vcfs[stem]] = of_reads[other]


def _unique(files: Sequence[Path]) -> dict[str, Path]:
    counts = Counter(map(stem_of, files))
    return {stem_of(path): path for path in files if counts[stem_of(path)] == 1}


def _by_names_within(vcfs: Sequence[Path], reads: Sequence[Path], pairs: Pairs) -> None:
    """Pairs of a VCF and reads that hold the same one sample, which no other file of either kind holds."""
    if not vcfs or not reads:
        return
    of_reads = {path: names_within(path) for path in reads}
    of_vcfs = {path: names_within(path) for path in vcfs}
    counts = [Counter(n for names in side.values() for n in names) for side in (of_vcfs, of_reads)]
    by_name = {names[0]: path for path, names in of_reads.items() if len(names) == 1}
    for vcf, names in of_vcfs.items():
        if len(names) == 1 and names[0] in by_name and all(c[names[0]] == 1 for c in counts):
            pairs[vcf] = by_name[names[0]]


def pairs_of_stems(vcfs: Sequence[str], reads: Sequence[str]) -> dict[str, str]:
    """VCF stem -> reads stem: the same, or one the beginning of the other up to a dot, if only one is.

    >>> pairs_of_stems(["S1", "S2.mutect2", "S3.a", "S3.b"], ["S1", "S2", "S3", "S4"])
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
