"""Accelerations by Orekit at a few states, force by force, for tests/physics.

    python make_orekit_forces.py

needs orekit-jpype (13.1), pyerfa and Java; Orekit is given the world shipped here by
../dynamics/orekit_world.py. Tides: Orekit's own IERS 2010 tables; its pole tides are counted from
the mean pole of 2010, not from the secular pole that replaced it in 2018. The ocean tides
are those of the small made-up file written by `fes`, in the format of the IERS file: what is
compared is the formula and the reading. Writes orekit_forces.json.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
sys.path.append(str(HERE.parent / "dynamics"))

import orekit_world as ow  # noqa: E402 - starts the JVM

ow.open_world()

from java.io import File  # noqa: E402
from java.util import ArrayList  # noqa: E402
from org.hipparchus.geometry.euclidean.threed import Rotation, RotationConvention, Vector3D  # noqa: E402
from org.orekit.attitudes import FrameAlignedProvider  # noqa: E402
from org.orekit.data import DataContext, DirectoryCrawler  # noqa: E402
from org.orekit.forces import BoxAndSolarArraySpacecraft, FixedPanel, PointingPanel  # noqa: E402
from org.orekit.forces.gravity import (  # noqa: E402
    DeSitterRelativity,
    LenseThirringRelativity,
    OceanTides,
    Relativity,
    SolidTides,
)
from org.orekit.forces.gravity.potential import (  # noqa: E402
    FESCnmSnmReader,
    GravityFieldFactory,
    TideSystem,
)
from org.orekit.orbits import CartesianOrbit  # noqa: E402
from org.orekit.propagation import SpacecraftState  # noqa: E402
from org.orekit.time import TimeScalesFactory  # noqa: E402
from org.orekit.utils import IERSConventions, PVCoordinates  # noqa: E402

MU, RADIUS = 3.986004415e14, 6_378_136.3
EPOCHS = ("2024-05-10T07:13:00Z", "2025-01-03T18:40:12Z", "2026-09-21T23:02:45Z")
WAVES = (
    ("55.565", "Om1"),
    ("135.655", "Q1"),
    ("165.555", "K1"),
    ("255.555", "M2"),
    ("273.555", "S2"),
)


def fes(degree: int = 6) -> str:
    """Made-up coefficients of five waves in the form of fes2004_Cnm-Snm.dat."""
    rng = np.random.default_rng(2004)
    lines = [
        "Coefficients to compute variations in normalized Stokes coefficients (unit = 10^-11)",
        "Ocean tide model: made up for a test, up to (6,6)",
        "Doodson Darw  l   m    DelC+     DelS+       DelC-     DelS-",
    ]
    for wave, name in WAVES:
        for m in range(degree + 1):
            for n in range(max(m, 1), degree + 1):
                a = rng.normal(size=4) * 10.0 / n
                if m == 0:
                    a[2:] = a[:2]
                lines.append(
                    f"{wave:>7} {name:<4} {n:2d} {m:3d} " + " ".join(f"{x:10.5f}" for x in a)
                )
    return "\n".join(lines) + "\n"


def states() -> list[tuple[str, list[float], list[float]]]:
    """Epoch and GCRF place and velocity of low, transfer and geostationary orbits."""
    rng = np.random.default_rng(36)
    out = []
    for k in range(12):
        r = rng.normal(size=3)
        r *= (6.75e6, 7.2e6, 2.0e7, 4.2164e7)[k % 4] / np.linalg.norm(r)
        v = np.cross(rng.normal(size=3), r)
        v *= np.sqrt(MU / np.linalg.norm(r)) * rng.uniform(0.9, 1.2) / np.linalg.norm(v)
        out.append((EPOCHS[k % 3], r.round(3).tolist(), v.round(6).tolist()))
    return out


def main() -> None:
    """Write the file."""
    home = Path(tempfile.mkdtemp())
    (home / "made_up_Cnm-Snm.dat").write_text(fes())
    DataContext.getDefault().getDataProvidersManager().addProvider(
        DirectoryCrawler(File(str(home)))
    )
    GravityFieldFactory.clearOceanTidesReaders()
    GravityFieldFactory.addOceanTidesReader(FESCnmSnmReader("made_up_Cnm-Snm.dat", 1.0e-11))

    iers = IERSConventions.IERS_2010
    ut1 = TimeScalesFactory.getUT1(iers, True)
    itrf, gcrf = ow.itrf(), ow.gcrf()
    bodies = [ow.sun(), ow.moon()]
    # step and points of Orekit's own interpolation of the tidal field
    fine = (60.0, 12)

    def solid(system: TideSystem, pole: bool) -> SolidTides:
        return SolidTides(itrf, RADIUS, MU, system, pole, *fine, iers, ut1, *bodies)

    def ocean(pole: bool) -> OceanTides:
        return OceanTides(itrf, RADIUS, MU, pole, *fine, 6, 6, iers, ut1)

    panels = ArrayList()
    # normal, area, drag, lift, absorption, reflection (specular): the rest is diffuse
    box = (((1, 0, 0), 4.0), ((-1, 0, 0), 4.0), ((0, 1, 0), 3.0), ((0, -1, 0), 3.0),
           ((0, 0, 1), 2.0), ((0, 0, -1), 2.0))  # fmt: skip
    for n, area in box:
        panels.add(FixedPanel(Vector3D(*map(float, n)), area, False, 2.2, 0.0, 0.5, 0.3))
    panels.add(PointingPanel(Vector3D.PLUS_J, ow.sun(), 20.0, 2.2, 0.0, 0.7, 0.2))
    craft = BoxAndSolarArraySpacecraft(panels)
    # Orekit's pointing panel has two sides in the air: the box alone is compared there
    plain = BoxAndSolarArraySpacecraft(ArrayList(panels.subList(0, 6)))
    turn = Rotation(Vector3D(0.3, -0.5, 0.8), 1.1, RotationConvention.FRAME_TRANSFORM)

    forces = {
        "solid_tide_free": solid(TideSystem.TIDE_FREE, False),
        "solid_zero_tide": solid(TideSystem.ZERO_TIDE, False),
        "solid_and_pole": solid(TideSystem.TIDE_FREE, True),
        "ocean": ocean(False),
        "ocean_and_pole": ocean(True),
        "schwarzschild": Relativity(MU),
        "lense_thirring": LenseThirringRelativity(MU, itrf),
        "de_sitter": DeSitterRelativity(),
    }
    rows = []
    for epoch, r, v in states():
        date = ow.utc(epoch)
        pv = PVCoordinates(Vector3D(*r), Vector3D(*v))
        orbit = CartesianOrbit(pv, gcrf, date, MU)
        attitude = FrameAlignedProvider(turn, gcrf).getAttitude(orbit, date, gcrf)
        state = SpacecraftState(orbit, attitude, 1.0)
        row: dict[str, object] = {"epoch": epoch, "r_m": r, "v_m_s": v}
        for name, force in forces.items():
            a = force.acceleration(state, force.getParameters(date))
            row[name] = [float(x) for x in a.toArray()]
        sun = ow.sun().getPosition(date, gcrf)
        flux = sun.subtract(pv.getPosition()).normalize().scalarMultiply(-1.0)
        none = np.array([1.0])
        a = craft.radiationPressureAcceleration(state, flux, none)
        row["panels_unit_pressure"] = [float(x) for x in a.toArray()]
        # Orekit takes the velocity of the air against the craft
        wind = Vector3D(-1.0, pv.getVelocity())
        a = plain.dragAcceleration(state, 1.0e-12, wind, none)
        row["box_drag"] = [float(x) for x in a.toArray()]
        rows.append(row)
    m = turn.getMatrix()
    out = {
        **ow.provenance(),
        "body_from_gcrf": [[float(x) for x in line] for line in m],
        "fes": fes().splitlines(),
        "states": rows,
    }
    text = json.dumps(out, indent=1)
    (HERE / "orekit_forces.json").write_text(text + "\n", encoding="ascii")


if __name__ == "__main__":
    main()
