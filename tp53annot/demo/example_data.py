"""The tutorial's invented samples: BAM files, a sample sheet, a truth table, a statement."""

from __future__ import annotations

from pathlib import Path

from tp53annot.demo.example_bam import write_example_bam
from tp53annot.demo.example_samples import ExampleReads
from tp53annot.demo.example_workbook import example_workbook
from tp53annot.errors import OutputError
from tp53annot.knowledge.resources import Resources
from tp53annot.knowledge.rules.reading import read_rules
from tp53annot.names.parser import parse_change
from tp53annot.system.files import output_error, write_bytes

_COPIES = {
    "samples.tsv": "example/reads_samples.tsv",
    "truth.tsv": "example/truth.tsv",
    "statement.toml": "example/statement.toml",
}


def write_example_data(folder: Path, resources: Resources, *, force: bool) -> list[Path]:
    """Write ``bam/*.bam``, two sample sheets, ``truth.tsv`` and ``statement.toml``; no patient is behind any of them.

    Raises:
        OutputError: the folder is not empty (without ``force``) or cannot be written.
    """
    if folder.is_dir() and any(folder.iterdir()) and not force:
        raise OutputError("the folder is not empty", path=str(folder), fix="use --force or another folder")
    made = read_rules(ExampleReads, resources.store.toml("example/reads.toml"))
    exons = dict(enumerate(resources.namer.main.model.exons, 1))
    written = []
    for sample in made.sample:
        path = folder / "bam" / f"{sample.name}.bam"
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_example_bam(
                path,
                sample=sample.name,
                build=sample.build,
                exons=[e for n, e in exons.items() if n not in sample.without_exons],
                changes=[(parse_change(c.name, resources.namer, {})[0], c.vaf) for c in sample.changes],
                made=made,
                reference=resources.reference,
            )
        except OSError as error:
            raise output_error(path, error) from error
        written.append(path)
    for name, source in _COPIES.items():
        write_bytes(folder / name, resources.store.read(source))
        written.append(folder / name)
    write_bytes(folder / "lab_sheet.xlsx", example_workbook(resources.store))
    return [*written, folder / "lab_sheet.xlsx"]
