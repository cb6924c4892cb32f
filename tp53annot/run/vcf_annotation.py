"""``annotate``: a VCF as it stands, with the annotation of its TP53 records as INFO fields."""

from __future__ import annotations

import functools
import gc
from pathlib import Path

from msgspec.structs import replace

from tp53annot.interpret.interpreter import interpreter_of
from tp53annot.run.settings import RunSettings
from tp53annot.system.files import atomic_path, refuse_overwrite
from tp53annot.system.workers import contained
from tp53annot.vcf.annotation.annotator import AlleleAnnotator
from tp53annot.vcf.index import write_index
from tp53annot.vcf.output_form import check_indexable, form_of
from tp53annot.vcf.writer import AnnotationOutput, annotate_stream


def annotate_file(
    vcf: Path,
    output: Path,
    settings: RunSettings,
    shape: AnnotationOutput,
    *,
    force: bool,
    write_an_index: bool = False,
) -> None:
    """Add the annotation to a VCF, streaming; ``-`` is standard input or output.

    Raises:
        UsageError: an index of what cannot have one.
        InputError: unreadable input, undecided build, an unknown sample.
        OutputError: the output exists, without ``force``.
    """
    form = form_of(output, shape.form)
    if write_an_index:
        check_indexable(output, form)
    interpreter = interpreter_of(settings.resources)
    interpreter.load()
    gc.freeze()  # the tables live as long as the process: collecting them again and again is a third of the time
    resources, annotator = interpreter.resources, AlleleAnnotator(interpreter, csq=shape.csq)
    reference, limits = resources.reference, resources.rules.vcf.build

    def work(target: Path) -> None:
        annotate_stream(
            vcf, target, reference, limits, annotator, shape, settings.assembly, settings.most_bytes
        )
        if str(target) != "-":
            write_index(target, form, wanted_of=str(output) if write_an_index else None)

    shape = replace(shape, form=form)  # temporary names do not tell it
    if str(output) == "-":
        contained(functools.partial(work, output), str(vcf))
        return
    refuse_overwrite(output, force=force)
    with atomic_path(output) as temporary:
        contained(functools.partial(work, temporary), str(vcf))
