"""One force of Orekit's at a time -> orekit_forces.json; run through make_orekit.py.

accelerations  of the force alone, GCRF, m/s^2, at `states` (rows: seconds after the start, place,
               velocity), mass as in the file; drag has states of its own in the air
rows           one day (thrust: one hour) of the central term and the force, from the orbit
               `leo` (drag and panels too), the rest as in make_orekit.py
"""

from __future__ import annotations

import make_orekit as mo
import numpy as np
import orekit_world as ow
from jpype import JImplements, JOverride
from orekit_shared import FLATTENING, FixedWeather, wgs84
from orekit_world import DAY

from cosmodrome.world import bodies

from java.util import ArrayList  # isort: skip
from org.hipparchus.geometry.euclidean.threed import Vector3D  # isort: skip
from org.orekit.attitudes import FrameAlignedProvider, LofOffset  # isort: skip
from org.orekit.bodies import CelestialBodyFactory  # isort: skip
from org.orekit.forces import BoxAndSolarArraySpacecraft, FixedPanel  # isort: skip
from org.orekit.forces.drag import DragForce, IsotropicDrag  # isort: skip
from org.orekit.forces.gravity import (  # isort: skip
    DeSitterRelativity,
    LenseThirringRelativity,
    Relativity,
    SolidTides,
    ThirdBodyAttraction,
)
from org.orekit.forces.gravity.potential import TideSystem  # isort: skip
from org.orekit.forces.maneuvers import ConstantThrustManeuver  # isort: skip
from org.orekit.forces.radiation import (  # isort: skip
    ConicallyShadowedLightFluxModel,
    RadiationPressureModel,
)
from org.orekit.frames import Frame, LOFType, Transform  # isort: skip
from org.orekit.models.earth.atmosphere import NRLMSISE00  # isort: skip
from org.orekit.time import TimeScalesFactory  # isort: skip
from org.orekit.utils import IERSConventions  # isort: skip

F107, AP = 150.0, 15.0
DRAG_AREA_M2, CD = 10.0, 2.2
BURN = {"thrust_n": 40.0, "isp_s": 300.0, "direction": (0.8, 0.36, 0.48), "span_s": 3600.0}
BOX = {
    "lengths_m": (1.5, 2.0, 2.5),
    "array_area_m2": 12.0,
    "array_axis": (0.0, 1.0, 0.0),
    "absorption": 0.3,
    "specular": 0.5,
}
PANEL = {"normal": (0.6, 0.0, 0.8), "area_m2": 10.0, "absorption": 0.3, "specular": 0.5}


def solid(system: TideSystem, pole: bool) -> SolidTides:
    """IERS 2010 solid tides with frequency dependence; coefficients interpolated over 600 s."""
    ut1 = TimeScalesFactory.getUT1(IERSConventions.IERS_2010, True)
    return SolidTides(
        ow.itrf(), bodies.EARTH.radius_m, mo.MU, system, pole, 600.0, 12,
        IERSConventions.IERS_2010, ut1, ow.sun(), ow.moon(),
    )  # fmt: skip


def love() -> SolidTides:
    """IERS 2010 step 1 alone: anelastic nominal Love numbers."""
    return SolidTides(
        ow.itrf(), bodies.EARTH.radius_m, mo.MU, TideSystem.TIDE_FREE,
        IERSConventions.IERS_2010.getLoveNumbers(), 600.0, 12, ow.sun(), ow.moon(),
    )  # fmt: skip


def surfaces(spacecraft: object) -> RadiationPressureModel:
    """Sunlight on panels, conical shadow as for the sphere."""
    flux = ConicallyShadowedLightFluxModel(
        bodies.SOLAR_PRESSURE_N_M2 * bodies.AU_M**2, bodies.SUN.radius_m, ow.sun(),
        bodies.EARTH_EQUATORIAL_RADIUS_M,
    )  # fmt: skip
    return RadiationPressureModel(flux, spacecraft)


def box() -> BoxAndSolarArraySpacecraft:
    """A box with an array that turns about its axis to face the Sun."""
    return BoxAndSolarArraySpacecraft(
        *BOX["lengths_m"], ow.sun(), BOX["array_area_m2"], Vector3D(*BOX["array_axis"]), 2.2, 0.0,
        BOX["absorption"], BOX["specular"],
    )  # fmt: skip


def panel() -> BoxAndSolarArraySpacecraft:
    """One panel, the same on both sides."""
    one = ArrayList()
    one.add(
        FixedPanel(Vector3D(*PANEL["normal"]), PANEL["area_m2"], True, 2.2, 0.0,
                   PANEL["absorption"], PANEL["specular"])
    )  # fmt: skip
    return BoxAndSolarArraySpacecraft(one)


