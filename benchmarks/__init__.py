"""Benchmarks: whole processes side by side with peers, as ratios of one run."""

import sys
from pathlib import Path

# Every change of the coding region, judges and the browser are those of the tests.
_TESTS = Path(__file__).resolve().parents[1] / "tests"
sys.path[:0] = [str(_TESTS / folder) for folder in ("fixtures", "peers", "")]
