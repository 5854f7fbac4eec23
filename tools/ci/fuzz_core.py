"""Nonsense to every entry of the compiled core: it may refuse, it must not crash or hang.

    python tools/ci/fuzz_core.py [--seconds 20] [--calls 100000] [--seed 0]

A child process draws models, states and settings, spoils some of the numbers and shapes, and calls.
Every call is written down before it is made; when the child dies or does not come back, the parent
prints the last one and its seed. Meant to be run under the sanitizers too (.ci/run, `sanitizers`).
"""

from __future__ import annotations

import argparse
import faulthandler
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

ODD = (
    0.0, -0.0, 1.0, -1.0, 0.5, 1e-300, 5e-324, 1e-9, 1e9, 1e18, -1e18, 1e300, -1e300,
    float("inf"), float("-inf"), float("nan"), 7e6, 86_400.0,
)  # fmt: skip
WHOLE = (0, 1, -1, 2, 3, 7, 8, 9, 16, 63, 64, 65, 127, 2**31 - 1, -(2**31), 2**31, 2**40)
REFUSALS = (ValueError, TypeError, RuntimeError, OverflowError, KeyError)
# a call that is refused or flown takes milliseconds; under the sanitizers tens of them
LONGEST_CALL_S = 60.0
MU, RADIUS = 3.986e14, 6.378e6


