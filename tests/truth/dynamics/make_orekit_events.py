"""Events of seven days by Orekit -> orekit_events.json.

    python make_orekit_events.py

needs what orekit_world.py says; minutes. EGM2008 70x70, Sun and Moon, no drag, no sunlight, from
the orbits of make_orekit.py. All detectors run on one propagation; each is polished to 1e-10 s.

nodes      of the plane normal to the celestial intermediate pole: z = 0 in CIRF (IERS 2010)
apsides    r.v = 0
umbra, penumbra  the Sun (a sphere of 695,700 km, geometric place) behind a sphere of 6,378,137 m
stations   elevation above the horizon of the WGS84 ellipsoid, no refraction, straight line
altitude   geodetic, WGS84

Rows: [kind, seconds after the start, what]; what is a station and mask, an altitude in m, or "".
`orekit_error_s` is the largest shift of an instant against a run with ten times the tolerance.
"""

from __future__ import annotations

import orekit_world as ow

# before the makers open it their way: a rise at grazing elevation feels 3e-10 rad of the pole
ow.open_world(between_days=True)

import make_orekit as mo  # noqa: E402
from orekit_shared import FLATTENING, detectors, wgs84  # noqa: E402
from orekit_shared import events as found  # noqa: E402

from cosmodrome.world import bodies  # noqa: E402

from org.orekit.propagation.events import (  # noqa: E402  # isort: skip
    AltitudeDetector,
    EventDetectionSettings,
)

# latitude and longitude in deg, height over WGS84 in m
STATIONS = {
    "svalbard": (78.23, 15.39, 450.0),
    "vostochny": (51.88, 128.33, 250.0),
    "hartebeesthoek": (-25.89, 27.69, 1540.0),
}
MASKS_DEG = (0.0, 10.0)
ALTITUDES_M = {
    "sso": (500_000.0,),
    "molniya": (1_000_000.0, 20_000_000.0),
    "gto": (400_000.0, 20_000_000.0),
}
THRESHOLD_S = 1e-10


def events(name: str, tolerance_m: float, max_check_s: float) -> list[list[object]]:
    """All events of one orbit in order of time."""
    settings = EventDetectionSettings(max_check_s, THRESHOLD_S, 200)
    asked = detectors(settings, STATIONS, MASKS_DEG)
    asked += [
        ("altitude upward", "altitude downward", f"{h:g}", AltitudeDetector(h, wgs84()))
        for h in ALTITUDES_M[name]
    ]
    s = mo.state(*mo.initial(name))
    p = mo.propagator(s, mo.nature(70), tolerance_m)
    start = s.getDate()
    return found(p, asked, settings, start, start.shiftedBy(mo.SPAN_S))


def main() -> None:
    """Write the file."""
    orbits = {}
    for name in ("sso", "molniya", "gto"):
        fine = events(name, 1e-11, 30.0)
        rough = events(name, 1e-10, 20.0)
        assert [(r[0], r[2]) for r in fine] == [(r[0], r[2]) for r in rough], name
        shift = max(abs(a[1] - b[1]) for a, b in zip(fine, rough, strict=True))
        r, v = mo.initial(name)
        print(name, len(fine), shift, flush=True)
        orbits[name] = {
            "r_m": r.tolist(),
            "v_m_s": v.tolist(),
            "orekit_error_s": float(f"{shift:.1e}"),
            "events": [[kind, round(t, 9), what] for kind, t, what in fine],
        }
    mo.write(
        "orekit_events.json",
        {
            **mo.common(),
            "tolerance_m": 1e-11,
            "threshold_s": THRESHOLD_S,
            "span_s": mo.SPAN_S,
            "gravity": [70, 70],
            "bodies": ["sun", "moon"],
            "ellipsoid": [bodies.EARTH_EQUATORIAL_RADIUS_M, FLATTENING],
            "stations_deg_deg_m": STATIONS,
            "orbits": orbits,
        },
    )


if __name__ == "__main__":
    main()
