"""satkit (Rust): Verner 9(8), Gauss-Jackson 8; JPL DE440, EGM2008 from our file, our EOP table.

Its shadow is its own; drag without space weather means F10.7 = F10.7A = 150, Ap = 4. The dense
path costs it a quarter more than the end state alone: single flights are timed without it.
"""

from __future__ import annotations

import importlib.metadata
import os
from typing import TYPE_CHECKING, Any

import numpy as np

from bench.propagation.given import package_file
from bench.propagation.peers import Unavailable

if TYPE_CHECKING:
    from pathlib import Path

    from bench.propagation.cases import Case

PRESSURE_N_M2 = 1361.0 / 299_792_458.0


def available() -> str:
    try:
        return importlib.metadata.version("satkit")
    except importlib.metadata.PackageNotFoundError:
        raise Unavailable("satkit is not installed (pip install satkit satkit-data)") from None


def notes(case: Case) -> list[str]:
    available()
    if case.centre != "earth":
        raise Unavailable("satkit flies round the Earth only")
    if case.degree > 70:
        raise Unavailable("satkit's gravity ends at 70x70")
    if not set(case.bodies) <= {"sun", "moon"}:
        raise Unavailable("satkit knows the Sun and the Moon only")
    out = ["EOP linear between days"]
    if case.air is not None:
        if (case.air.f107, case.air.ap) != (150.0, 4.0):
            raise Unavailable("satkit without space weather means F10.7 150, Ap 4")
        out.append("its own NRLMSISE-00 at F10.7 150, Ap 4")
    return out


def settings(case: Case) -> list[dict[str, Any]]:
    rkv = [{"method": "rkv98", "tolerance": 10.0**-k} for k in (9, 10, 11, 12, 13, 14)]
    steps = (120.0, 90.0, 60.0, 45.0, 30.0, 20.0) if case.name != "gto-20" else (60.0, 30.0, 15.0)
    gj = [{"method": "gauss_jackson8", "step_s": s} for s in steps]
    return [*gj, *rkv, {"method": "rkv98", "tolerance": 1e-15}]


def _module(folder: Path) -> Any:
    data = folder / "satkit"
    if not data.exists():
        data.mkdir()
        planets = package_file("satkit_data", "linux_p1550p2650.440")
        if planets is None:
            raise Unavailable("satkit-data with JPL's DE440 is not installed")
        (data / planets.name).symlink_to(planets)
        (data / "EGM2008.gfc").symlink_to(folder / "egm2008.gfc")
        (data / "finals2000A.all").symlink_to(folder / "finals2000A.all")
    os.environ["SATKIT_DATA"] = str(data)
    os.environ["SATKIT_OFFLINE"] = "1"
    import satkit

    return satkit


def _time(sk: Any, text: str) -> Any:
    date, clock = text.split("T")
    y, m, d = (int(x) for x in date.split("-"))
    h, minute, s = clock.split(":")
    return sk.time(y, m, d, int(h), int(minute), float(s))


class Flight:
    def __init__(self, case: Case, setting: dict[str, Any], folder: Path) -> None:
        self.sk = sk = _module(folder)
        self.case = case
        self.start = _time(sk, case.epoch_utc)
        self.y0 = np.array([*case.r_m, *case.v_m_s])
        tolerance = setting.get("tolerance", 1e-10)
        common = {
            "abs_error": tolerance,
            "rel_error": tolerance,
            "gravity_degree": case.degree,
            "use_sun_gravity": "sun" in case.bodies,
            "use_moon_gravity": "moon" in case.bodies,
            "use_spaceweather": False,
            "tide_model": sk.tidemodel.none,
            "use_relativistic_correction": False,
            "integrator": getattr(sk.integrator, setting["method"]),
            "gj_step_seconds": setting.get("step_s", 60.0),
        }
        self.end_only = sk.propsettings(enable_interp=False, **common)
        self.dense = sk.propsettings(enable_interp=True, **common)
        drag = case.air.area_m2 * case.air.coefficient / case.mass_kg if case.air else 0.0
        light = case.light.area_m2 * case.light.reflectivity / case.mass_kg if case.light else 0.0
        # the same force from its own solar constant
        light *= PRESSURE_N_M2 / sk.consts.solar_pressure_1au
        if "table_s" in setting:
            # Sun, Moon and rotation are interpolated; its own 60 s cost 80 um a day in a GTO
            end = self.start + sk.duration(seconds=case.span_s)
            for p in (self.end_only, self.dense):
                p.precompute_terms(self.start, end, setting["table_s"])
        self.satellite = sk.satproperties(cdaoverm=drag, craoverm=light)

    def _go(self, y0: np.ndarray, begin: Any, span_s: float, settings: Any) -> Any:
        return self.sk.propagate(
            y0, begin, duration_secs=span_s, propsettings=settings, satproperties=self.satellite
        )

    def fly(self) -> None:
        self._go(self.y0, self.start, self.case.span_s, self.end_only)

    def states(self, t_s: np.ndarray) -> np.ndarray:
        out = self._go(self.y0, self.start, self.case.span_s, self.dense)
        sk = self.sk
        return np.array([out.interp(self.start + sk.duration(seconds=float(t))) for t in t_s])

    def ensemble(self, starts: np.ndarray, every_s: float) -> None:
        sk, span = self.sk, self.case.span_s
        if not getattr(self, "shared", False):
            self.dense.precompute_terms(self.start, self.start + sk.duration(seconds=span))
            times = every_s * np.arange(1, round(span / every_s) + 1)
            self.times = [self.start + sk.duration(seconds=float(t)) for t in times]
            self.shared = True
        for y0 in starts:
            path = self._go(y0, self.start, span, self.dense)
            path.interp(self.times)


def prepare(case: Case, setting: dict[str, Any], folder: Path) -> Flight:
    return Flight(case, setting, folder)


def rotation(case: Case, folder: Path, t_s: list[float]) -> list[list[list[float]]]:
    """ITRF from GCRF as this peer has it."""
    sk = _module(folder)
    t0 = _time(sk, case.epoch_utc)
    q = [sk.frametransform.qgcrf2itrf(t0 + sk.duration(seconds=t)) for t in t_s]
    return [np.array(x.to_rotation_matrix()).tolist() for x in q]


def constants(case: Case, folder: Path) -> dict[str, float]:
    """GMs that are the peer's own."""
    sk = _module(folder)
    return {"sun": sk.consts.mu_sun, "moon": sk.consts.mu_moon}