class Fuzz:
    """Draws calls; what comes of them is counted."""

    def __init__(self, seed: int, log: Path) -> None:
        from cosmodrome.solvers import _core  # noqa: TID251 - the door itself is tried

        self.core: Any = _core
        self.rng = np.random.default_rng(seed)
        self.log = log
        self.outcomes: Counter[str] = Counter()

    # ------------------------------------------------------------------------- spoiling
    def chance(self, p: float) -> bool:
        return bool(self.rng.random() < p)

    def pick(self, of: Any) -> Any:
        return of[int(self.rng.integers(len(of)))]

    def spoilt(self, x: Any) -> Any:
        """Another value, shape or type in the place of x."""
        if isinstance(x, np.ndarray):
            return self.spoilt_array(x)
        if isinstance(x, bool):
            return self.pick((not x, 1, None, "yes"))
        if isinstance(x, int):
            return self.pick((*WHOLE, 1.5, None))
        if isinstance(x, float):
            return self.pick((*ODD, *ODD, x * 1e-6, x * 1e6, -x, None, "7"))
        if isinstance(x, str):
            return self.pick(("", "sun", "moon", "avx2", "x" * 50, "\0", None, 3))
        if isinstance(x, list):
            out = list(x)
            if out and self.chance(0.6):
                k = int(self.rng.integers(len(out)))
                out[k] = self.spoilt(out[k])
            else:
                out = self.pick(([], out * 3, [None], None, [*out, float("nan")], 5))
            return out
        if isinstance(x, tuple):
            return tuple(self.spoilt(v) if self.chance(0.5) else v for v in x)
        return self.pick((None, 3, x))

    def spoilt_array(self, x: np.ndarray) -> Any:
        kind = int(self.rng.integers(12))
        y = x.astype(np.float64)
        if kind <= 4 and y.size:
            for _ in range(1 + int(self.rng.integers(3))):
                y.flat[int(self.rng.integers(y.size))] = self.pick(ODD)
            return y
        if kind == 5:
            return y[:0]
        if kind == 6 and y.ndim:
            return np.repeat(y, 2, axis=int(self.rng.integers(y.ndim)))
        if kind == 7 and y.ndim:
            return y[..., :-1] if self.chance(0.5) else np.ascontiguousarray(y[..., :-1])
        if kind == 8:
            return self.pick(
                (
                    y.astype(np.float32),
                    y.astype(np.int64) if np.all(np.abs(np.nan_to_num(y)) < 1e15) else y,
                    y.tolist(),
                    None,
                )
            )
        if kind == 9:
            return y[..., None]
        if kind == 10:
            return np.asfortranarray(np.broadcast_to(y, (2, *y.shape)))[::-1][0]
        if kind == 11 and y.size:
            return np.full_like(y, self.pick(ODD))
        return y * self.pick((0.0, -1.0, 1e-12, 1e12))

    def call(self, name: str, f: Any, args: tuple[Any, ...]) -> Any:
        """One call, spoilt or not, written down first. None where it was refused."""
        if self.chance(0.5):
            given = list(args)
            for _ in range(1 + int(self.chance(0.3))):
                k = int(self.rng.integers(len(given))) if given else 0
                if given:
                    given[k] = self.spoilt(given[k])
            args = tuple(given)
        with np.printoptions(threshold=2_000):
            self.log.write_text(f"{name}{args!r}\n", encoding="utf-8")
        try:
            out = f(*args)
        except REFUSALS as e:
            self.outcomes[f"{name}: refused, {type(e).__name__}"] += 1
            return None
        self.outcomes[f"{name}: done"] += 1
        return out

    # --------------------------------------------------------------------------- drawing
    def table(self, rows: int, scale: float = 1.0) -> tuple[float, float, np.ndarray]:
        """Start, block and coefficients of a table that covers some hours about zero."""
        blocks, terms = int(self.rng.integers(1, 4)), int(self.rng.integers(1, 6))
        c = self.rng.normal(size=(blocks, rows, terms)) * 0.1 ** np.arange(terms) * scale
        return -2e4, 4e4, c

    def turning(self) -> tuple[float, float, np.ndarray]:
        start, block, c = self.table(9)
        c[:] = 0.0
        c[:, (0, 4, 8), 0] = 1.0
        return start, block, c

    def field(self, central: float = 1.0) -> Any:
        size = int(self.rng.integers(1, 9))
        C, S = 1e-4 * self.rng.normal(size=(2, size, size))
        C[0, 0] = central
        degree = int(self.rng.integers(size))
        order = int(self.rng.integers(degree + 1))
        return self.call("GravityField", self.core.GravityField, (MU, RADIUS, C, S, degree, order))

    def model(self) -> Any:
        field, low = self.field(), self.field()
        if field is None or low is None:
            return None
        start, block, slow = self.turning()
        pole = np.zeros((slow.shape[0], 3, 2))
        pole[:, 2, 0] = 1.0
        model = self.call(
            "Model",
            self.core.Model,
            (
                field,
                low,
                int(self.rng.integers(0, 3)),
                0.1,
                7.29e-5,
                start,
                block,
                slow,
                pole,
                7.29e-5,
                6_378_137.0,
                0.00335,
            ),
        )
        if model is None:
            return None
        for name, far in (("sun", 1.5e11), ("moon", 3.8e8)):
            if self.chance(0.7):
                rows = self.pick((3, 6))
                start, block, c = self.table(rows, 0.01 * far)
                c[:, 0, 0] = far
                self.call("add_body", model.add_body, (name, MU / 81.0, start, block, c, True))
        for _ in range(int(self.rng.integers(8))):
            getattr(self, self.pick(_PARTS))(model)
        return model

    def body_field(self, m: Any) -> None:
        field = self.field(0.0)
        start, block, slow = self.turning()
        if field is not None:
            self.call(
                "set_body_field", m.set_body_field, ("moon", field, 0.0, 1e-6, start, block, slow)
            )

    def tides(self, m: Any) -> None:
        degree = int(self.rng.integers(0, 5))
        start, block, c = self.table((degree + 1) * (degree + 2), 1e-8)
        t = self.call("VaryingField", self.core.VaryingField, (MU, RADIUS, degree, start, block, c))
        if t is not None:
            self.call("set_tides", m.set_tides, (t,))

    def shadow(self, m: Any) -> None:
        self.call("set_sun", m.set_sun, (7e8,))
        self.call("add_occulter", m.add_occulter, (self.pick(("", "moon")), 6.378e6))

    def light(self, m: Any) -> None:
        self.call("set_radiation", m.set_radiation, (1e18,))

    def air(self, m: Any) -> None:
        self.call("set_drag", m.set_drag, (20.0,))
        which = int(self.rng.integers(3))
        if which == 0:
            rows = np.array([[1e5, 1e-7, 2e4], [3e5, 1e-11, 5e4]])
            self.call("set_air_layers", m.set_air_layers, (rows,))
        elif which == 1:
            shape = tuple(int(k) for k in self.rng.integers(4, 7, size=4))
            c = -25.0 + self.rng.normal(size=shape)
            args = ([-1e4, -1.6, 0.0, 11.5], [1e4, 0.8, 1.0, 0.5], 0.1, 7.27e-5, c)
            table = self.call("DensityTable", self.core.DensityTable, args)
            if table is not None:
                self.call("density", table.density, (10.0, 0.3, -2.0, 4e5))
                self.call("set_air_table", m.set_air_table, (table,))
        else:
            bad = self.pick((1e-12, -1.0, float("nan"), None, "x"))

            def rho(t: np.ndarray, *_: np.ndarray) -> Any:
                if bad is None:
                    raise KeyError("a density function that fails")
                return np.full(t.shape if self.chance(0.9) else 3, bad) if bad != "x" else "x"

            self.call("set_air_function", m.set_air_function, (self.pick((rho, rho, None, 3)),))

    def panels(self, m: Any) -> None:
        rows = self.rng.normal(size=(int(self.rng.integers(0, 4)), 10))
        rows[:, :3] = np.abs(rows[:, :3]) * 0.3
        rows[:, 3] = self.rng.integers(0, 3, size=len(rows))
        args = (rows, int(self.rng.integers(4)), np.eye(3), 1e17, 2.2)
        self.call("set_panels", m.set_panels, args)

    def relativity(self, m: Any) -> None:
        self.call(
            "set_relativity", m.set_relativity, (True, self.chance(0.5), self.chance(0.5), 9.8e8)
        )

    def breaks(self, m: Any) -> None:
        self.call("add_breaks", m.add_breaks, ([100.0, 2_000.0, -50.0],))

    def burning(self) -> tuple[Any, ...]:
        k = int(self.rng.integers(2, 5))
        t = 1_000.0 * np.sort(self.rng.random(k)) - 100.0
        return (
            t,
            np.full(k, 100.0),
            np.full(k, 0.03),
            self.rng.normal(size=(k, 3)),
            int(self.rng.integers(3)),
        )

    def burn(self, m: Any) -> None:
        self.call("add_burn", m.add_burn, self.burning())

    def states(self, n: int) -> np.ndarray:
        u = self.rng.normal(size=(n, 3))
        u /= np.linalg.norm(u, axis=1)[:, None]
        v = self.rng.normal(size=(n, 3)) * 4e3
        return np.hstack([u * self.rng.uniform(6.4e6, 5e7, (n, 1)), v, np.full((n, 1), 500.0)])

    def search(self) -> tuple[Any, ...]:
        on = [self.chance(0.5) for _ in range(4)]
        station = np.array([[6.378e6, 0.0, 0.0, 1.0, 0.0, 0.0, 0.1]])
        stops = [(int(self.rng.integers(16)), 0, 1, 0)] if self.chance(0.3) else []
        altitudes = [4e5, 1e6] if self.chance(0.5) else []
        distances = [("", 7e6)] if self.chance(0.5) else []
        return (*on, altitudes, station[: self.pick((0, 1))], distances, stops)

    def steps(self) -> tuple[Any, ...]:
        nodes = 8 * int(self.rng.integers(1, 9))
        budget = int(self.rng.integers(1, 200))
        return (nodes, 10.0 ** float(self.rng.uniform(-12, 2)), 86_400.0, 0.0, budget)

    def fly(self, m: Any) -> None:
        t0, t1 = self.rng.uniform(-1e4, 1.5e4, 2)
        times = np.linspace(t0, t1, self.pick((0, 1, 9)))
        partials = [self.chance(0.5) for _ in range(5)]
        args = (
            m, self.states(1)[0], float(t0), float(t1), *self.search(), *self.steps(),
            self.chance(0.5), times, self.pick(([], [], [1.0] * 3)), partials, self.chance(0.3),
            self.pick((0.0, 600.0)),
        )  # fmt: skip
        # a budget without bound is not asked: it may take as long as it says
        self.call_bounded("propagate", self.core.propagate, args, 16)

    def many(self, m: Any) -> None:
        n = int(self.rng.integers(0, 5))
        scales = np.ones((self.pick((0, n)), 2))
        args = (
            m, self.states(n), scales, 0.0, float(self.rng.uniform(-1e4, 1e4)), *self.search(),
            *self.steps(), np.linspace(0.0, 1e4, 3), int(self.rng.integers(1, 4)),
            np.sort(self.rng.uniform(-1e4, 1e4, (self.pick((0, n)), 2))),
            [self.burning() if self.chance(0.5) else None for _ in range(self.pick((0, n)))],
        )  # fmt: skip
        self.call_bounded("ensemble", self.core.ensemble, args, 17)

    def call_bounded(self, name: str, f: Any, args: tuple[Any, ...], budget: int) -> None:
        def bounded(*a: Any) -> Any:
            given = list(a)
            if len(given) > budget and isinstance(given[budget], int) and given[budget] > 1_000:
                given[budget] = 1_000
            return f(*given)

        self.call(name, bounded, args)

    def forces(self, m: Any) -> None:
        n = int(self.rng.integers(0, 12))
        y = self.states(n)
        t = self.rng.uniform(-1e4, 2e4, n)
        args = (m, t, y[:, :3].copy(), y[:, 3:6].copy(), y[:, 6].copy(), 255, 1.0, 1.0)
        self.call("forces", self.core.forces, args)

    def loose(self) -> None:
        """The entries that need no model."""
        n = int(self.rng.integers(0, 12))
        field = self.field()
        r = self.states(n)[:, :3].copy()
        if field is not None:
            level = self.pick(("", "baseline", "avx2", "avx512", "nonsense"))
            self.call("field", self.core.field, (field, r, level, self.chance(0.5)))
        dt = self.rng.uniform(-1e4, 1e4, n)
        y = self.states(1)[0]
        self.call("kepler", self.core.kepler, (MU, y[:3].copy(), y[3:6].copy(), dt, ""))
        places, more = self.states(n)[:, :3].copy(), self.states(max(n, 1))[:, :3].copy()
        turns = self.rng.integers(0, 4, (max(n, 1), 1)).astype(float)
        normal = more if self.chance(0.3) else np.zeros((0, 3))
        way, count = int(self.rng.integers(0, 4)), max(n, 1)
        places = places if n else more[::-1].copy()
        tof = self.rng.uniform(1e2, 1e6, (count, 1))
        shared = (count, MU, way, places, more)
        every = int(self.rng.integers(-1, 3))
        side = np.ones((1, 1))
        self.call("lambert", self.core.lambert, (*shared, tof, turns, side, normal, every, ""))
        self.call("lambert_least", self.core.lambert_least, (*shared, turns, normal, ""))
        one = (np.empty(3), places[0].copy(), more[0].tolist(), 3e4, MU, 1, way, 1.0, None)
        self.call("lambert_one", self.core.lambert_one, (np.empty(3), *one))
        k = 2 * max(every, 0) + 1
        room = (np.empty((k, 3)), np.empty((k, 3)), np.empty(k, np.uint8))
        all_of = (*room, *one[1:5], max(every, 0), way, None)
        self.call("lambert_every", self.core.lambert_every, all_of)
        self.call("sunlit", self.core.sunlit, (r, r * 2e4 + 1.0, 7e8, 6.4e6))

    def climb(self) -> None:
        """Coarse ascents: a vehicle, its pad, and lanes of steering."""
        planet = (MU, RADIUS, 1.08e-3, -2.5e-6, -1.6e-6, 7.29e-5, RADIUS, 0.00335)
        c = self.call("Climb", self.core.Climb, planet)
        if c is None:
            return
        knots = int(self.rng.integers(2, 40))
        air = np.column_stack(
            [-0.1 * np.arange(knots), 11.0 - np.arange(knots), np.full(knots, 3e2)]
        )
        self.call("set_air", c.set_air, (-2e3, 1e4, air))
        self.call("climb.set_drag", c.set_drag, (10.0, 0.0, 0.5, 0.3 * np.ones((knots, 1))))
        x, y, z = np.eye(3)
        self.call("set_pad", c.set_pad, (RADIUS * x, 465.0 * y, x, y, z, 3e5))
        self.call("set_law", c.set_law, (10.0, 15.0, 120.0, 500.0, 1.3))
        self.call("set_goal", c.set_goal, (self.chance(0.5), 6.6e6, 6.7e6))
        at = self.pick((float("nan"), 200.0))
        self.call("set_fairing", c.set_fairing, (500.0, at, 1_135.0, 60.0, 1e3))
        self.call("set_steps", c.set_steps, (12.0, 1.05e5, 10.0))
        for _ in range(int(self.rng.integers(1, 3))):
            args = (120.0, 30, True, 5e6, -1e3, 2.0, 1.6e3, 0.0, 2e4)
            self.call("add_section", c.add_section, args)
        if self.chance(0.7):
            args = (2e3, 60.0, 4, 3e5, 90.0, 300.0, self.chance(0.5))
            self.call("add_stage", c.add_stage, args)
        steering = np.abs(self.rng.normal(size=(3, int(self.rng.integers(1, 12)))))
        level = self.pick(("", "baseline", "avx2", "avx512", "nonsense"))
        self.call("climb.fly", c.fly, (steering, level, self.chance(0.2)))

    def round(self) -> None:
        """One model and what is asked of it."""
        model = self.model()
        if model is not None:
            for ask in (self.fly, self.many, self.forces, self.fly):
                ask(model)
        self.loose()
        self.climb()


