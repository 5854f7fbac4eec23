"""Orekit through orekit-jpype: Dormand-Prince 8(5,3) in Cartesian coordinates.

The data are those of tests/truth/dynamics/orekit_world.py, i.e. ours in Orekit's formats. Java
compiles while it runs: the tight run before any timing warms it up.
"""

from __future__ import annotations

import importlib.metadata
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from bench.propagation.peers import Unavailable

try:
    sys.path[:0] = [str(Path(__file__).resolve().parents[3] / "tests/truth/dynamics")]
    import orekit_world as ow
except ImportError as e:
    raise Unavailable(f"orekit-jpype is not installed ({e.name})") from e
except Exception as e:
    raise Unavailable(f"no Java for Orekit: {str(e).splitlines()[0][:100]}") from e

ow.open_world()

from jpype import JArray, JDouble  # noqa: E402
from orekit_shared import FixedWeather, detectors, wgs84  # noqa: E402
from orekit_shared import events as shared_events  # noqa: E402
from org.hipparchus.geometry.euclidean.threed import Vector3D  # noqa: E402
from org.hipparchus.ode.nonstiff import DormandPrince853Integrator  # noqa: E402
from org.orekit.forces.drag import DragForce, IsotropicDrag  # noqa: E402
from org.orekit.forces.gravity import (  # noqa: E402
    HolmesFeatherstoneAttractionModel,
    ThirdBodyAttraction,
)
from org.orekit.forces.gravity.potential import GravityFieldFactory  # noqa: E402
from org.orekit.forces.radiation import (  # noqa: E402
    ConicallyShadowedLightFluxModel,
    IsotropicRadiationSingleCoefficient,
    RadiationPressureModel,
)
from org.orekit.models.earth.atmosphere import NRLMSISE00  # noqa: E402
from org.orekit.orbits import CartesianOrbit, OrbitType  # noqa: E402
from org.orekit.propagation import SpacecraftState  # noqa: E402
from org.orekit.propagation.events import EventDetectionSettings  # noqa: E402
from org.orekit.propagation.numerical import NumericalPropagator  # noqa: E402
from org.orekit.utils import PVCoordinates  # noqa: E402

from cosmodrome.world import bodies  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bench.propagation.cases import Case

LADDER_M = tuple(10.0**-k for k in range(2, 12))
TIGHT_M = 1e-12


def available() -> str:
    return importlib.metadata.version("orekit-jpype")


def notes(case: Case) -> list[str]:
    if case.centre != "earth":
        raise Unavailable("this adapter has no frame of the Moon's principal axes for Orekit")
    out = []
    if case.air is not None:
        out.append("fixed indices reach Orekit's NRLMSISE-00 through calls back to Python")
    return out


def settings(case: Case) -> list[dict[str, Any]]:
    return [{"tolerance_m": x} for x in (*LADDER_M, TIGHT_M if case.air is None else 1e-10)]


