"""Reference paths by GMAT R2026a (gmatpy) from the orbits of orekit_days.json -> gmat_days.json.

    python make_gmat.py

needs gmatpy 0.2 (Python >= 3.12), pyerfa, NumPy; minutes. The cases, bodies and constants are
those of orekit_days.json: EGM2008 70x70, Sun and Moon at the places and with the GM of DE440, and
sunlight on a sphere with the shadow of a sphere, all by GMAT's own code.

`rows` are GMAT's states brought back to GCRF by the matrix D at the middle of the week (see
gmat_world.py); `axes_from_gcrf` holds D(t) as small angles about x, y, z each half day, so that
what its motion leaves can be judged. `gmat_error_m` is the largest difference between steps of at
most 30 s and 60 s (LEO) or between accuracies 1e-13 and 1e-12.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import gmat_world as gw
import numpy as np

from cosmodrome.world.epoch import Epoch
from cosmodrome.world.world import World

HERE = Path(__file__).parent
GIVEN = json.loads((HERE / "orekit_days.json").read_text(encoding="ascii"))
EPOCH = Epoch.from_utc(GIVEN["start_utc"])
STEP_S = GIVEN["step_s"]
LIGHT = GIVEN["sunlight"]


def turns() -> np.ndarray:
    """D(t) each half day of the week, (15, 3, 3)."""
    gw.open_world()
    t = np.arange(15) * 43_200.0
    with gw.gmatpy.native_session() as gmat:
        ours = World.shipped().orientation.itrf_from_gcrf_many(EPOCH, t).matrix
        theirs = gw.fixed_from_inertial(gmat, [gw.a1_mjd(gmat, EPOCH, x) for x in t])
    return np.einsum("nji,njk->nik", theirs, ours)


def nearest_rotation(m: np.ndarray) -> np.ndarray:
    """The rotation closest to a matrix."""
    u, _, vt = np.linalg.svd(m)
    return u @ vt


def angles(d: np.ndarray) -> list[float]:
    """Small rotation about x, y, z, rad."""
    pairs = ((1, 2), (2, 0), (0, 1))
    return [float(f"{(d[i, j] - d[j, i]) / 2.0:.4e}") for i, j in pairs]


def fly(mirror: Path, y0: np.ndarray, lit: bool, accuracy: float, max_step_s: float) -> np.ndarray:
    """States (n, 6) in GMAT's axes each STEP_S, from `y0` in m and m/s."""
    count = len(next(iter(GIVEN["cases"].values()))["rows"])
    with gw.gmatpy.native_session() as gmat:
        steps = gw.integrator(
            gmat, mirror, EPOCH, y0,
            degree=70, attract=("sun", "moon"), mass_kg=GIVEN["mass_kg"],
            light=(LIGHT["area_m2"], LIGHT["cr"]) if lit else None,
            accuracy=accuracy, max_step_s=max_step_s,
        )  # fmt: skip
        rows = [list(y0)]
        for _ in range(1, count):
            gw.advance(steps, STEP_S)
            rows.append([1e3 * float(x) for x in steps.GetState()])
    return np.array(rows)


def flights(path: str) -> None:
    """All cases, in a process of its own: GMAT opens its ephemeris once."""
    turn = np.array(json.loads(path))
    mirror = gw.open_world(turn)
    both = np.kron(np.eye(2), turn)
    for name, case in GIVEN["cases"].items():
        y0 = both @ np.array(case["rows"][0])
        low = name.split()[0] in ("leo", "sso")
        settings = ((1e-13, 30.0), (1e-13, 60.0)) if low else ((1e-13, 300.0), (1e-12, 300.0))
        fine, rough = (fly(mirror, y0, case["sunlight"], *s) for s in settings)
        error = float(np.linalg.norm(fine[:, :3] - rough[:, :3], axis=1).max())
        back = fine @ both
        rows = [
            [*(round(x, 6) for x in r[:3]), *(round(x, 9) for x in r[3:])] for r in back.tolist()
        ]
        answer = {"gmat_error_m": float(f"{error:.1e}"), "rows": rows}
        print(json.dumps([name, answer]), flush=True)


def main() -> None:
    """Write the file."""
    d = turns()
    middle = nearest_rotation(d[7])
    me = [sys.executable, __file__, json.dumps(middle.tolist())]
    cases = {}
    with subprocess.Popen(me, stdout=subprocess.PIPE, text=True) as flown:
        assert flown.stdout is not None
        for line in flown.stdout:
            if not line.startswith("["):
                continue
            name, answer = json.loads(line)
            theirs = np.array(answer["rows"])[:, :3]
            off = np.linalg.norm(theirs - np.array(GIVEN["cases"][name]["rows"])[:, :3], axis=1)
            print(f"{name:16} own {answer['gmat_error_m']:.1e} m, from Orekit after a day"
                  f" {off[4]:.1e} m, at most {off.max():.1e} m", flush=True)  # fmt: skip
            cases[name] = {"sunlight": GIVEN["cases"][name]["sunlight"], **answer}
    what = {
        **{k: v for k, v in GIVEN.items() if k not in ("cases", "integrator", "source")},
        "source": f"GMAT R2026a, gmatpy {version('gmatpy')}; EGM2008, Earth orientation and DE440"
        " as shipped with cosmodrome; GMAT's own FK5 rotation",
        "integrator": "PrinceDormand78",
        "axes_from_gcrf": [[43_200.0 * k, *angles(x)] for k, x in enumerate(d)],
        "cases": cases,
    }
    text = json.dumps(what, indent=0)
    flat = re.sub(r"\[\s+([^\[\]{}]*?)\s+\]", lambda m: "[" + " ".join(m[1].split()) + "]", text)
    (HERE / "gmat_days.json").write_text(flat + "\n", encoding="ascii")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        flights(sys.argv[1])
    else:
        main()