_PARTS = (
    "body_field", "tides", "shadow", "light", "air", "panels", "relativity", "breaks", "burn",
)  # fmt: skip


_ENTRIES = (
    "GravityField", "VaryingField", "DensityTable", "Model", "add_body", "set_body_field",
    "set_tides", "set_sun", "add_occulter", "set_radiation", "set_drag", "set_air_table",
    "set_air_layers", "set_air_function", "set_panels", "set_relativity", "add_breaks", "add_burn",
    "density", "propagate", "ensemble", "forces", "field", "kepler", "sunlit", "Climb", "set_air",
    "climb.set_drag", "set_pad", "set_law", "set_goal", "set_fairing", "set_steps", "add_section",
    "add_stage", "climb.fly", "lambert", "lambert_every",
    "lambert_least", "lambert_one",
)  # fmt: skip


def child(seconds: float, calls: int, seed: int, log: Path) -> int:
    """Draw until the time or the calls are used up."""
    faulthandler.enable()
    until = time.monotonic() + seconds
    done: Counter[str] = Counter()
    made, lap = 0, seed
    while time.monotonic() < until and made < calls:
        # every round has a seed of its own, so that it can be repeated alone
        fuzz = Fuzz(lap, log)
        Path(f"{log}.seed").write_text(str(lap), encoding="utf-8")
        faulthandler.dump_traceback_later(LONGEST_CALL_S, exit=True)
        with np.errstate(all="ignore"):
            fuzz.round()
        faulthandler.cancel_dump_traceback_later()
        done.update(fuzz.outcomes)
        made += sum(fuzz.outcomes.values())
        lap += 1
    for name in sorted(done):
        print(f"{done[name]:8d}  {name}")
    print(f"{made} calls, seeds {seed} to {lap - 1}")
    # a signature that has changed would be refused every time, and nothing tried
    idle = [name for name in _ENTRIES if not done[f"{name}: done"]]
    if made > 5_000 and idle:
        print(f"never got through: {', '.join(idle)}; bring their arguments here up to date")
        return 1
    return 0


def main() -> int:
    """Run a child and say how it ended."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--calls", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--log", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.log is not None:
        return child(given.seconds, given.calls, given.seed, given.log)
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "call"
        command = [
            sys.executable, __file__, "--seconds", str(given.seconds), "--calls",
            str(given.calls), "--seed", str(given.seed), "--log", str(log),
        ]  # fmt: skip
        run = subprocess.run(command, check=False, timeout=given.seconds + 3 * LONGEST_CALL_S)
        if run.returncode == 0:
            return 0
        seed = Path(f"{log}.seed")
        at = seed.read_text(encoding="utf-8") if seed.exists() else "?"
        last = log.read_text(encoding="utf-8") if log.exists() else "no call was made"
        print(
            f"the core did not survive (status {run.returncode}) the last of --seed {at} --calls 1:"
        )
        print(last)
    return 1


if __name__ == "__main__":
    sys.exit(main())