NADIR = LofOffset(ow.gcrf(), LOFType.LVLH_CCSDS)
FIXED = FrameAlignedProvider(ow.gcrf())


@JImplements("org.orekit.frames.TransformProvider")
class _FromEarthToSun:
    """A shift by the Sun's place, no turn."""

    @JOverride
    def getTransform(self, date):
        return Transform(date, ow.sun().getPVCoordinates(date, ow.gcrf()))


@JImplements("org.orekit.bodies.CelestialBody")
class AlignedSun:
    """The Sun with a frame of its own along GCRF.

    Orekit's inertial frame of the Sun is turned to the Sun's pole, and DeSitterRelativity crosses
    the Earth's place and velocity there with the spacecraft's velocity in GCRF.
    """

    def __init__(self) -> None:
        self.frame = Frame(ow.gcrf(), _FromEarthToSun(), "Sun along GCRF", True)

    @JOverride
    def getInertiallyOrientedFrame(self):
        return self.frame

    @JOverride
    def getBodyOrientedFrame(self):
        return self.frame

    @JOverride
    def getName(self):
        return "Sun"

    @JOverride
    def getGM(self):
        return ow.sun().getGM()

    @JOverride
    def getPosition(self, date, frame):
        return ow.sun().getPosition(date, frame)

    @JOverride
    def getPVCoordinates(self, date, frame):
        return ow.sun().getPVCoordinates(date, frame)


def burn(axes: str) -> ConstantThrustManeuver:
    """From the start on, direction fixed in the axes."""
    attitude = {
        "vnc": LofOffset(ow.gcrf(), LOFType.VNC),
        "rtn": LofOffset(ow.gcrf(), LOFType.QSW),
        "gcrf": FIXED,
    }[axes]
    return ConstantThrustManeuver(
        ow.utc(mo.START), 2.0 * BURN["span_s"], BURN["thrust_n"], BURN["isp_s"], attitude,
        Vector3D(*BURN["direction"]), axes,
    )  # fmt: skip


def forces() -> dict[str, tuple[object, object, str]]:
    """Name: maker of the force, attitude, what it is."""
    earth, sun = CelestialBodyFactory.getEarth(), ow.sun()
    aligned = AlignedSun()
    tides = "IERS 2010, nominal anelastic Love numbers of degree 2 and 3 (and k2+)"
    shadow = "ConicallyShadowedLightFluxModel"
    nadir = "LVLH_CCSDS: z to the Earth's centre, y against r x v, x completes"
    return {
        "harmonics": (lambda: mo.harmonics(70), None, "EGM2008 70x70 but its central term"),
        "sun": (lambda: ThirdBodyAttraction(sun), None, "ThirdBodyAttraction"),
        "moon": (lambda: ThirdBodyAttraction(ow.moon()), None, "ThirdBodyAttraction"),
        "sunlight sphere": (mo.light, None, shadow),
        "solid tides step 1": (love, None, f"SolidTides: {tides}; nothing else"),
        "solid tides": (
            lambda: solid(TideSystem.TIDE_FREE, False), None,
            f"SolidTides: {tides}, frequency dependence (step 2), no pole tide; field tide-free:"
            " the permanent part stays in the tide",
        ),
        "solid tides zero-tide field": (
            lambda: solid(TideSystem.ZERO_TIDE, False), None,
            "as solid tides, the permanent part of C20 taken out",
        ),
        "solid and pole tides": (
            lambda: solid(TideSystem.TIDE_FREE, True), None, "as solid tides, with the pole tide"
        ),
        "schwarzschild": (lambda: Relativity(mo.MU), None, "Relativity"),
        "lense-thirring": (
            lambda: LenseThirringRelativity(mo.MU, ow.itrf()), None,
            "LenseThirringRelativity in ITRF, Orekit's J = 9.8e8 m^2/s",
        ),
        "de sitter": (
            lambda: DeSitterRelativity(earth, aligned), None,
            "DeSitterRelativity with the Sun's frame along GCRF; Orekit's own is turned to the"
            " Sun's pole, which turns this force",
        ),
        "sunlight box nadir": (lambda: surfaces(box()), NADIR, f"{shadow}; box; {nadir}"),
        "sunlight box gcrf": (lambda: surfaces(box()), FIXED, f"{shadow}; box; axes of GCRF"),
        "sunlight panel nadir": (lambda: surfaces(panel()), NADIR, f"{shadow}; panel; {nadir}"),
        "sunlight panel gcrf": (lambda: surfaces(panel()), FIXED, f"{shadow}; axes of GCRF"),
        "drag": (
            lambda: DragForce(
                NRLMSISE00(FixedWeather(F107, AP), sun, wgs84()), IsotropicDrag(DRAG_AREA_M2, CD)
            ), None, "NRLMSISE-00 (Orekit's own, with its switch 9 as daily Ap), fixed indices",
        ),
        "thrust vnc": (lambda: burn("vnc"), None, "LOFType.VNC: velocity, r x v, their product"),
        "thrust rtn": (lambda: burn("rtn"), None, "LOFType.QSW: radial, transverse, r x v"),
        "thrust gcrf": (lambda: burn("gcrf"), None, "axes of GCRF"),
    }  # fmt: skip


