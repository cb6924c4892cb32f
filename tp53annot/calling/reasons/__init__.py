"""What is held against a call: one file a reason, with a function of the same name.

The function looks at a change's evidence and gives the figures of its sentence, or ``None`` where it holds nothing
against it. The sentence stands under that name in ``rules/calling.toml`` ``[reasons]``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tp53annot.calling.reasons.error_model import error_model
from tp53annot.calling.reasons.evidence import CallEvidence, Figures
from tp53annot.calling.reasons.few_reads import few_reads
from tp53annot.calling.reasons.low_vaf import low_vaf
from tp53annot.calling.reasons.one_strand import one_strand
from tp53annot.calling.reasons.read_ends import read_ends
from tp53annot.calling.reasons.weaker_strand import weaker_strand
from tp53annot.core.candidate import AGAINST_CALL, Flag
from tp53annot.errors import ResourceError

# In the order in which a report and a VCF's FILTER name them.
REASONS: Mapping[str, Callable[[CallEvidence], Figures | None]] = {
    reason.__name__: reason
    for reason in (few_reads, low_vaf, error_model, one_strand, weaker_strand, read_ends)
}


def reasons_against(evidence: CallEvidence, texts: Mapping[str, str]) -> tuple[Flag, ...]:
    """The reasons against a call, each with its sentence; none: it is called.

    Args:
        evidence: of one change.
        texts: ``rules/calling.toml`` ``[reasons]``.

    Raises:
        ResourceError: the sentences are not those of the reasons.
    """
    if texts.keys() != REASONS.keys():
        wrong = ", ".join(sorted(texts.keys() ^ REASONS.keys()))
        raise ResourceError(
            f"rules/calling.toml: reasons.{wrong}: unknown or missing; known are {', '.join(REASONS)}"
        )
    found = []
    for name, reason in REASONS.items():
        figures = reason(evidence)
        if figures is not None:
            found.append(
                Flag(
                    id=f"{AGAINST_CALL}{name}",
                    text=texts[name].format(**figures),
                    source=evidence.model.source,
                )
            )
    return tuple(found)


def reason_names(flags: tuple[Flag, ...]) -> tuple[str, ...]:
    """Names of the reasons among a candidate's remarks.

    Raises:
        KeyError: one of them is no reason.
    """
    names = tuple(f.id.removeprefix(AGAINST_CALL) for f in flags if f.against_call)
    for name in names:
        REASONS[name]
    return names
