"""This package, with its defaults; COSMODROME_SIMD in the worker's environment forces a level."""

from __future__ import annotations

import importlib.metadata
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from bench.propagation.peers import Unavailable
from cosmodrome.dynamics import Dynamics
from cosmodrome.dynamics.propagate import set_up
from cosmodrome.mission.nouns import SpaceWeather
from cosmodrome.solvers import core
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.frame import GCRF
from cosmodrome.world.state import State
from cosmodrome.world.trajectory import Trajectory
from cosmodrome.world.world import World

if TYPE_CHECKING:
    from pathlib import Path

    from bench.propagation.cases import Case


def available() -> str:
    return f"{importlib.metadata.version('cosmodrome')} {core.simd_level()}"


def notes(case: Case) -> list[str]:
    if case.centre != "earth":
        raise Unavailable("the core flies round the Earth only, so far")
    return []


def settings(case: Case) -> list[dict[str, Any]]:
    loose = [{"tolerance_m_s": 10.0**k * core.Settings().tolerance_m_s} for k in (2, 1)]
    own = [{"tolerance_m_s": core.Settings().tolerance_m_s}]
    return [*loose, *own, {"nodes": 48, "tolerance_m_s": 1e-9}]


class Flight:
    def __init__(self, case: Case, setting: dict[str, Any]) -> None:
        world = World.shipped()
        self.epoch = Epoch.from_utc(case.epoch_utc + "Z")
        state = State(self.epoch, GCRF, case.r_m, case.v_m_s, case.mass_kg)
        light, air = case.light, case.air
        forces = Dynamics(
            case.degree,
            case.degree,
            case.bodies,
            "nrlmsise00" if air else "none",
            light is not None,
            SpaceWeather(air.f107, air.f107, air.ap) if air else None,
            air.area_m2 if air else 0.0,
            air.coefficient if air else 0.0,
            light.area_m2 if light else 0.0,
            light.reflectivity if light else 0.0,
        )
        before = time.process_time()
        self.model = set_up(state, forces, case.span_s, world).model
        self.tables_s = time.process_time() - before
        self.settings = replace(core.Settings(), **setting)
        self.span = case.span_s
        self.y0 = np.array([*case.r_m, *case.v_m_s, case.mass_kg])

    def _path(self, y0: np.ndarray) -> core.CorePath:
        return core.propagate(self.model, y0, 0.0, self.span, core.Search(), self.settings)

    def fly(self) -> None:
        self._path(self.y0)

    def states(self, t_s: np.ndarray) -> np.ndarray:
        return self._at(self._path(self.y0), t_s)

    def _at(self, path: core.CorePath, t_s: np.ndarray) -> np.ndarray:
        flown = Trajectory(self.epoch, GCRF, path.breaks_s, path.coefficients)
        return flown.columns_at(t_s)[:, :6]

    def ensemble(self, starts: np.ndarray, every_s: float) -> None:
        t = every_s * np.arange(1, round(self.span / every_s) + 1)
        for y in starts:
            self._at(self._path(np.append(y, self.y0[6])), t)


def prepare(case: Case, setting: dict[str, Any], folder: Path) -> Flight:
    return Flight(case, setting)


def events(case: Case, folder: Path, ask: dict[str, Any]) -> dict[str, Any]:
    """Events of a case: CPU seconds of the flight with and without them, and the rows."""
    flight = Flight(case, {})
    search = core.Search(nodes=True, apsides=True, umbra=True, penumbra=True)
    plain, with_events = [], []
    for _ in range(ask["runs"]):
        a = time.process_time()
        flight.fly()
        b = time.process_time()
        path = core.propagate(flight.model, flight.y0, 0.0, flight.span, search, flight.settings)
        c = time.process_time()
        plain.append(b - a)
        with_events.append(c - b)
    return {
        "plain_s": plain,
        "events_s": with_events,
        "tables_s": flight.tables_s,
        "rows": [[kind, t, ""] for kind, t, _ in path.events],
        "lacks": ["rise", "set"],
    }
