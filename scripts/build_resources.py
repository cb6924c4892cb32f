#!/usr/bin/env python3
"""Rebuild resources/ from raw sources: ``python scripts/build_resources.py --source DIR [NAME...]``.

Each builder in ``scripts/resource_builders/`` turns raw files into our own sorted tables; the
manifest is written last, with a checksum of every file, and the reference pages of docs/ after it. Without ``--source`` only the manifest is
written: enough after an edit by hand of a rule, text or statement.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from resource_builders import BUILDERS, write_manifest

RESOURCES = Path(__file__).resolve().parents[1] / "resources"


def main() -> int:
    """Run the named builders (all by default) and write the manifest."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--source", type=Path, help="folder with the raw files; without it, the manifest alone"
    )
    parser.add_argument("--output", type=Path, default=RESOURCES)
    parser.add_argument("names", nargs="*", help=f"builders to run: {', '.join(BUILDERS)}")
    args = parser.parse_args()
    unknown = set(args.names) - set(BUILDERS)
    if unknown:
        parser.error(f"unknown builder {sorted(unknown)}; choose from {', '.join(BUILDERS)}")
    if args.source is None and args.names:
        parser.error("builders need --source")
    for name in args.names or (BUILDERS if args.source else ()):
        for path in BUILDERS[name](args.source, args.output):
            print(f"wrote {path.relative_to(args.output)}")
    write_manifest(args.output)
    if args.output == RESOURCES:  # the reference pages are made of what is there now
        return subprocess.run([sys.executable, str(Path(__file__).with_name("build_docs.py"))]).returncode
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
