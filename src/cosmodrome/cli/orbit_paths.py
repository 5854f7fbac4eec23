"""The path in orbit that a command line names: of a run, a message, a mission; cut or flown on."""

from __future__ import annotations

import math
from itertools import pairwise, takewhile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.errors import InputError
from cosmodrome.world.trajectory import STATE_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cosmodrome.cli.voice import Voice
    from cosmodrome.mission.nouns import AnyMission
    from cosmodrome.world.trajectory import Trajectory
    from cosmodrome.world.world import World

__all__ = ["days_of", "flown", "spanned"]

_DAY = 86_400.0
# an ephemeris tells no mass, and nothing here depends on it
_ANY_MASS_KG = 1.0


def _joined(paths: Sequence[Trajectory], where: str) -> Trajectory:
    """Paths that follow each other as one, counted from the first one's epoch."""
    from cosmodrome.world.trajectory import Trajectory

    for a, b in pairwise(paths):
        if a.end != b.start or a.frame != b.frame:
            raise InputError(
                f"{where}: one part ends at {a.end}, the next begins at {b.start}; give a path"
                " without a gap, in one frame"
            )
    return Trajectory.joined(paths)


def _from_oem(file: Path, world: World) -> Trajectory:
    from cosmodrome.coverage import tabulated
    from cosmodrome.formats import oem, oem_path

    return _joined(
        [
            tabulated(s.states(_ANY_MASS_KG), world)
            if s.center == "EARTH"
            else oem_path.trajectory(s, world.orientation, _ANY_MASS_KG)
            for s in oem.read(file).segments
        ],
        str(file),
    )


def flown(name: str, world: World, voice: Voice) -> tuple[Trajectory, AnyMission | None]:
    """The path in orbit of what the command line names, and the mission where there is one."""
    from cosmodrome.mission import load

    path = Path(name)
    if path.is_dir() or path.name == "flight.json":
        run = path if path.is_dir() else path.parent
        file = run / "orbit.oem"
        if not file.is_file():
            raise InputError(
                f"{run} holds no orbit.oem: give the directory of a run whose mission goes on after"
                " release (`plan: [{coast: {for: 1 day}}]`)"
            )
        mission = run / "mission.yaml"
        return _from_oem(file, world), load(mission) if mission.is_file() else None
    if path.is_file() and path.suffix.lower() in (".oem", ".txt"):
        return _from_oem(path, world), None
    from cosmodrome.flight import fly

    intent = load(name)
    voice.note("flying the mission first; give a run directory to leave that out")
    flight = fly(intent)
    craft = intent.spacecraft.id
    legs = [leg for leg in flight.legs if leg.object == craft and leg.path.frame.axes == "gcrf"]
    if not legs:
        raise InputError(
            f"{intent.name} ends at release: its mission has no `plan`, so no orbit was flown; add"
            " `plan: [{coast: {for: 1 day}}]`"
        )
    # a path has one centre: the one it ends about
    frame = legs[-1].path.frame
    last = list(takewhile(lambda leg: leg.path.frame == frame, reversed(legs)))[::-1]
    if len(last) < len(legs):
        voice.note(f"only what is flown about the {frame.centre} at the end is looked at")
    return _joined([leg.path for leg in last], intent.name), intent


def days_of(text: str | None) -> float | None:
    """The number of --days. InputError."""
    if text is None:
        return None
    try:
        days = float(text)
    except ValueError:
        days = math.nan
    if not (math.isfinite(days) and days > 0.0):
        raise InputError(f"--days {text!r}: write a number of days above zero, like 30")
    return days


def spanned(path: Trajectory, days: float | None, world: World, voice: Voice) -> Trajectory:
    """The first days of a path; flown on from its end where it is shorter."""
    from cosmodrome.dynamics.dynamics import Dynamics
    from cosmodrome.dynamics.presets import preset
    from cosmodrome.dynamics.propagate import propagate
    from cosmodrome.world.trajectory import Trajectory

    if days is None:
        return path
    wanted = days * _DAY
    have = float(path.breaks_s[-1] - path.breaks_s[0])
    if wanted > have + 1e-3:
        if path.frame.centre == "moon":
            forces, told = preset("lunar"), "degree 100, the Earth and the Sun, without light"
        else:
            forces, told = Dynamics.earth(70), "degree 70, the Sun and the Moon, without drag"
        voice.note(
            f"the path ends after {have / _DAY:.3f} days; flown on from {path.end} under gravity of"
            f" {told}"
        )
        on = propagate(path.at(path.end), forces, wanted - have, world=world)
        return _joined([path, on.trajectory], "the path flown on")
    if wanted >= have:
        return path
    end = float(path.breaks_s[0]) + wanted
    last = int(np.searchsorted(path.breaks_s, end, side="left"))
    breaks = np.append(path.breaks_s[:last], end)
    if breaks.size < 2:
        breaks = np.array([path.breaks_s[0], end])

    def columns(t: NDArray[np.float64], _: int) -> NDArray[np.float64]:
        return path.columns_at(t)[:, : len(STATE_COLUMNS)]

    nodes = path.coefficients.shape[1]
    cut = Trajectory.fit(path.epoch, path.frame, breaks[-2:], columns, nodes)
    if breaks.size == 2:
        return cut
    whole = path.coefficients[: breaks.size - 2, :, : len(STATE_COLUMNS)]
    return Trajectory.joined([Trajectory(path.epoch, path.frame, breaks[:-1], whole), cut])
