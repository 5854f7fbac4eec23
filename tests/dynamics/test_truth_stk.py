"""STK HPOP, force by force (tests/truth/dynamics/stk_hpop.json; acceptance set of NASA GMAT).

Each case is flown twice: with the shipped constants, where only the gravity field, the solar
pressure and the indices of the air are those of the case, and with every constant and convention
of STK's that was found. What is left of the first in the second is explained by them:

- Sun and Moon by DE405 with its GM, at TT instead of TDB, in axes of J2000 without the frame bias;
- the Earth's orientation by IAU 1976/1980 without corrections of the pole;
- the Moon's axes by DE405's own libration, its shadow that of a sphere of 1,738.2 km;
- 2010: the leap second of 31 December 2008 was not known to the program of 2007.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from cosmodrome.dynamics import (
    Drag,
    Dynamics,
    Gravity,
    PointMass,
    Radiation,
    assembly,
    tables,
)
from cosmodrome.dynamics.forces import Force
from cosmodrome.mission.nouns import SpaceWeather
from cosmodrome.world.bodies import MOON, SOLAR_PRESSURE_N_M2, Body, body
from cosmodrome.world.epoch import Epoch
from tests.dynamics.other_constants import (
    BIAS,
    DE405_MOON,
    DE405_SUN,
    De405,
    Iau1980,
    Other,
    point,
)
from tests.dynamics.truth_cases import TRUTH, field, misses, stored, worst

pytestmark = pytest.mark.truth

STK = stored("stk_hpop.json")
START = {"EML2": "2010-01-23T00:00:02.999Z"}
# pressure STK was run with, N/m^2 at 1 au
PRESSURE = 4.53443218374393e-6
LIGHT = Radiation(20.0 * PRESSURE / SOLAR_PRESSURE_N_M2, 1.2)
# F10.7 = 150, Kp = 3 (ap = 15)
AIR = Drag(20.0, 2.2, "nrlmsise00", SpaceWeather(150.0, 150.0, 15.0))
MOON_SHADOW_M = 1_738_200.0


def forces(name: str) -> tuple[str, list[Force], dict[str, Any]]:
    """Centre, forces, and gravity fields by the parts of a case's name."""
    orbit, names, gravity, air, light = name.split("_")
    out: list[Force] = []
    fields: dict[str, Any] = {}
    if gravity == "LP165P":
        centre, fields["moon"] = "moon", field("lp165p_20x20", "moon", "moon-pa")
        out.append(Gravity("moon", 20))
        if orbit == "EML2":
            out += [PointMass("sun"), PointMass("earth")]
    elif orbit == "Moon":
        centre = "moon"
        out.append(PointMass("moon"))
    else:
        centre = "earth"
        out += [PointMass(b) for b, part in (("sun", "Sun"), ("moon", "Luna")) if part in names]
        if gravity == "0":
            out.append(PointMass("earth"))
        else:
            degree = 4 if orbit == "EML2" else 70 if gravity.endswith("full") else 20
            out.append(Gravity("earth", degree))
            fields["earth"] = field("jgm2_20x20" if gravity == "JGM2" else "egm96_70x70")
    out += [f for f, on in ((AIR, air == "MSISE00"), (LIGHT, light == "SRP")) if on]
    return centre, out, fields


def flown(name: str, world: Any, *, matched: bool) -> float:
    """The largest distance, m, with the shipped constants or with STK's."""
    orbit = name.split("_")[0]
    centre, parts, fields = forces(name)
    epoch = Epoch.from_utc(START.get(orbit, "2004-06-01T12:00:00Z"))
    ephemeris, orientation = world.ephemeris, world.orientation
    if matched:
        ephemeris = De405(TRUTH / "de405.npy", ephemeris, tt_as_tdb=True)
        orientation = Iau1980(orientation)
        fields.setdefault("moon", point("moon", DE405_MOON))
        fields["sun"] = point("sun", DE405_SUN)
        # a body whose mass is given is a field of degree 0
        given = ("sun", "moon")
        parts = [
            Gravity(f.body, 0) if isinstance(f, PointMass) and f.body in given else f
            for f in parts
        ]
    rows = STK[name]
    if orbit == "EML2" and centre == "moon":
        table = np.array(rows)
        y = ephemeris.states("moon", epoch, table[:, 0]) if matched else np.hstack([
            ephemeris.positions_m("moon", epoch, table[:, 0]),
            ephemeris.velocities_m_s("moon", epoch, table[:, 0]),
        ])  # fmt: skip
        # the other axes as well: place and velocity of the Moon on those of the rows
        if not matched:
            y = np.hstack([y[:, :3] @ BIAS.T, y[:, 3:] @ BIAS.T])
        table[:, 1:] -= y / 1e3
        rows = table.tolist()
    return worst(
        misses(
            rows,
            Dynamics(tuple(parts), centre),
            epoch,
            1000.0,
            Other(world, fields, orientation, ephemeris),
            rotation=None if matched else BIAS,
            scale=1e3,
        )
    )


@pytest.fixture
def as_stk(monkeypatch: pytest.MonkeyPatch, shipped_world: Any) -> None:
    """Libration by DE405, the Moon's shadow as STK had it."""
    axes = De405(TRUTH / "de405.npy", shipped_world.ephemeris, tt_as_tdb=True).moon_fixed()
    monkeypatch.setattr(tables, "fixed_from_gcrf_many", axes)

    def with_shadow(name: str) -> Body:
        from dataclasses import replace

        return replace(MOON, figure_m=MOON_SHADOW_M) if name == "moon" else body(name)

    monkeypatch.setattr(assembly, "body", with_shadow)


if True:
    @pytest.mark.parametrize("name", STK)
    def test_x(name, shipped_world, as_stk, request):
        m = flown(name, shipped_world, matched=True)
        print("M", name, m)

    @pytest.mark.parametrize("name", STK)
    def test_y(name, shipped_world):
        print("S", name, flown(name, shipped_world, matched=False))
