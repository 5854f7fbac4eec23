"""Print the versions installed here of everything a developer needs, one `name==version` a line.

python tools/ci/lock.py > requirements/dev.lock
"""

from __future__ import annotations

import importlib.metadata as metadata
import sys
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]


def closure(wanted: list[Requirement]) -> dict[str, str]:
    """Name -> version of these requirements and all they need on this machine."""
    found: dict[str, str] = {}
    done: set[tuple[str, frozenset[str]]] = set()
    while wanted:
        requirement = wanted.pop()
        name, extras = canonicalize_name(requirement.name), frozenset(requirement.extras)
        if (name, extras) in done:
            continue
        done.add((name, extras))
        found[name] = metadata.version(name)
        for text in metadata.requires(name) or []:
            inner = Requirement(text)
            asked = [{"extra": e} for e in extras] or [{"extra": ""}]
            if inner.marker is None or any(inner.marker.evaluate(e) for e in asked):
                wanted.append(inner)
    return found


def main() -> int:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    texts = project["dependencies"] + project["optional-dependencies"]["test"]
    version = ".".join(map(str, sys.version_info[:2]))
    print(f"# what CPython {version} was tested with; made by tools/ci/lock.py")
    for name, pinned in sorted(closure([Requirement(t) for t in texts]).items()):
        print(f"{name}=={pinned}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
