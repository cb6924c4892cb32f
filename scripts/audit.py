#!/usr/bin/env python3
"""Ask the vulnerability service about every locked dependency: audit.py PIP_AUDIT [--strict].

Exits 1 when a vulnerability is known. When the service cannot be asked, says NOT AUDITED and why, and
exits 0 (with --strict: 3), so that an audit that was not made never looks like one that found nothing.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

LOCK = Path(__file__).resolve().parents[1] / "requirements.lock"
NOT_AUDITED = 3


def ask(program: str) -> tuple[list[dict[str, object]], str]:
    """pip-audit's answer for each dependency, or no answer and the last line of its error."""
    command = [program, "-r", str(LOCK), "--require-hashes", "--disable-pip", "--timeout", "10"]
    done = subprocess.run(
        [*command, "--format", "json", "--progress-spinner", "off"],
        capture_output=True,
        text=True,
        check=False,
    )
    try:
        return json.loads(done.stdout)["dependencies"], ""
    except (ValueError, KeyError):
        return [], (done.stderr.strip().splitlines() or ["pip-audit gave no answer"])[-1]


def verdict(found: list[dict[str, object]], problem: str) -> tuple[str, int]:
    """The line to print and the exit code of a strict audit."""
    bad = [f"{e['name']} {e['version']}: {v['id']}" for e in found for v in e.get("vulns", ())]  # type: ignore[attr-defined]
    if bad:
        return "audit: known vulnerabilities: " + "; ".join(bad), 1
    skipped = [entry for entry in found if "skip_reason" in entry]
    if problem or not found or skipped:
        reason = problem or (str(skipped[0]["skip_reason"]) if skipped else "no dependency was named")
        return f"audit: NOT AUDITED: {len(skipped)} of {len(found)} without an answer ({reason})", NOT_AUDITED
    return f"audit: {len(found)} locked packages, no known vulnerability", 0


def main() -> int:
    """Print one line."""
    line, code = verdict(*ask(sys.argv[1]))
    print(line)
    return code if code != NOT_AUDITED or "--strict" in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())
