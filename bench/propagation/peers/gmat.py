"""GMAT R2026a through gmatpy (Python >= 3.12): Prince-Dormand 7(8), its own FK5 Earth.

The data are those of tests/truth/dynamics/gmat_world.py: our field, Earth orientation and DE440
in GMAT's formats. Building the objects of a flight is part of every flight (milliseconds).
"""

from __future__ import annotations

import importlib.metadata
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from bench.propagation.peers import Unavailable

try:
    sys.path[:0] = [str(Path(__file__).resolve().parents[3] / "tests/truth/dynamics")]
    import gmat_world as gw
except ImportError as e:
    raise Unavailable(f"gmatpy is not installed ({e.name}; Python >= 3.12)") from e

from cosmodrome.world.epoch import Epoch

if TYPE_CHECKING:
    from bench.propagation.cases import Case

_MIRROR = gw.open_world(np.eye(3))
LADDER = (1e-7, 1e-8, 1e-9, 1e-10, 1e-11, 1e-12)
# over the penumbra GMAT steps without looking: shorter steps, not accuracy, help there
LONGEST_S = (2700.0, 60.0, 30.0)


def available() -> str:
    return f"gmatpy {importlib.metadata.version('gmatpy')}"


def notes(case: Case) -> list[str]:
    if case.centre != "earth":
        raise Unavailable("this adapter flies GMAT round the Earth only")
    if case.air is not None:
        raise Unavailable("gmatpy has no NRLMSISE-00")
    if case.degree > gw.DEGREE:
        raise Unavailable(f"the field written for GMAT ends at degree {gw.DEGREE}")
    return ["GMAT's Earth is FK5 (IAU 1976/1980); its J2000 axes are taken for GCRF"]


def settings(case: Case) -> list[dict[str, Any]]:
    longest = LONGEST_S if case.light is not None else LONGEST_S[:1]
    ladder = [
        {"method": f"steps to {step:g} s", "accuracy": x, "max_step_s": step}
        for step in longest
        for x in LADDER
    ]
    tight = 15.0 if case.span_s < 2e5 else 60.0
    return [*ladder, {"accuracy": 1e-13, "max_step_s": tight if case.light else 2700.0}]


class Flight:
    def __init__(self, case: Case, setting: dict[str, Any]) -> None:
        self.case, self.setting = case, setting
        self.epoch = Epoch.from_utc(case.epoch_utc + "Z")
        self.y0 = np.array([*case.r_m, *case.v_m_s])

    def _fly(self, y0: np.ndarray, t_s: np.ndarray) -> np.ndarray:
        case, out = self.case, np.empty((len(t_s), 6))
        light = None if case.light is None else (case.light.area_m2, case.light.reflectivity)
        with gw.gmatpy.native_session() as gmat:
            steps = gw.integrator(
                gmat, _MIRROR, self.epoch, y0, degree=case.degree, attract=case.bodies,
                mass_kg=case.mass_kg, light=light, accuracy=self.setting["accuracy"],
                max_step_s=self.setting["max_step_s"],
            )  # fmt: skip
            before = 0.0
            for k, t in enumerate(t_s):
                gw.advance(steps, float(t) - before, 600.0)
                before = float(t)
                out[k] = [1e3 * float(x) for x in steps.GetState()]
        return out

    def fly(self) -> None:
        self._fly(self.y0, np.array([self.case.span_s]))

    def states(self, t_s: np.ndarray) -> np.ndarray:
        return self._fly(self.y0, t_s)

    def ensemble(self, starts: np.ndarray, every_s: float) -> None:
        t = every_s * np.arange(1, round(self.case.span_s / every_s) + 1)
        for y in starts:
            self._fly(y, t)


def prepare(case: Case, setting: dict[str, Any], folder: Path) -> Flight:
    return Flight(case, setting)
