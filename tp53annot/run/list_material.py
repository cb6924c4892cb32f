"""The samples of a variant list, and their changes as records of a VCF."""

from __future__ import annotations

from collections.abc import Iterator

from tp53annot.core.allele import Build
from tp53annot.errors import InputError
from tp53annot.interpret.copies.structural import listed_deletions
from tp53annot.interpret.interpreter import Interpreter
from tp53annot.run.jobs import stem_of
from tp53annot.run.observations import Material, Question, VcfCopy, with_coverage

_DEFAULT_BUILD = Build.GRCH38


def from_list(question: Question, interpreter: Interpreter) -> Iterator[Material]:
    """The samples of a variant list.

    Raises:
        InputError: the list cannot be used, or a sample asked for is not in it.
    """
    from tp53annot.lists.source import listed_samples, renamed
    from tp53annot.vcf.listed_calls import calls_of_list

    job, settings = question.job, question.settings
    assert job.vcf is not None
    samples = listed_samples(job.vcf, interpreter, settings.assembly)
    asked = job.sample or settings.sample
    if asked is None and job.label in [s.name for s in samples]:
        asked = job.label
    if asked is not None and any(s.name is not None for s in samples):
        names = ", ".join(str(s.name) for s in samples)
        samples = tuple(s for s in samples if s.name == asked)
        if not samples:
            raise InputError(f"no sample {asked}", path=str(job.vcf), fix=f"its samples: {names}")
    if len(samples) > 1 and (job.bam is not None or job.label is not None):
        raise InputError(
            "the list has several samples",
            path=str(job.vcf),
            fix="pick one with --sample, or name it as the sample of its row of a sheet",
        )
    inputs, reference = question.inputs, interpreter.resources.reference
    for found in samples:
        name = job.label or found.name or asked or stem_of(job.vcf)
        sample = renamed(found, name)
        build = sample.build or settings.assembly or _DEFAULT_BUILD
        header, rows = calls_of_list(sample.candidates, build, reference, name)
        material = Material(
            sample=name,
            build=build,
            basis="places of the variant list" if sample.build else "names of the variant list",
            candidates=sample.candidates,
            records=VcfCopy(header=header, rows=rows, column=0),
            inputs=inputs,
            uninterpreted=sample.uninterpreted,
            has_normal=sample.has_normal,
            copies=listed_deletions(sample.uninterpreted),
            remarks=sample.remarks,
        )
        yield with_coverage(material, (), question)
