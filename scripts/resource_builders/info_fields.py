"""INFO values of the usual changes, worked out beforehand: made from the tables and rules, so it is built last."""

from __future__ import annotations

from pathlib import Path

from resource_builders.manifest import write_manifest
from tp53annot.interpret.interpreter import Interpreter
from tp53annot.knowledge.resources import Resources
from tp53annot.knowledge.store import Store
from tp53annot.vcf.annotation.annotator import AlleleAnnotator
from tp53annot.vcf.annotation.stored_values import STORED, stored_text


def build(source: Path, output: Path) -> list[Path]:
    """Write derived/info_fields.tsv.gz."""
    path = output / STORED
    path.parent.mkdir(exist_ok=True)
    path.touch()
    write_manifest(output)
    interpreter = Interpreter(Resources(output))
    interpreter.load()
    path.write_bytes(
        stored_text(Store(output), interpreter.resources.namer, AlleleAnnotator(interpreter).computed)
    )
    return [path]
