"""The missions that come with the package, by name."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from cosmodrome.errors import UnknownNameError, did_you_mean

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

__all__ = ["mission_path", "mission_text", "shipped_missions"]


def _shelf() -> Traversable:
    """`missions` inside an installed package; beside `src` in a checkout."""
    package = resources.files("cosmodrome")
    inside = package.joinpath("missions")
    if inside.is_dir() or not isinstance(package, Path):
        return inside
    return package.parents[1] / "missions"


def shipped_missions() -> dict[str, Traversable]:
    """Name -> file of every shipped mission, in order of name."""
    shelf = _shelf()
    if not shelf.is_dir():
        return {}
    found = {f.name.removesuffix(".yaml"): f for f in shelf.iterdir() if f.name.endswith(".yaml")}
    return dict(sorted(found.items()))


def mission_text(name: str) -> str:
    """The text of a shipped mission. UnknownNameError when there is none of that name."""
    shelf = shipped_missions()
    if name not in shelf:
        raise UnknownNameError(
            f"no shipped mission is called {name!r}. {did_you_mean(name, shelf)}"
        )
    return shelf[name].read_text(encoding="utf-8")


def mission_path(asked: str) -> Path:
    """The file that MISSION means: a path, or the name of a shipped mission.

    A file of that name wins; a word that is neither is left to the reader of missions to refuse,
    unless it looks like a name rather than a path.
    """
    path = Path(asked)
    if path.exists() or path.suffix or path.name != asked:
        return path
    shelf = shipped_missions()
    if asked not in shelf:
        raise UnknownNameError(
            f"{asked!r} is no file here and no shipped mission. {did_you_mean(asked, shelf)}"
        )
    return Path(str(shelf[asked]))