def states(count: int, lowest_m: float, highest_m: float, seed: int) -> np.ndarray:
    """Random places in shells and velocities of ellipses, over a week."""
    rng = np.random.default_rng(seed)
    out = np.empty((count, 7))
    out[:, 0] = np.round(rng.uniform(0.0, 7 * DAY, count))
    u = rng.normal(size=(count, 3))
    u /= np.linalg.norm(u, axis=1)[:, None]
    r = np.geomspace(lowest_m, highest_m, count)
    w = rng.normal(size=(count, 3))
    w -= np.sum(w * u, axis=1)[:, None] * u
    w /= np.linalg.norm(w, axis=1)[:, None]
    speed = np.sqrt(mo.MU / r)[:, None]
    out[:, 1:4] = np.round(r[:, None] * u, 3)
    out[:, 4:] = np.round(speed * (w + rng.uniform(-0.2, 0.2, (count, 1)) * u), 6)
    return out


def dark(rows: np.ndarray) -> np.ndarray:
    """The same states with a third of the places turned behind the Earth or to its edge."""
    out = rows.copy()
    for k in range(0, len(out), 3):
        s = ow.sun().getPosition(ow.utc(mo.START).shiftedBy(float(out[k, 0])), ow.gcrf())
        s = np.array([s.getX(), s.getY(), s.getZ()])
        s /= np.linalg.norm(s)
        r = np.linalg.norm(out[k, 1:4])
        side = np.cross(s, out[k, 1:4])
        side /= np.linalg.norm(side)
        # umbra, the middle of the penumbra, its sunny edge
        reach = bodies.EARTH_EQUATORIAL_RADIUS_M + (-2e6, 0.0, 0.004 * r)[(k // 3) % 3]
        out[k, 1:4] = np.round(reach * side - np.sqrt(r * r - reach * reach) * s, 3)
    return out


def accelerations(make: object, attitude: object, rows: np.ndarray) -> list[list[float]]:
    """Of the force alone."""
    force = make()
    out = []
    for t, *rv in rows:
        s = mo.state(np.array(rv[:3]), np.array(rv[3:]), t)
        if attitude is not None:
            s = s.withAttitude(attitude.getAttitude(s.getOrbit(), s.getDate(), s.getFrame()))
        force.init(s, s.getDate().shiftedBy(1.0))
        a = force.acceleration(s, force.getParameters(s.getDate()))
        out.append([float(a.getX()), float(a.getY()), float(a.getZ())])
    return out


def main() -> None:
    """Write the file."""
    space = dark(states(21, 6.7e6, 4.5e7, 1))
    air = states(21, 6.55e6, 7.3e6, 2)
    out = {}
    for name, (make, attitude, what) in forces().items():
        rows = air if name == "drag" else space
        item: dict[str, object] = {"model": what}
        if not name.startswith("thrust"):
            item["accelerations"] = accelerations(make, attitude, rows)
        span, step = (BURN["span_s"], 600.0) if name.startswith("thrust") else (DAY, 14_400.0)
        s = mo.state(*mo.initial("leo"))
        item["step_s"] = step
        item.update(mo.both(s, lambda make=make: [make()], span, step, attitude))
        print(name, item["tolerance_m"], item["orekit_error_m"], flush=True)
        out[name] = item
    mo.write(
        "orekit_forces.json",
        {
            **mo.common(),
            "f107": F107, "ap": AP, "drag_area_m2": DRAG_AREA_M2, "cd": CD,
            "ellipsoid": [bodies.EARTH_EQUATORIAL_RADIUS_M, FLATTENING],
            "burn": BURN, "box": BOX, "panel": PANEL,
            "states": space.tolist(), "states_in_air": air.tolist(), "forces": out,
        },
    )  # fmt: skip
