"""This package, with its defaults; COSMODROME_SIMD in the worker's environment forces a level."""

from __future__ import annotations

import importlib.metadata
import math
import time
from typing import TYPE_CHECKING, Any

import numpy as np

from cosmodrome.dynamics import Drag, Dynamics, Gravity, PointMass, Radiation, Visibility
from cosmodrome.dynamics.events import Wanted
from cosmodrome.dynamics.propagate import set_up
from cosmodrome.mission.nouns import SpaceWeather
from cosmodrome.solvers import core
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.frame import gcrf
from cosmodrome.world.state import State
from cosmodrome.world.trajectory import Trajectory
from cosmodrome.world.world import World

if TYPE_CHECKING:
    from pathlib import Path

    from bench.propagation.cases import Case


def available() -> str:
    return f"{importlib.metadata.version('cosmodrome')} {core.simd_level()}"


def notes(case: Case) -> list[str]:
    return []


def settings(case: Case) -> list[dict[str, Any]]:
    own = core.Settings().tolerance_m_s
    rungs = [
        {"method": f"{nodes} nodes", "tolerance_m_s": k * own}
        for nodes in (24, 32)
        for k in (1e4, 1e3, 1e2, 30, 10, 1)
    ]
    return [*rungs, {"method": "40 nodes", "tolerance_m_s": 1e-9}]


class Flight:
    def __init__(self, case: Case, setting: dict[str, Any]) -> None:
        world = World.shipped()
        self.epoch = Epoch.from_utc(case.epoch_utc + "Z")
        self.frame = gcrf(case.centre)
        state = State(self.epoch, self.frame, case.r_m, case.v_m_s, case.mass_kg)
        light, air = case.light, case.air
        parts = [Gravity(case.centre, case.degree), *(PointMass(b) for b in case.bodies)]
        if light:
            parts.append(Radiation(light.area_m2, light.reflectivity))
        if air:
            weather = SpaceWeather(air.f107, air.f107, air.ap)
            parts.append(Drag(air.area_m2, air.coefficient, space_weather=weather))
        forces = Dynamics(tuple(parts), case.centre)
        before = time.process_time()
        self.model = set_up(state, forces, case.span_s, world).model
        self.tables_s = time.process_time() - before
        nodes = int(str(setting.get("method", "32")).split()[0])
        tolerance = setting.get("tolerance_m_s", core.Settings().tolerance_m_s)
        self.settings = core.Settings(nodes, tolerance)
        self.span = case.span_s
        self.y0 = np.array([*case.r_m, *case.v_m_s, case.mass_kg])

    def _path(self, y0: np.ndarray) -> core.CorePath:
        return core.propagate(self.model, y0, 0.0, self.span, core.Search(), self.settings)

    def fly(self) -> None:
        self._path(self.y0)

    def states(self, t_s: np.ndarray) -> np.ndarray:
        return self._at(self._path(self.y0), t_s)

    def _at(self, path: core.CorePath, t_s: np.ndarray) -> np.ndarray:
        flown = Trajectory(self.epoch, self.frame, path.breaks_s, path.coefficients)
        return flown.columns_at(t_s)[:, :6]

    def ensemble(self, starts: np.ndarray, every_s: float) -> None:
        t = every_s * np.arange(1, round(self.span / every_s) + 1)
        y0 = np.column_stack([starts, np.full(len(starts), self.y0[6])])
        core.ensemble(
            self.model, y0, 0.0, self.span, core.Search(), self.settings, times_s=t, threads=1
        )


def prepare(case: Case, setting: dict[str, Any], folder: Path) -> Flight:
    return Flight(case, setting)


def events(case: Case, folder: Path, ask: dict[str, Any]) -> dict[str, Any]:
    """Events of a case: CPU seconds of the flight with and without them, and the rows."""
    flight = Flight(case, {})
    stations = [
        Visibility(name, *np.radians(place[:2]), place[2], math.radians(ask["mask_deg"]))
        for name, place in ask["stations"].items()
    ]
    wanted = Wanted(("nodes", "apsides", "eclipses", *stations), case.centre)
    search = wanted.search()
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
        "rows": [
            [kind, t, stations[k].name if kind in ("rise", "set") else ""]
            for kind, t, k in path.events
        ],
    }
