#!/usr/bin/env python3
"""The bill of materials (CycloneDX JSON): build_sbom.py CYCLONEDX_PY PYTHON OUTPUT.

Locked dependencies with their hashes, as cyclonedx-py reads them out of requirements.lock; their licences and what
needs what, as it reads them out of PYTHON's environment; tp53annot itself as the root; and every bundled table, rule
and text with version, checksum and licence. Says on stderr which dependencies state no licence there.
"""

from __future__ import annotations

import configparser
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SPECIFICATION = "1.6"
Bom = dict[str, Any]


def made_by(program: str, *arguments: str) -> Bom:
    """What cyclonedx-py answers."""
    options = ["--output-reproducible", "--spec-version", SPECIFICATION, "--output-format", "JSON", "-o", "-"]
    done = subprocess.run([program, *arguments, *options], capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout))


def stated(python: str) -> dict[str, str]:
    """What installed packages state as their licence in words, which cyclonedx-py passes over."""
    ask = "import importlib.metadata as m, json; print(json.dumps({d.name: d.metadata.get('License') for d in m.distributions()}))"
    done = subprocess.run([python, "-c", ask], capture_output=True, text=True, check=True)
    return {
        plain(name): words for name, words in json.loads(done.stdout).items() if words and "\n" not in words
    }


def plain(name: str) -> str:
    """A package's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def root_component(setup: configparser.ConfigParser, version: str) -> Bom:
    """tp53annot itself."""
    stated = setup["metadata"]
    return {
        "type": "application",
        "bom-ref": "tp53annot",
        "name": stated["name"],
        "version": version,
        "description": stated["description"],
        "authors": [{"name": stated["author"]}],
        "licenses": [{"license": {"id": stated["license"]}}],
        "purl": f"pkg:pypi/tp53annot@{version}",
    }


def tables() -> Iterator[Bom]:
    """Every bundled file as a component."""
    manifest: Mapping[str, Mapping[str, str]] = tomllib.loads(
        (ROOT / "resources" / "MANIFEST.toml").read_text()
    )
    for name, entry in sorted(manifest.items()):
        yield {
            "type": "data",
            "bom-ref": f"resources/{name}",
            "name": name,
            "version": entry["version"],
            "description": entry["title"],
            "hashes": [{"alg": "SHA-256", "content": entry["sha256"]}],
            "licenses": [{"license": {"name": entry["licence"]}}],
            "properties": [
                {"name": f"tp53annot:{key}", "value": entry[key]}
                for key in ("source", "citation", "terms")
                if key in entry
            ],
        }


def bill(
    locked: Bom, installed: Bom, words: Mapping[str, str], root: Bom, direct: set[str]
) -> tuple[Bom, list[str]]:
    """The whole bill, and the dependencies without a licence."""
    here = {plain(c["name"]): c for c in installed["components"]}
    names = {c["bom-ref"]: plain(c["name"]) for c in installed["components"]}
    needs = {
        names[d["ref"]]: [names[r] for r in d.get("dependsOn", ()) if r in names]
        for d in installed["dependencies"]
        if d["ref"] in names
    }
    packages = []
    for component in locked["components"]:
        name = plain(component["name"])
        licences = here.get(name, {}).get("licenses")
        if not licences and name in words:
            licences = [{"license": {"name": words[name]}}]
        packages.append(component | ({"licenses": licences} if licences else {}))
    refs = {plain(c["name"]): c["bom-ref"] for c in packages}
    data = list(tables())
    graph = [
        {"ref": root["bom-ref"], "dependsOn": sorted(refs[n] for n in direct) + [t["bom-ref"] for t in data]}
    ]
    graph += [
        {"ref": ref, "dependsOn": sorted(refs[n] for n in needs.get(name, ()) if n in refs)}
        for name, ref in sorted(refs.items())
    ]
    metadata = locked["metadata"] | {"component": root}
    whole = locked | {"metadata": metadata, "components": [*packages, *data], "dependencies": graph}
    return whole, [c["name"] for c in packages if "licenses" not in c]


def main() -> int:
    """Write the bill."""
    program, python, output = sys.argv[1:]
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg")
    version = re.findall(r'"(.+)"', (ROOT / "tp53annot" / "core" / "version.py").read_text())[-1]
    direct = {
        plain(line.split()[0]) for line in setup["options"]["install_requires"].splitlines() if line.strip()
    }
    locked = made_by(program, "requirements", str(ROOT / "requirements.lock"))
    installed = made_by(program, "environment", python)
    whole, without = bill(locked, installed, stated(python), root_component(setup, version), direct)
    Path(output).write_text(json.dumps(whole, indent=2, sort_keys=True) + "\n")
    if without:
        print(f"no licence stated for {', '.join(without)}: not installed beside {python}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
