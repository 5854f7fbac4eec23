"""Nothing of an unknown licence gets in: packages at run time, and the data that are shipped."""

from __future__ import annotations

import importlib.metadata as metadata
import json
import re
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import cosmodrome

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = Path(cosmodrome.__file__).parent

# The whole run-time closure. A package that is not here fails the test until someone has read
# its licence; the text is a piece of what its own metadata say.
LICENCES = {
    "annotated-types": "MIT",
    "casadi": "LGPLv3+",  # separate, replaceable shared library: docs/decisions/0001
    "cffi": "MIT",
    "clarabel": "Apache-2.0",
    "flexcache": "BSD",
    "flexparser": "BSD",
    "markdown-it-py": "MIT",
    "mdurl": "MIT",
    "numpy": "BSD-3-Clause",
    "pint": "BSD",
    "platformdirs": "MIT",
    "pyarrow": "Apache-2.0",
    "pycparser": "BSD",
    "pydantic": "MIT",
    "pydantic-core": "MIT",
    "pyerfa": "BSD",
    "pygments": "BSD",
    "pymsis": "MIT",
    "pyyaml": "MIT",
    "rich": "MIT",
    "scipy": "BSD",
    "sgp4": "MIT",
    "typing-extensions": "PSF-2.0",
    "typing-inspection": "MIT",
}
NOT_PERMISSIVE = {"casadi"}


def stated(package: str) -> str:
    """Everything a package's metadata say about its licence."""
    about = metadata.metadata(package)
    classifiers = [c for c in about.get_all("Classifier") or [] if c.startswith("License")]
    return " | ".join([about["License-Expression"] or "", about["License"] or "", *classifiers])


def closure() -> set[str]:
    """Names of every distribution that `pip install cosmodrome` brings."""
    wanted = ["cosmodrome"]
    seen: set[str] = set()
    while wanted:
        name = canonicalize_name(wanted.pop())
        if name in seen:
            continue
        seen.add(name)
        for text in metadata.requires(name) or []:
            requirement = Requirement(text)
            if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
                wanted.append(requirement.name)
    return seen - {"cosmodrome"}


def test_the_run_time_closure_is_known() -> None:
    try:
        found = closure()
    except metadata.PackageNotFoundError:
        pytest.skip("cosmodrome itself is not installed, only on the path")
    # numpy 2 and older or newer releases of others may need fewer packages, never unknown ones
    assert found <= set(LICENCES), f"read the licence of {sorted(found - set(LICENCES))}"


@pytest.mark.parametrize("package", sorted(LICENCES))
def test_a_licence_is_what_it_was(package: str) -> None:
    try:
        said = stated(package)
    except metadata.PackageNotFoundError:
        pytest.skip("not needed by the versions installed here")
    assert LICENCES[package] in said


def test_every_direct_dependency_is_justified() -> None:
    """docs/decisions/0001 has a row for each."""
    import tomllib

    table = tomllib.loads((ROOT / "pyproject.toml").read_text())
    record = (ROOT / "docs" / "decisions" / "0001-dependencies.md").read_text()
    rows = set(re.findall(r"^\| ([\w-]+) \|", record, flags=re.MULTILINE)) - {"package"}
    direct = {Requirement(d).name for d in table["project"]["dependencies"]}
    assert rows == direct
    # the record names what is not permissive
    for package in NOT_PERMISSIVE:
        assert re.search(rf"^\| {package} \| .*GPL", record, flags=re.MULTILINE)
    assert all("GPL" not in LICENCES[p] for p in set(LICENCES) - NOT_PERMISSIVE)


def test_the_licence_is_the_licence() -> None:
    text = (ROOT / "LICENSE").read_text()
    assert "Apache License\n" in text
    assert "Version 2.0, January 2004" in text
    assert len(text.split()) == 1581  # the standard text, all of it


def manifests() -> list[tuple[str, dict[str, dict[str, object]]]]:
    """Every manifest.json of a data directory inside the package."""
    return [
        (str(path.relative_to(PACKAGE)), json.loads(path.read_text())["files"])
        for path in sorted(PACKAGE.rglob("data/manifest.json"))
    ]


def test_shipped_data_state_source_span_and_licence() -> None:
    found = manifests()
    assert found
    for where, files in found:
        for name, entry in files.items():
            for key in ("file", "sha256", "source", "licence"):
                assert entry.get(key), f"{where}: {name} has no {key}"


def test_every_binary_data_file_is_in_a_manifest() -> None:
    for folder in {p.parent for p in PACKAGE.rglob("data/manifest.json")}:
        files = json.loads((folder / "manifest.json").read_text())["files"]
        held = {p.name for p in folder.iterdir() if p.is_file()} - {"manifest.json", "__init__.py"}
        assert held == {entry["file"] for entry in files.values()}


def test_shipped_data_are_within_their_budget() -> None:
    size = sum(p.stat().st_size for p in PACKAGE.rglob("data/**/*") if p.is_file())
    assert size <= 25 * 2**20
