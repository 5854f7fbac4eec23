"""Reference paths and accelerations by Orekit -> orekit_days.json, orekit_forces.json.

    python make_orekit.py [days] [forces]

needs what orekit_world.py says; about five minutes. `days`: six orbits of seven days in the field
of degree and order 70 with Sun and Moon, with and without sunlight, states each six hours.
`forces`: one force at a time over the central term, accelerations at fixed states and the path
of one day.

Numbers are rounded to the micrometre and to 1e-9 m/s. Each path was integrated twice by
Dormand-Prince 8(5,3), with a tolerance of `tolerance_m` a step (1e-12 m where it can
be) and of ten times it; `orekit_error_m` is the largest difference of the two on the path. Looser
runs leave decimetres over the penumbra.
"""

from __future__ import annotations

import json
import re
import sys
from typing import TYPE_CHECKING

import numpy as np
import orekit_world as ow
from orekit_world import DAY, HERE

from cosmodrome.world import bodies

ow.open_world()

from jpype import JArray, JDouble  # noqa: E402
from org.hipparchus.geometry.euclidean.threed import Vector3D  # noqa: E402
from org.hipparchus.ode.nonstiff import DormandPrince853Integrator  # noqa: E402
from org.orekit.errors import OrekitException  # noqa: E402
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
from org.orekit.orbits import CartesianOrbit, OrbitType  # noqa: E402
from org.orekit.propagation import SpacecraftState  # noqa: E402
from org.orekit.propagation.numerical import NumericalPropagator  # noqa: E402
from org.orekit.utils import PVCoordinates  # noqa: E402

if TYPE_CHECKING:
    from org.orekit.forces import ForceModel

MU = bodies.EARTH.mu_m3_s2
START = "2024-03-15T00:00:00Z"
MASS_KG, AREA_M2, CR = 1000.0, 10.0, 1.3
STEP_S, SPAN_S = 21_600.0, 7 * DAY
TOLERANCE_M = 1e-12

# perigee and apogee radius, m; inclination, node, argument of perigee, true anomaly, deg (GCRF)
ORBITS = {
    "leo": (6_774_650.0, 6_781_500.0, 51.6, 40.0, 20.0, 10.0),
    "sso": (6_871_260.0, 6_885_020.0, 97.4, 150.0, 90.0, 0.0),
    "geo": (42_155_700.0, 42_172_600.0, 0.05, 30.0, 60.0, 200.0),
    "molniya": (7_000_000.0, 46_123_000.0, 63.4, 250.0, 270.0, 30.0),
    "gto": (6_628_137.0, 42_164_000.0, 6.0, 10.0, 178.0, 5.0),
    "cislunar": (6_578_137.0, 400_000_000.0, 28.5, 50.0, 270.0, 0.0),
}


def initial(name: str) -> tuple[np.ndarray, np.ndarray]:
    """Place and velocity of an orbit at the start, rounded as they are stored."""
    rp, ra, *angles = ORBITS[name]
    i, W, w, nu = np.radians(angles)
    a, e = (rp + ra) / 2.0, (ra - rp) / (ra + rp)
    p = a * (1.0 - e * e)
    c, s = np.cos, np.sin
    P = [c(W) * c(w) - s(W) * s(w) * c(i), s(W) * c(w) + c(W) * s(w) * c(i), s(w) * s(i)]
    Q = [-c(W) * s(w) - s(W) * c(w) * c(i), -s(W) * s(w) + c(W) * c(w) * c(i), c(w) * s(i)]
    P, Q = np.array(P), np.array(Q)
    r = p / (1.0 + e * c(nu)) * (c(nu) * P + s(nu) * Q)
    v = np.sqrt(MU / p) * (-s(nu) * P + (e + c(nu)) * Q)
    return np.round(r, 3), np.round(v, 6)


def vector(x: np.ndarray) -> Vector3D:
    """A Java vector."""
    return Vector3D(*(float(c) for c in x))


def state(r: np.ndarray, v: np.ndarray, t_s: float = 0.0) -> SpacecraftState:
    """A state in GCRF at seconds after START."""
    pv = PVCoordinates(vector(r), vector(v))
    orbit = CartesianOrbit(pv, ow.gcrf(), ow.utc(START).shiftedBy(float(t_s)), MU)
    return SpacecraftState(orbit).withMass(MASS_KG)


def row(s: SpacecraftState) -> list[float]:
    """[x, y, z, vx, vy, vz] rounded."""
    pv = s.getPVCoordinates(ow.gcrf())
    p, v = pv.getPosition(), pv.getVelocity()
    return [
        *(round(float(x), 6) for x in (p.getX(), p.getY(), p.getZ())),
        *(round(float(x), 9) for x in (v.getX(), v.getY(), v.getZ())),
    ]


def propagator(
    s: SpacecraftState,
    forces: list[ForceModel],
    tolerance_m: float = TOLERANCE_M,
    attitude: object = None,
) -> NumericalPropagator:
    """Dormand-Prince 8(5,3) in Cartesian coordinates."""
    absolute = [tolerance_m] * 3 + [tolerance_m * 1e-3] * 3 + [1e-9]
    integrator = DormandPrince853Integrator(
        1e-3, 7200.0, JArray(JDouble)(absolute), JArray(JDouble)([0.0] * 7)
    )
    p = NumericalPropagator(integrator)
    p.setOrbitType(OrbitType.CARTESIAN)
    p.setInitialState(s)
    if attitude is not None:
        p.setAttitudeProvider(attitude)
    for force in forces:
        p.addForceModel(force)
    return p


