"""What came out of a run: finished samples and failures."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct, field

from tp53annot.cohort.row import ReportRow
from tp53annot.cohort.summary import closing_lines
from tp53annot.errors import StorageError

if TYPE_CHECKING:
    from tp53annot.history.entry import RecordedSample


class Seen(Struct, frozen=True, kw_only=True):
    """A change of a sample with its VAF (0..1); ``name`` is the short one (R175H)."""

    hgvs_c: str
    name: str
    vaf: float


class Outcome(Struct, frozen=True, kw_only=True):
    """One finished sample.

    ``report``: its JSON, kept where the patient has further samples to compare. ``inputs``: path and
    SHA-256 of its VCF and reads (empty for a stream). ``stale``: a resumed report that says something else of the
    history than it does now. ``entry``: what a history keeps of it, where one is kept.
    """

    sample: str
    status: str
    folder: str
    html: str | None
    row: ReportRow
    resumed: bool = False
    patient: str | None = None
    report: bytes | None = None
    changes: tuple[Seen, ...] = ()
    inputs: tuple[tuple[Path, str], ...] = ()
    stale: bool = False
    entry: RecordedSample | None = None


class JobResult(Struct, frozen=True, kw_only=True):
    """What one job gave: finished samples, or the one line that says why not."""

    outcomes: tuple[Outcome, ...] = ()
    failure: str | None = None
    ended_by: StorageError | None = None


class RunResult(Struct, frozen=True, kw_only=True):
    """A whole run."""

    outcomes: tuple[Outcome, ...]
    failures: tuple[str, ...]
    left: tuple[tuple[str, str], ...] = field(default=())

    def summary(self, page: Path) -> tuple[str, ...]:
        """What is said at the end: samples by status, how many were kept and how many failed, and the page."""
        kept = sum(outcome.resumed for outcome in self.outcomes)
        more = (f"{kept} kept from before",) if kept else ()
        statuses = [outcome.status for outcome in self.outcomes]
        return closing_lines("sample", statuses, len(self.failures), page, more)
