"""Records that state the reference: blocks of a gVCF, and sites without an ALT."""

from __future__ import annotations

from tp53annot.core.coverage import Block
from tp53annot.vcf.record import Origin, Record

_ANY_OTHER = frozenset({"<NON_REF>", "<*>", "<M>", "."})


def names_no_change(alt: str) -> bool:
    """Whether an ALT stands for "any other allele" or for none at all."""
    return alt in _ANY_OTHER


def reference_block(origin: Origin, record: Record, fields: dict[str, str]) -> Block | None:
    """The stretch a record states to be reference for a sample; ``None`` when it names a change.

    What depth it proves is for the caller's dialect to say: :meth:`Dialect.block_depth`.
    """
    if not all(map(names_no_change, record.alts)):
        return None
    depth = origin.dialects.block_depth(fields, record.info_fields())
    return Block(start=origin.start(record), end=origin.end(record), depth=depth)
