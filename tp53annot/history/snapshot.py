"""A history as it stood when a run began: in how many samples a change was seen, and each patient's own.

What a report says of it depends on the history at that moment alone: neither the run's own samples count, nor the
patient's, so that the same run on the same history says the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from msgspec import Struct, field
from msgspec.structs import replace

from tp53annot.history.database import HistoryFile, open_history
from tp53annot.history.entry import RecordedSample, storable
from tp53annot.report.model.report import Report
from tp53annot.report.model.sample import History
from tp53annot.report.model.variant import SeenBefore, Variant

Changes = frozenset[str]  # coding names
Identity = tuple[str | None, str]  # patient, sample


class HistorySnapshot(Struct, frozen=True, kw_only=True):
    """What reports of a run are told of a history.

    Attributes:
        samples: earlier samples, the run's own left out.
        seen: by coding name, in how many of them a change was seen.
        of_patient: the changes of each sample of a patient of the run, as far as it counts among ``samples``.
        of_name: the same by name, for samples without a patient, where the run's names are not known beforehand.
        recorded: every recorded sample of the run's patients, in the order of recording.
    """

    samples: int
    seen: Mapping[str, int]
    of_patient: Mapping[str, tuple[Changes, ...]] = field(default_factory=dict)
    of_name: Mapping[str, tuple[Changes, ...]] = field(default_factory=dict)
    recorded: Mapping[str, tuple[RecordedSample, ...]] = field(default_factory=dict)

    def told(self, report: Report) -> Report:
        """The report with the counts: how many earlier samples there are, and how many show each of its changes."""
        own = (
            self.of_patient.get(storable(report.patient), ())
            if report.patient is not None
            else self.of_name.get(storable(report.sample), ())
        )
        of = self.samples - len(own)

        def counted(variants: Iterable[Variant]) -> tuple[Variant, ...]:
            return tuple(
                replace(v, history=SeenBefore(seen_in=self._seen(v.hgvs_c, own), of=of)) for v in variants
            )

        return replace(
            report,
            variants=counted(report.variants),
            rejected=counted(report.rejected),
            history=History(samples=of, patient_samples=()),
        )

    def _seen(self, hgvs_c: str, own: Sequence[Changes]) -> int:
        return self.seen.get(hgvs_c, 0) - sum(hgvs_c in changes for changes in own)


def read_snapshot(
    path: Path, run: Sequence[Identity], patients: Iterable[str], *, names_known: bool
) -> HistorySnapshot:
    """The history as it stands now; a new, empty one where there is none.

    Args:
        path: its file.
        run: patient and name of every sample of the run.
        patients: the run's patients.
        names_known: whether ``run`` is complete; the name of a stream's sample is known when it has been read.

    Raises:
        InputError: the file cannot be used.
    """
    with open_history(path, create=True) as history, history.reading():
        history.check()
        counted = _counted(history, run)
        wanted = sorted({storable(patient) for patient in patients})
        recorded = {p: tuple(history.samples(patient=p)) for p in wanted}
    seen = Counter(name for changes in counted.values() for name in changes)
    of_patient: dict[str, list[Changes]] = {patient: [] for patient in wanted}
    of_name: dict[str, list[Changes]] = {}
    for (patient, sample, _), changes in counted.items():
        if patient in of_patient:
            of_patient[patient].append(changes)
        if not names_known and patient is None:
            of_name.setdefault(sample, []).append(changes)
    return HistorySnapshot(
        samples=len(counted),
        seen=seen,
        of_patient={patient: tuple(found) for patient, found in of_patient.items()},
        of_name={name: tuple(found) for name, found in of_name.items()},
        recorded=recorded,
    )


def _counted(
    history: HistoryFile, run: Sequence[Identity]
) -> dict[tuple[str | None, str, str | None], Changes]:
    """The changes of every sample that counts; what stands there twice, of one patient, name and day, is one.

    Without a patient samples of one name are one, too: nothing tells a file that was called again from a
    namesake's.
    """
    own: dict[str, set[str | None]] = {}
    for patient, sample in run:
        own.setdefault(storable(sample), set()).add(None if patient is None else storable(patient))
    found: dict[tuple[str | None, str, str | None], Changes] = {}
    for patient, sample, date, changes in history.sightings():
        of_run = own.get(sample, set())
        if of_run and (patient is None or None in of_run or patient in of_run):
            continue
        key = (patient, sample, None if patient is None else date)
        found[key] = found.get(key, frozenset()) | changes
    return found
