"""Solvers that Python can call, each as two functions over one set of problems.

`single(k)` solves problem k and has both velocities in Python; `batch()` solves all in the
fastest way the package offers, None where there is but a loop. Both give v1: (3,), and (n, 3).
With `turns` > 0 every solution up to so many revolutions is wanted, 2 N + 1 a problem.
"""

from __future__ import annotations

import sys
import types
from pathlib import Path
from typing import Any

NAMES = ("cosmodrome", "pykep", "lambert-rs", "lamberthub", "satkit")


class Cosmodrome:
    solved_at_once = 0  # where it is not the number of problems

    def __init__(self, r1: Any, r2: Any, tof: Any, turns: int) -> None:
        import importlib.metadata

        from cosmodrome.dynamics import lambert as mine

        self.version = importlib.metadata.version("cosmodrome")
        self.mine, self.turns = mine, turns
        self.r1, self.r2, self.tof, self.times = r1, r2, tof, tof.tolist()
        self.rows1, self.rows2 = list(r1), list(r2)

    def single(self, k: int) -> Any:
        if self.turns:
            return self.mine.lambert_all(
                self.rows1[k], self.rows2[k], self.times[k], 1.0, most_revolutions=self.turns
            ).v1_m_s[0]
        return self.mine.lambert(self.rows1[k], self.rows2[k], self.times[k], 1.0)[0]

    def batch(self) -> Any:
        if self.turns:
            return self.mine.lambert_all(
                self.r1, self.r2, self.tof, 1.0, most_revolutions=self.turns
            ).v1_m_s
        return self.mine.lambert_many(self.r1, self.r2, self.tof, 1.0).v1_m_s


class Pykep:
    batch = None

    def __init__(self, r1: Any, r2: Any, tof: Any, turns: int) -> None:
        # past the package's front page: the wheel of 3.0.1 lacks a data file that it reads
        import importlib.metadata
        import importlib.util

        if "pykep" not in sys.modules:
            found = importlib.util.find_spec("pykep")
            assert found is not None
            assert found.origin is not None
            package = types.ModuleType("pykep")
            package.__path__ = [str(Path(found.origin).parent)]
            sys.modules["pykep"] = package
        import pykep.core  # type: ignore[import-not-found]

        self.version = importlib.metadata.version("pykep")
        self.solve, self.turns = pykep.core.lambert_problem, turns
        self.r1, self.r2, self.tof = r1.tolist(), r2.tolist(), tof.tolist()

    def single(self, k: int) -> Any:
        # the way it prefers: lists
        done = self.solve(self.r1[k], self.r2[k], self.tof[k], 1.0, False, self.turns)
        v1, _ = done.v0, done.v1
        return v1 if self.turns else v1[0]


class LambertRs:
    solved_at_once = 0

    def __init__(self, r1: Any, r2: Any, tof: Any, turns: int) -> None:
        import importlib.metadata

        import lambert_rs  # type: ignore[import-not-found]

        self.version = importlib.metadata.version("lambert-rs")
        self.rs, self.turns = lambert_rs, turns
        self.r1, self.r2, self.tof, self.times = r1, r2, tof, tof.tolist()
        self.rows1, self.rows2 = list(r1), list(r2)

    def single(self, k: int) -> Any:
        v1 = self.rs.lambert_izzo_single(
            self.rows1[k], self.rows2[k], self.times[k], self.turns, False, mu=1.0
        ).v1
        return v1 if self.turns else v1[0]

    def batch(self) -> Any:
        # it solves every pair of places at every time: as many problems from fewer rows
        some = int(len(self.times) ** 0.5)
        v1 = self.rs.lambert_izzo_vec(
            self.r1[:some], self.r2[:some], self.tof[:some], self.turns, False, mu=1.0
        ).v1
        self.solved_at_once = some * some
        return v1


class Lamberthub:
    batch = None

    def __init__(self, r1: Any, r2: Any, tof: Any, turns: int) -> None:
        import importlib.metadata

        from lamberthub import izzo2015  # type: ignore[import-not-found]

        self.version = importlib.metadata.version("lamberthub")
        self.solve, self.turns = izzo2015, turns
        self.r1, self.r2, self.tof = list(r1), list(r2), tof.tolist()

    def single(self, k: int) -> Any:
        first = self.solve(1.0, self.r1[k], self.r2[k], self.tof[k])[0]
        if not self.turns:
            return first
        all_of = [first]
        for turns in range(1, self.turns + 1):
            for low in (True, False):
                all_of.append(
                    self.solve(1.0, self.r1[k], self.r2[k], self.tof[k], M=turns, low_path=low)[0]
                )
        return all_of


class Satkit:
    batch = None

    def __init__(self, r1: Any, r2: Any, tof: Any, turns: int) -> None:
        import importlib.metadata

        import satkit  # type: ignore[import-not-found]

        self.version = importlib.metadata.version("satkit")
        self.solve, self.turns = satkit.lambert, turns
        self.r1, self.r2, self.tof = list(r1), list(r2), tof.tolist()

    def single(self, k: int) -> Any:
        found = self.solve(self.r1[k], self.r2[k], self.tof[k], 1.0)
        if not self.turns:
            return found[0][0]
        if len(found) < 2 * self.turns + 1:
            raise NotImplementedError(f"{len(found)} solutions of {2 * self.turns + 1}")
        return [v1 for v1, _ in found]


PEERS: dict[str, Any] = dict(
    zip(NAMES, (Cosmodrome, Pykep, LambertRs, Lamberthub, Satkit), strict=True)
)
