"""Faulted orbits a second a core: one burn with its faults, then a day, 20x20.

python -m bench.faults.orbits [--fineness 6] [--basilisk PYTHON]

Beside ours, in the same run and over the same field: a loop of the usual kind, one spacecraft at a
time with a fixed-step Runge-Kutta method stepped from Python (`loop`); and Basilisk itself, where
an environment that holds it is given. CPU seconds of one process; the loop and Basilisk at 10 s a
step.
"""

from __future__ import annotations

import argparse
import json
import math
import subprocess
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from cosmodrome import fly
from cosmodrome.campaign.verify.orbits.faults import orbit_faults
from cosmodrome.campaign.verify.orbits.flown import fly_orbits
from cosmodrome.dynamics import Dynamics, Gravity, Thrust, propagate
from cosmodrome.dynamics.legs import set_up
from cosmodrome.mission import loads
from cosmodrome.world.world import World

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.record import Flight
    from cosmodrome.world.state import State

    Array = NDArray[np.float64]

TEXT = """\
schema: cosmodrome/1
name: A burn and a day
start:
  elements: {epoch: "2027-03-01T00:00:00Z", frame: tod, altitude: 700 km, inclination: 98 deg,
             raan: 10 deg, true_anomaly: 0 deg}
spacecraft: {id: sat, mass: 1000 kg, drag_area: 4 m^2, engine: {thrust: 200 N, isp: 300 s},
             propellant: 60 kg}
plan:
  - burn: {duration: 120 s, direction: prograde, name: up}
  - coast: {for: 1 day}
physics: {gravity: 20x20, third_bodies: [THIRD], drag: AIR, radiation_pressure: LIGHT}
"""
MODELS = {
    "gravity alone": ("", "none", "false"),
    "with Sun and Moon": ("sun, moon", "none", "false"),
    "with Sun, Moon, air, light": ("sun, moon", "nrlmsise00", "true"),
}
_STEP_S, _BURN_S, _DAY_S, _DEGREE = 10.0, 120.0, 86_400.0, 20


def flight_under(third: str, air: str, light: str, world: World) -> Flight:
    """The flight as planned."""
    text = TEXT.replace("THIRD", third).replace("AIR", air).replace("LIGHT", light)
    return fly(loads(text), world=world)


def ours(flight: Flight, fineness: float, world: World) -> dict[str, Any]:
    """Faults a CPU second; every one flies the whole day."""
    faults = orbit_faults(flight, fineness)
    fly_orbits(flight, faults[:3], world)
    begin = time.process_time()
    ended = fly_orbits(flight, faults, world)
    spent = time.process_time() - begin
    return {
        "faults": len(faults),
        "a_second": len(faults) / spent,
        "flown": sum(e.way == "flown" for e in ended),
    }


class Loop:
    """A simulation of one spacecraft in a fixed step, stepped from Python."""

    def __init__(self, start: State, world: World) -> None:
        forces = Dynamics((Gravity("earth", _DEGREE),))
        self.model = set_up(start, forces, _BURN_S + 2.0 * _DAY_S, world).model

    def rates(self, t: float, y: Array, push: Array) -> Array:
        """Of place and velocity; gravity by the compiled field, one place at a time."""
        pulled = self.model.forces(
            np.array([t]), y[None, :3], y[None, 3:6], np.array([y[6]]), ("field",)
        )
        thrust = float(np.linalg.norm(push))
        return np.concatenate([y[3:6], pulled[0] + push / y[6], [-thrust / (300.0 * 9.80665)]])

    def fly(self, y: Array, push_n: Array, ends: tuple[float, ...]) -> Array:
        """Through a burn and a coast, by the classical Runge-Kutta method."""
        t = 0.0
        for end, push in zip(ends, (push_n, np.zeros(3)), strict=True):
            while t < end - 1e-9:
                h = min(_STEP_S, end - t)
                a = self.rates(t, y, push)
                b = self.rates(t + 0.5 * h, y + 0.5 * h * a, push)
                c = self.rates(t + 0.5 * h, y + 0.5 * h * b, push)
                d = self.rates(t + h, y + h * c, push)
                y = y + h / 6.0 * (a + 2.0 * b + 2.0 * c + d)
                t += h
        return y


def by_loop(start: State, world: World, runs: int = 2) -> dict[str, Any]:
    """Faults a CPU second by the loop, and how far it ends from the propagator."""
    loop = Loop(start, world)
    u = start.v_m_s / np.linalg.norm(start.v_m_s)
    y = np.array([*start.r_m, *start.v_m_s, start.mass_kg])
    begin = time.process_time()
    for k in range(runs):
        end = loop.fly(y, 200.0 * (1.0 - 0.01 * k) * u, (_BURN_S, _BURN_S + _DAY_S))
    spent = (time.process_time() - begin) / runs
    burn = Thrust(start.epoch, start.epoch + _BURN_S, 200.0 * (1.0 - 0.01 * (runs - 1)), 300.0, u)
    forces = Dynamics((Gravity("earth", _DEGREE), burn))
    exact = propagate(start, forces, _BURN_S + _DAY_S, world=world, dense=False).end
    return {"a_second": 1.0 / spent, "off_m": float(np.linalg.norm(end[:3] - exact.r_m))}


def by_basilisk(python: str, start: State, world: World, runs: int = 3) -> dict[str, Any]:
    """Faults a CPU second by Basilisk in its own environment."""
    field = world.gravity("earth", degree=_DEGREE)
    rows = [
        f"{field.radius_m!r},{field.mu_m3_s2!r},0,{_DEGREE},{_DEGREE},1,0,0",
        *(
            f"{n},{m},{float(field.C[n, m])!r},{float(field.S[n, m])!r},0,0"
            for n in range(_DEGREE + 1)
            for m in range(n + 1)
        ),
    ]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "field.csv"
        path.write_text("\n".join(rows) + "\n", encoding="ascii")
        case = {
            "field": str(path), "degree": _DEGREE, "runs": runs, "step_s": _STEP_S,
            "burn_s": _BURN_S, "coast_s": _DAY_S, "thrust_n": 200.0, "mass_kg": start.mass_kg,
            "r_m": start.r_m.tolist(), "v_m_s": start.v_m_s.tolist(),
            "direction": (start.v_m_s / np.linalg.norm(start.v_m_s)).tolist(),
        }  # fmt: skip
        script = Path(__file__).with_name("basilisk_loop.py")
        out = subprocess.run(
            [python, str(script)], input=json.dumps(case), capture_output=True, text=True,
            check=True,
        )  # fmt: skip
    return {"a_second": 1.0 / json.loads(out.stdout.splitlines()[-1])["cpu_s"]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--fineness", type=float, default=6.0)
    parser.add_argument("--basilisk", metavar="PYTHON", default="")
    ask = parser.parse_args()
    world = World.shipped()
    told: dict[str, Any] = {}
    for name, model in MODELS.items():
        flight = flight_under(*model, world)
        told[name] = ours(flight, ask.fineness, world)
    start = flight.legs[0].start
    told["loop"] = by_loop(start, world)
    if ask.basilisk:
        told["basilisk"] = by_basilisk(ask.basilisk, start, world)
    first = told["gravity alone"]["a_second"]
    for name in ("loop", "basilisk"):
        if name in told:
            told[name]["ratio"] = first / told[name]["a_second"]
    print(json.dumps(_rounded(told), indent=1))


def _rounded(x: Any) -> Any:
    if isinstance(x, dict):
        return {k: _rounded(v) for k, v in x.items()}
    return float(f"{x:.4g}") if isinstance(x, float) and math.isfinite(x) else x


if __name__ == "__main__":
    main()
