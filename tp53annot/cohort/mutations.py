"""All reported variants of a cohort in one MAF, on one build."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tp53annot.cohort.tables import Entry
from tp53annot.core.allele import Build
from tp53annot.core.text import cell
from tp53annot.report.formats.maf import MAF_COLUMNS, maf_text

_BARCODE, _BUILD = MAF_COLUMNS.index("Tumor_Sample_Barcode"), MAF_COLUMNS.index("NCBI_Build")
_PLACES = (MAF_COLUMNS.index("Start_Position"), MAF_COLUMNS.index("End_Position"))


def render_maf(found: Sequence[Entry], to_core: Callable[[int, Build], int]) -> str:
    """cohort.maf: positions on the build of the reports; of reports on both builds on GRCh38, as readers expect one.

    Args:
        found: every sample; the barcode is its name, told apart where two samples have one.
        to_core: position and build to GRCh38 position.
    """
    mixed = len({entry.row.assembly for entry in found}) > 1
    lines = []
    for entry in found:
        for mark in entry.row.marks:
            cells = mark.maf.split("\t")
            cells[_BARCODE] = cell(entry.label)
            if mixed:
                for place in _PLACES:
                    cells[place] = str(to_core(int(cells[place]), Build(cells[_BUILD])))
                cells[_BUILD] = Build.GRCH38.value
            lines.append("\t".join(cells))
    return maf_text(lines)
