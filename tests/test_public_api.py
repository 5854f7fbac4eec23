"""What people may rely on from Python: the names, and that each is there and says what it is."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from importlib import metadata
from pathlib import Path

import pytest

import cosmodrome

# Adding a name here is a promise; taking one away needs a decision record and a changelog entry.
PROMISED = ["Epoch", "Flight", "Mission", "__version__", "fly", "load"]


def test_the_promised_names() -> None:
    assert sorted(cosmodrome.__all__) == PROMISED
    assert dir(cosmodrome) == PROMISED
    for name in PROMISED:
        assert getattr(cosmodrome, name) is not None


def test_a_name_that_is_not_there() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'launch'"):
        cosmodrome.launch  # noqa: B018


def modules() -> list[str]:
    return sorted(
        m.name
        for m in pkgutil.walk_packages(cosmodrome.__path__, "cosmodrome.")
        if not m.name.rsplit(".", 1)[-1].startswith("_")
    )


@pytest.mark.parametrize("name", modules())
def test_every_exported_name_exists_and_is_described(name: str) -> None:
    module = importlib.import_module(name)
    assert (module.__doc__ or "").strip(), f"{name} does not say what it is"
    for public in getattr(module, "__all__", ()):
        thing = getattr(module, public)
        if inspect.isclass(thing) or inspect.isfunction(thing):
            text = inspect.getdoc(thing) or ""
            assert text, f"{name}.{public} does not say what it is"


def test_the_package_is_typed() -> None:
    assert Path(cosmodrome.__file__).with_name("py.typed").is_file()


def test_one_version_everywhere() -> None:
    root = Path(__file__).resolve().parents[1]
    found = re.search(r'^version = "(.+)"$', (root / "pyproject.toml").read_text(), re.MULTILINE)
    assert found is not None
    assert cosmodrome.__version__ == found.group(1)
    assert f"## [{found.group(1)}]" in (root / "CHANGELOG.md").read_text()
    try:
        assert metadata.version("cosmodrome") == found.group(1)
    except metadata.PackageNotFoundError:
        pytest.skip("cosmodrome itself is not installed, only on the path")
