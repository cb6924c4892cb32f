"""Which recorded samples of a patient stand beside those of a run, and under which names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import cast

from msgspec import Struct, field

from tp53annot.core.fields import Json
from tp53annot.history.entry import (
    RecordedSample,
    classes_of,
    comparison_document,
    earlier_sample,
    storable,
)
from tp53annot.knowledge.vocabulary import sampled_on
from tp53annot.report.model.report import Report
from tp53annot.report.model.sample import EarlierSample


class EarlierSamples(Struct, frozen=True, kw_only=True):
    """A patient's recorded samples beside the reports of a run.

    Attributes:
        documents: as a comparison reads them, in the order of recording.
        listed: as the reports list them, in the same order.
        remarks: recorded samples that cannot be told from another one, and so are not compared.
        numbers: their places in the order of recording.
        places: the same of the run's samples that are recorded already, by name.
    """

    documents: tuple[Mapping[str, object], ...] = ()
    listed: tuple[EarlierSample, ...] = ()
    remarks: tuple[str, ...] = ()
    places: Mapping[str, int] = field(default_factory=dict)
    numbers: tuple[int, ...] = ()


def recorded_beside(
    recorded: Sequence[RecordedSample], reports: Sequence[Report], remark: str
) -> EarlierSamples:
    """The recorded samples that are others than those of the run's reports.

    A recorded sample of the same name is another one only where both days are declared and differ. Of several that
    nothing tells apart the last one recorded stands for all.

    Args:
        recorded: of one patient, in the order of recording.
        reports: the run's of this patient.
        remark: sentence on recorded samples left out, with ``sample`` and ``number``.
    """
    dates = {storable(r.sample): _date(r) for r in reports}
    files = {
        storable(r.sample): r.provenance.inputs[0].sha256 if r.provenance.inputs else "" for r in reports
    }
    taken: dict[tuple[str, str | None], RecordedSample] = {}
    unclear: list[RecordedSample] = []
    places: dict[str, int] = {}
    for sample in recorded:
        if sample.sample in dates and not _differ(sample.date, dates[sample.sample]):
            places.setdefault(sample.sample, _number(sample))
            if sample.file != files[sample.sample]:
                unclear.append(sample)
            continue
        key = (sample.sample, sample.date)
        if key in taken:
            unclear.append(taken.pop(key))
        taken[key] = sample
    dated = {name for name, date in taken if date is not None}
    for name in dated & {name for name, date in taken if date is None}:
        unclear.append(taken.pop((name, None)))
    kept = sorted(taken.values(), key=_number)
    names = _names(kept, dates)
    classes = classes_of(reports)
    return EarlierSamples(
        documents=tuple(comparison_document(s, name, classes) for s, name in zip(kept, names, strict=True)),
        listed=tuple(earlier_sample(s, name) for s, name in zip(kept, names, strict=True)),
        remarks=tuple(remark.format(sample=s.sample, number=s.number) for s in sorted(unclear, key=_number)),
        places=places,
        numbers=tuple(map(_number, kept)),
    )


def _date(report: Report) -> str | None:
    return sampled_on(lambda name: report.context[name].value if name in report.context else None)


def _differ(one: str | None, other: str | None) -> bool:
    return one is not None and other is not None and one != other


def _number(sample: RecordedSample) -> int:
    return sample.number or 0


def _names(samples: Sequence[RecordedSample], run: Iterable[str]) -> list[str]:
    """Each sample's name, with its day behind where another one has the same."""
    all_names = [*(s.sample for s in samples), *run]
    return [f"{s.sample} ({s.date})" if all_names.count(s.sample) > 1 else s.sample for s in samples]


def in_order(documents: Sequence[Mapping[str, Json]], earlier: EarlierSamples) -> list[Mapping[str, Json]]:
    """The run's documents and the recorded ones in the order of recording; new ones last, as the sheet has them."""
    last = 1 + max((*earlier.numbers, *earlier.places.values()), default=0)
    numbered = [
        *zip(earlier.numbers, cast("Sequence[Mapping[str, Json]]", earlier.documents), strict=True),
        *((earlier.places.get(storable(str(d["sample"])), last), d) for d in documents),
    ]
    return [document for _, document in sorted(numbered, key=lambda pair: pair[0])]