def path(
    s: SpacecraftState,
    forces: list[ForceModel],
    span_s: float,
    step_s: float,
    tolerance_m: float = TOLERANCE_M,
    attitude: object = None,
) -> list[list[float]]:
    """States each `step_s`, the start included."""
    p = propagator(s, forces, tolerance_m, attitude)
    start = s.getDate()
    out = [row(s)]
    for k in range(1, round(span_s / step_s) + 1):
        out.append(row(p.propagate(start.shiftedBy(k * step_s))))
    return out


def both(
    s: SpacecraftState, make: object, span_s: float, step_s: float, attitude: object = None
) -> dict[str, object]:
    """The path, its tolerance and its difference from one ten times looser.

    `make()` gives fresh force models. Where steps shrink to nothing (rounding, or the kinks of a
    model) the tolerance is loosened by ten until they do not.
    """
    tolerance = TOLERANCE_M
    while True:
        try:
            fine = path(s, make(), span_s, step_s, tolerance, attitude)
            break
        except OrekitException:
            tolerance = float(f"{10.0 * tolerance:.0e}")
    loose = path(s, make(), span_s, step_s, tolerance * 10.0, attitude)
    d = np.array(fine)[:, :3] - np.array(loose)[:, :3]
    error = float(np.linalg.norm(d, axis=1).max())
    return {"tolerance_m": tolerance, "orekit_error_m": float(f"{error:.1e}"), "rows": fine}


def harmonics(degree: int) -> ForceModel:
    """EGM2008 but its central term."""
    field = GravityFieldFactory.getConstantNormalizedProvider(degree, degree, ow.utc(START))
    return HolmesFeatherstoneAttractionModel(ow.itrf(), field)


def light(area_m2: float = AREA_M2, cr: float = CR) -> ForceModel:
    """Sunlight on a sphere with a conical shadow of a sphere of the equatorial radius."""
    flux = ConicallyShadowedLightFluxModel(
        bodies.SOLAR_PRESSURE_N_M2 * bodies.AU_M**2,
        bodies.SUN.radius_m,
        ow.sun(),
        bodies.EARTH_EQUATORIAL_RADIUS_M,
    )
    return RadiationPressureModel(flux, IsotropicRadiationSingleCoefficient(area_m2, cr))


def nature(degree: int = 70, sunlight: bool = False) -> list[ForceModel]:
    """Harmonics, Sun, Moon, and sunlight if asked."""
    out = [harmonics(degree), ThirdBodyAttraction(ow.sun()), ThirdBodyAttraction(ow.moon())]
    return [*out, light()] if sunlight else out


def common() -> dict[str, object]:
    """What every file says of itself."""
    return {
        "source": ow.provenance(),
        "start_utc": START,
        "frame": "GCRF, metres and metres per second",
        "mass_kg": MASS_KG,
        "mu_m3_s2": MU,
        "integrator": "DormandPrince853, tolerance_m a step, a thousandth of it in velocity",
        "sunlight": {
            "pressure_n_m2": bodies.SOLAR_PRESSURE_N_M2,
            "au_m": bodies.AU_M,
            "sun_radius_m": bodies.SUN.radius_m,
            "earth_radius_m": bodies.EARTH_EQUATORIAL_RADIUS_M,
            "area_m2": AREA_M2,
            "cr": CR,
            "model": "ConicallyShadowedLightFluxModel, steps cut at the boundaries",
        },
        "mu_sun_m3_s2": bodies.SUN.mu_m3_s2,
        "mu_moon_m3_s2": bodies.MOON.mu_m3_s2,
    }


def write(name: str, what: dict[str, object]) -> None:
    """JSON with one row a line."""
    text = json.dumps(what, indent=0)
    flat = re.sub(r"\[\s+([^\[\]{}]*?)\s+\]", lambda m: "[" + " ".join(m[1].split()) + "]", text)
    (HERE / name).write_text(flat + "\n", encoding="ascii")


def days() -> None:
    """orekit_days.json."""
    cases = {}
    for name in ORBITS:
        for lit in (False, True):
            s = state(*initial(name))
            flown = both(s, lambda lit=lit: nature(70, lit), SPAN_S, STEP_S)
            key = f"{name} light" if lit else name
            cases[key] = {"sunlight": lit, **flown}
            print(key, flown["tolerance_m"], flown["orekit_error_m"], flush=True)
    write(
        "orekit_days.json",
        {**common(), "step_s": STEP_S, "gravity": [70, 70], "bodies": ["sun", "moon"],
         "cases": cases},
    )  # fmt: skip


def main() -> None:
    """The files asked for, or both."""
    asked = sys.argv[1:] or ["days", "forces"]
    if "days" in asked:
        days()
    if "forces" in asked:
        import orekit_forces

        orekit_forces.main()


if __name__ == "__main__":
    # the helpers import this file by its name
    sys.modules["make_orekit"] = sys.modules["__main__"]
    main()
