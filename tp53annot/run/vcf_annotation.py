"""``annotate``: a VCF as it stands, with the annotation of its TP53 records as INFO fields."""

from __future__ import annotations

import functools
import gc
from pathlib import Path

from tp53annot.core.version import __version__
from tp53annot.interpret.interpreter import interpreter_of
from tp53annot.run.settings import RunSettings
from tp53annot.system.files import atomic_path, refuse_overwrite
from tp53annot.system.workers import contained
from tp53annot.vcf.annotator import AlleleAnnotator
from tp53annot.vcf.index import write_index
from tp53annot.vcf.writer import annotate_stream


def annotate_file(vcf: Path, output: Path, settings: RunSettings, *, force: bool) -> None:
    """Add the annotation to a VCF, streaming; ``-`` is standard input or output.

    Raises:
        InputError: unreadable input, undecided build.
        OutputError: the output exists, without ``force``.
    """
    interpreter = interpreter_of(settings.resources)
    interpreter.load()
    gc.freeze()  # the tables live as long as the process: collecting them again and again is a third of the time
    reference, annotator = interpreter.resources.reference, AlleleAnnotator(interpreter)

    def work(target: Path) -> None:
        annotate_stream(
            vcf, target, reference, annotator, __version__, settings.assembly, settings.most_bytes
        )
        write_index(target)

    if str(output) == "-":
        contained(functools.partial(work, output), str(vcf))
        return
    refuse_overwrite(output, force=force)
    with atomic_path(output) as temporary:
        contained(functools.partial(work, temporary), str(vcf))
