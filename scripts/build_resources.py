#!/usr/bin/env python3
"""Rebuild resources/ from raw sources: ``python scripts/build_resources.py --source DIR [NAME...]``.

Each builder in ``scripts/resource_builders/`` turns raw files into our own sorted tables; the
manifest is written last, with a checksum of every file.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from resource_builders import BUILDERS, write_manifest


def main() -> int:
    """Run the named builders (all by default) and write the manifest."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--source", type=Path, required=True, help="folder with the raw files")
    parser.add_argument("--output", type=Path, default=Path(__file__).parents[1] / "resources")
    parser.add_argument("names", nargs="*", help=f"builders to run: {', '.join(BUILDERS)}")
    args = parser.parse_args()
    unknown = set(args.names) - set(BUILDERS)
    if unknown:
        parser.error(f"unknown builder {sorted(unknown)}; choose from {', '.join(BUILDERS)}")
    for name in args.names or BUILDERS:
        for path in BUILDERS[name](args.source, args.output):
            print(f"wrote {path.relative_to(args.output)}")
    write_manifest(args.output)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