class Flight:
    def __init__(self, case: Case, setting: dict[str, Any]) -> None:
        self.case, self.tolerance = case, float(setting["tolerance_m"])
        self.start = ow.utc(case.epoch_utc)
        self.end = self.start.shiftedBy(case.span_s)
        before = time.process_time()
        self.forces = list(self._forces())
        self.first = self.state(np.array([*case.r_m, *case.v_m_s]))
        self.tables_s = time.process_time() - before

    def _forces(self) -> Iterable[Any]:
        case = self.case
        field = GravityFieldFactory.getConstantNormalizedProvider(
            case.degree, case.degree, self.start
        )
        yield HolmesFeatherstoneAttractionModel(ow.itrf(), field)
        for name in case.bodies:
            yield ThirdBodyAttraction(ow.body(name))
        if case.light is not None:
            flux = ConicallyShadowedLightFluxModel(
                bodies.SOLAR_PRESSURE_N_M2 * bodies.AU_M**2, bodies.SUN.radius_m, ow.sun(),
                bodies.EARTH_EQUATORIAL_RADIUS_M,
            )  # fmt: skip
            yield RadiationPressureModel(
                flux,
                IsotropicRadiationSingleCoefficient(case.light.area_m2, case.light.reflectivity),
            )
        if case.air is not None:
            air = NRLMSISE00(FixedWeather(case.air.f107, case.air.ap), ow.sun(), wgs84())
            yield DragForce(air, IsotropicDrag(case.air.area_m2, case.air.coefficient))

    def state(self, y: np.ndarray) -> SpacecraftState:
        r, v = (Vector3D(*(float(x) for x in part)) for part in (y[:3], y[3:6]))
        orbit = CartesianOrbit(PVCoordinates(r, v), ow.gcrf(), self.start, bodies.EARTH.mu_m3_s2)
        return SpacecraftState(orbit).withMass(self.case.mass_kg)

    def propagator(self, first: SpacecraftState) -> NumericalPropagator:
        absolute = [self.tolerance] * 3 + [1e-3 * self.tolerance] * 3 + [1e-6]
        p = NumericalPropagator(
            DormandPrince853Integrator(
                1e-3, 7200.0, JArray(JDouble)(absolute), JArray(JDouble)([0.0] * 7)
            )
        )
        p.setOrbitType(OrbitType.CARTESIAN)
        p.setInitialState(first)
        for force in self.forces:
            p.addForceModel(force)
        return p

    def fly(self) -> None:
        self.propagator(self.first).propagate(self.end)

    def states(self, t_s: np.ndarray) -> np.ndarray:
        return self._sampled(self.first, t_s)

    def _sampled(self, first: SpacecraftState, t_s: np.ndarray) -> np.ndarray:
        """By Orekit's own dense output."""
        p = self.propagator(first)
        generator = p.getEphemerisGenerator()
        p.propagate(self.end)
        path = generator.getGeneratedEphemeris()
        out = np.empty((len(t_s), 6))
        for k, t in enumerate(t_s):
            pv = path.propagate(self.start.shiftedBy(float(t))).getPVCoordinates()
            r, v = pv.getPosition(), pv.getVelocity()
            out[k] = r.getX(), r.getY(), r.getZ(), v.getX(), v.getY(), v.getZ()
        return out

    def ensemble(self, starts: np.ndarray, every_s: float) -> None:
        t = every_s * np.arange(1, round(self.case.span_s / every_s) + 1)
        for y in starts:
            self._sampled(self.state(y), t)

    def events(
        self,
        stations: dict[str, tuple[float, float, float]],
        mask_deg: float,
        max_check_s: float,
        threshold_s: float,
    ) -> list[list[Any]]:
        """[kind, seconds, station or ""]: nodes, apsides, shadow, rise and set, one propagation."""
        settings = EventDetectionSettings(max_check_s, threshold_s, 100)
        asked = detectors(settings, stations, [mask_deg])
        rows = shared_events(self.propagator(self.first), asked, settings, self.start, self.end)
        # one mask only: the station's name says it all
        return [[kind, t, what.rsplit(" ", 1)[0]] for kind, t, what in rows]


def prepare(case: Case, setting: dict[str, Any], folder: Path) -> Flight:
    return Flight(case, setting)


def events(case: Case, folder: Path, ask: dict[str, Any]) -> dict[str, Any]:
    """Events of a case: CPU seconds of the flight with and without them, and the rows."""
    flight = Flight(case, {"tolerance_m": ask.get("tolerance_m", 1e-7)})
    arguments = (
        ask["stations"], ask["mask_deg"], ask.get("max_check_s", 60.0),
        ask.get("threshold_s", 1e-6),
    )  # fmt: skip
    with_events, plain, rows = [], [], []
    for _ in range(ask["runs"]):
        a = time.process_time()
        flight.fly()
        b = time.process_time()
        rows = flight.events(*arguments)
        c = time.process_time()
        plain.append(b - a)
        with_events.append(c - b)
    return {"plain_s": plain, "events_s": with_events, "rows": rows}
