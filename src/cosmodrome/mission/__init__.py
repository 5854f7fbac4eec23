"""The intent: a YAML mission file becomes a frozen SI Mission with every name resolved.

Importing this room loads the nouns alone; pydantic and pint come with the first file read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cosmodrome.errors import InputError
from cosmodrome.mission.nouns import *  # noqa: F403
from cosmodrome.mission.nouns import Mission
from cosmodrome.mission.nouns import __all__ as _nouns
from cosmodrome.mission.steps import Phase, Release, Rise, Stay

if TYPE_CHECKING:
    from pathlib import Path

    from cosmodrome.errors import Fault
    from cosmodrome.mission.nouns import AnyMission, Start
    from cosmodrome.mission.orbit_text import OrbitAsked

__all__ = [
    *_nouns,
    "Phase",
    "Release",
    "Rise",
    "Stay",
    "json_schema",
    "load",
    "loads",
    "message_start",
    "on_a_pad",
    "read_orbit",
    "scaffold",
    "shipped_missions",
    "shipped_path",
    "validate",
]


def load(path: str | Path) -> AnyMission:
    """The mission of a YAML file, or of a shipped mission by its name.

    Raises MissionFileError with every fault found in it and in the files it names.
    """
    from cosmodrome.mission.reader import load as run

    return run(path)


def loads(text: str, name: str = "mission.yaml", folder: Path | None = None) -> AnyMission:
    """Like `load`, from text; `folder` is where relative paths in it begin."""
    from cosmodrome.mission.reader import loads as run

    return run(text, name, folder)


def on_a_pad(mission: AnyMission, asked: str) -> Mission:
    """The mission itself, which begins on a pad. Raises InputError for one that does not.

    asked  what needs a pad, in words
    """
    if not isinstance(mission, Mission):
        raise InputError(
            f"{asked} needs a launch, and {mission.name!r} begins in orbit; write site, vehicle and"
            " launch instead of start"
        )
    return mission


def validate(path: str | Path) -> list[Fault]:
    """Every fault of a mission file and of the files it names; empty when it is sound."""
    from cosmodrome.mission.reader import validate as run

    return run(path)


def scaffold(name: str = "vostochny-sso") -> str:
    """The text of a shipped mission, to start a new one from. Raises UnknownNameError."""
    from cosmodrome.mission.reader import scaffold as run

    return run(name)


def shipped_missions() -> tuple[str, ...]:
    """Names of the shipped missions."""
    from cosmodrome.mission.reader import shipped_missions as run

    return run()


def shipped_path(name: str) -> Path:
    """The file of a shipped mission. Raises UnknownNameError."""
    from cosmodrome.mission.reader import shipped_path as run

    return run(name)


def read_orbit(text: str) -> OrbitAsked:
    """The target that an orbit's text means, like "200x240 km 51.6 deg". Raises InputError."""
    from cosmodrome.mission.orbit_text import read_orbit as run

    return run(text)


def message_start(path: Path) -> Start | None:
    """The start that a TLE, OMM, OEM or OPM alone says; None for a name that ends otherwise."""
    from cosmodrome.mission.start_file import message_start as run

    return run(path)


def json_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of a mission file."""
    from cosmodrome.mission.published import json_schema as run

    return run()
