"""Contacts and eclipses of thirty days by Orekit -> orekit_contacts.json.

    python make_orekit_contacts.py

needs what ../dynamics/orekit_world.py says and this package installed with its core; minutes.
Orekit is given our path: states each minute of `paths()` (EGM2008 20x20, Sun and Moon), which it
interpolates by eight points of place and velocity; `interpolation_m` is the largest distance of
the two at random instants. So both programs look at one ephemeris, on WGS84, with the shipped
Earth orientation read our way, and what differs is the search.

stations   elevation above the horizon of WGS84, straight line, no light time
eclipses   the Sun (695,700 km, geometric place) behind spheres of 6,378.137 and 1,737.4 km

Rows: [seconds of rise, of set] and [entry, exit], null where the path begins or ends inside.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np

# the installed package, before orekit_world looks beside itself
import cosmodrome.dynamics.propagate  # noqa: F401

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent / "dynamics")]

import orekit_world as ow  # noqa: E402
from contact_paths import MASKS_DEG, SPAN_S, START, STATIONS, path  # noqa: E402

ow.open_world(between_days=True)

import make_orekit as mo  # noqa: E402
from java.util import ArrayList  # noqa: E402
from orekit_shared import wgs84  # noqa: E402

from cosmodrome.world import bodies  # noqa: E402
from cosmodrome.world.world import World  # noqa: E402

from org.hipparchus.geometry.euclidean.threed import Vector3D  # noqa: E402  # isort: skip
from org.orekit.attitudes import FrameAlignedProvider  # noqa: E402  # isort: skip
from org.orekit.bodies import GeodeticPoint, OneAxisEllipsoid  # noqa: E402  # isort: skip
from org.orekit.frames import TopocentricFrame  # noqa: E402  # isort: skip
from org.orekit.orbits import CartesianOrbit  # noqa: E402  # isort: skip
from org.orekit.propagation import SpacecraftState, SpacecraftStateInterpolator  # noqa: E402  # isort: skip
from org.orekit.propagation.analytical import Ephemeris  # noqa: E402  # isort: skip
from org.orekit.propagation.events import (  # noqa: E402  # isort: skip
    EclipseDetector,
    ElevationDetector,
    EventDetectionSettings,
    EventsLogger,
)
from org.orekit.propagation.events.handlers import ContinueOnEvent  # noqa: E402  # isort: skip
from org.orekit.utils import (  # noqa: E402  # isort: skip
    AngularDerivativesFilter,
    CartesianDerivativesFilter,
    PVCoordinates,
)

STEP_S = 60.0
THRESHOLD_S = 1e-9
MAX_CHECK_S = {"leo": 15.0, "molniya": 20.0, "geo": 60.0}


def ephemeris(flown) -> tuple[Ephemeris, float]:
    """Our path as an Orekit propagator, and how far the two lie apart, m."""
    start = ow.utc(START)
    states = ArrayList()
    t = np.arange(0.0, SPAN_S + 1.0, STEP_S)
    for at, y in zip(t, flown.columns_at(t), strict=True):
        pv = PVCoordinates(Vector3D(*map(float, y[:3])), Vector3D(*map(float, y[3:6])))
        orbit = CartesianOrbit(pv, ow.gcrf(), start.shiftedBy(float(at)), mo.MU)
        states.add(SpacecraftState(orbit))
    interpolator = SpacecraftStateInterpolator(
        8, 1e-3, ow.gcrf(), ow.gcrf(), CartesianDerivativesFilter.USE_PV,
        AngularDerivativesFilter.USE_R,
    )  # fmt: skip
    p = Ephemeris(states, interpolator)
    p.setAttitudeProvider(FrameAlignedProvider(ow.gcrf()))
    worst = 0.0
    for at in np.random.default_rng(5).uniform(0.0, SPAN_S, 500):
        r = p.propagate(start.shiftedBy(float(at))).getPVCoordinates(ow.gcrf()).getPosition()
        ours = flown.columns_at(float(at))[:3]
        worst = max(worst, float(np.linalg.norm(ours - [r.getX(), r.getY(), r.getZ()])))
    return p, worst


def spans(rows: list[tuple[float, bool]]) -> list[list[float | None]]:
    """[start, end] of where g is positive, from (instant, rising)."""
    out: list[list[float | None]] = []
    for t, rising in rows:
        if rising:
            out.append([round(t, 7), None])
        elif out:
            out[-1][1] = round(t, 7)
        else:
            out.append([None, round(t, 7)])
    return out


def found(name: str, flown) -> dict[str, object]:
    """All that Orekit sees on one path."""
    p, apart = ephemeris(flown)
    print(name, "interpolation", apart, flush=True)
    sphere = OneAxisEllipsoid(bodies.EARTH_EQUATORIAL_RADIUS_M, 0.0, ow.itrf())
    moon = OneAxisEllipsoid(bodies.MOON.radius_m, 0.0, ow.moon().getInertiallyOrientedFrame())
    asked = []
    for station, (lat, lon, height) in STATIONS.items():
        point = GeodeticPoint(float(np.radians(lat)), float(np.radians(lon)), height)
        frame = TopocentricFrame(wgs84(), point, station)
        for mask in MASKS_DEG:
            d = ElevationDetector(frame).withConstantElevation(float(np.radians(mask)))
            asked.append((f"{station} {mask:g}", d, 1))
    for body, shape in (("earth", sphere), ("moon", moon)):
        eclipse = EclipseDetector(ow.sun(), bodies.SUN.radius_m, shape)
        asked.append((f"{body} umbra", eclipse.withUmbra(), -1))
        asked.append((f"{body} penumbra", eclipse.withPenumbra(), -1))
    settings = EventDetectionSettings(MAX_CHECK_S[name], THRESHOLD_S, 200)
    logged = []
    for what, detector, sign in asked:
        logger = EventsLogger()
        p.addEventDetector(
            logger.monitorDetector(
                detector.withDetectionSettings(settings).withHandler(ContinueOnEvent())
            )
        )
        logged.append((what, logger, sign))
    start = ow.utc(START)
    p.propagate(start, start.shiftedBy(SPAN_S))
    rows = {}
    for what, logger, sign in logged:
        events = [
            (float(e.getDate().durationFrom(start)), bool(e.isIncreasing()) == (sign > 0))
            for e in logger.getLoggedEvents()
        ]
        rows[what] = spans(sorted(events))
        print(name, what, len(rows[what]), flush=True)
    return {"interpolation_m": float(f"{apart:.1e}"), "windows": rows}


def main() -> None:
    """Write the file."""
    world = World.shipped()
    told = {name: found(name, path(name, world)) for name in MAX_CHECK_S}
    text = json.dumps(
        {
            "made_by": "make_orekit_contacts.py",
            **ow.provenance(),
            "threshold_s": THRESHOLD_S,
            "max_check_s": MAX_CHECK_S,
            "orbits": told,
        },
        indent=None,
        separators=(",", ":"),
    )
    (HERE / "orekit_contacts.json").write_text(text.replace("],[", "],\n[") + "\n")


if __name__ == "__main__":
    main()
