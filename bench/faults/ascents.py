"""Faulted ascents a second a core: the list from the flight, every one to its end.

python -m bench.faults.ascents [--fineness 2] [--rocketpy PYTHON]

Beside ours, in the same run: a loop of the usual kind over the same equations, one flight at a
time, each guidance cycle a call of SciPy's solve_ivp (`loop`); the NumPy specification, one flight
at a time; and RocketPy itself, where an environment that holds it is given: its own kind of flight
(a sounding rocket with a solid motor in six degrees of freedom, rail to apogee, without guidance),
one a fault. CPU seconds of one process.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from scipy.integrate import solve_ivp

from cosmodrome import fly
from cosmodrome.ascent import Draw, flown_programme
from cosmodrome.campaign.verify.ascents.faults import ascent_faults
from cosmodrome.campaign.verify.ascents.flown import fly_ascents
from cosmodrome.powered.guided_flight import _Flight, fly_as_specified
from cosmodrome.solvers import guided as kernel
from cosmodrome.world.world import World

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.powered.guided_flight import _Rates
    from cosmodrome.record import Flight
    from cosmodrome.solvers.guided import Lanes, Programme

    Array = NDArray[np.float64]

MISSION = "missions/vostochny-sso.yaml"
# throttled after a coast; two burns down after the first of three spacecraft has left
OTHERS = ("missions/falcon-9-ellipse.yaml", "missions/two-sun-synchronous.yaml")
REPEATS, ALONE = 3, 2


class Loop(_Flight):
    """The same flight with every step of it a call of solve_ivp."""

    def step(self, k: int, first: _Rates, h: Array) -> None:
        now, flow = self.now, float(self.lanes.flow_kg_s[k, 0])
        length = float(h[0])
        if length == 0.0:
            return
        t0, m0 = now.t.copy(), now.mass.copy()

        def rates(t: float, y: Array) -> Array:
            at = np.array([t])
            a = self.rates(k, t0 + at, y[:3, None], y[3:, None], m0 - flow * at).a
            return np.concatenate([y[3:], a[:, 0]])

        y0 = np.concatenate([now.r[:, 0], now.v[:, 0]])
        y = solve_ivp(rates, (0.0, length), y0, rtol=1e-6, atol=1e-6).y[:, -1]
        now.r, now.v = y[:3, None], y[3:, None]
        now.t, now.mass = t0 + h, m0 - flow * h


def ours(
    flight: Flight, fineness: int, world: World, repeats: int = REPEATS
) -> tuple[int, float, Counter[str]]:
    """Faults, CPU seconds for all of them, and how they end."""
    spent = []
    for _ in range(repeats):
        begun = time.process_time()
        out = fly_ascents(flight, ascent_faults(flight, fineness, world), world)
        assert all(o.closed for o in out)
        spent.append(time.process_time() - begun)
    return len(out), min(spent), Counter(o.way for o in out)


def alone(flight: Flight, world: World) -> dict[str, tuple[float, float]]:
    """CPU seconds of one flight by the loop and by the specification, and metres of their ends
    from the kernel's."""
    programme = flown_programme(flight, world)
    _, lanes, _ = programme.schedule.lanes(Draw.nominal(programme.schedule.vehicle))
    wanted = kernel.fly(programme.core, lanes).marks[-1, 1:4, 0]

    def loop(core: Programme, truth: Lanes) -> Array:
        out: Array = Loop(core, truth).fly().marks
        return out

    def specified(core: Programme, truth: Lanes) -> Array:
        return fly_as_specified(core, truth).marks

    out = {}
    for name, way in (("loop", loop), ("specification", specified)):
        begun = time.process_time()
        for _ in range(ALONE):
            end = way(programme.core, lanes)[-1, 1:4, 0]
        spent = (time.process_time() - begun) / ALONE
        out[name] = (spent, float(np.linalg.norm(end - wanted)))
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fineness", type=int, default=2)
    parser.add_argument("--rocketpy", help="Python of an environment with rocketpy")
    options = parser.parse_args()
    world = World.shipped()
    flight = fly(MISSION, world=world)
    count, spent, ways = ours(flight, options.fineness, world)
    rate = count / spent
    print(f"{MISSION}: {count} faulted ascents in {spent:.2f} CPU s, {rate:.0f} a second")
    print("  " + ", ".join(f"{n} {way}" for way, n in sorted(ways.items())))
    for name, (each, apart) in alone(flight, world).items():
        print(
            f"  {name}: {each:.2f} CPU s a flight, {each * rate:.0f} times ours;"
            f" ends {apart:.3g} m from the kernel"
        )
    for mission in OTHERS:
        count, spent, ways = ours(fly(mission, world=world), options.fineness, world)
        print(f"{mission}: {count} in {spent:.2f} CPU s, {count / spent:.0f} a second")
        print("  " + ", ".join(f"{n} {way}" for way, n in sorted(ways.items())))
    if options.rocketpy:
        peer = Path(__file__).with_name("rocketpy_loop.py")
        done = subprocess.run(
            [options.rocketpy, str(peer)], check=True, capture_output=True, text=True
        )
        found = json.loads(done.stdout.splitlines()[-1])
        print(
            f"RocketPy {found['version']}: {found['cpu_s']:.3f} CPU s a flight of"
            f" {found['flown_s']:.0f} s to apogee, {found['cpu_s'] * rate:.0f} times ours of"
            f" {flight.legs[0].end.epoch - flight.legs[0].start.epoch:.0f} s"
        )


if __name__ == "__main__":
    main()
