"""The axes that messages and two-line elements name, turned into GCRF.

EME2000 is the mean equator and equinox of J2000, off GCRF by the frame bias (IERS Conventions
2010, section 5.5.1; 23 mas, 0.8 m in low orbit). TEME is the true equator and mean equinox of date
of SGP4: Vallado, Crawford, Hujsak and Kelso (2006), AIAA 2006-6753, appendix C, take it to the
Earth-fixed frame by the Greenwich mean sidereal time of 1982, R3(GMST82) = W^T ITRF <- TEME. With
itrf_from_tod = W . R3(GAST) of this package that is teme_from_gcrf = R3(GAST - GMST82) .
tod_from_gcrf: the pole is IAU 2006/2000A with the observed offsets.

About the Moon: GCRF's and EME2000's axes, the Moon's equator of date (`world.centres`), and the
axes that turn with it, mean-Earth and principal (`world.moon_orientation`).
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import erfa
import numpy as np

from cosmodrome.errors import InputError, did_you_mean
from cosmodrome.world.centres import moon_equator_from_gcrf
from cosmodrome.world.frame import Rotation
from cosmodrome.world.moon_orientation import MoonOrientation

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.orientation import EarthOrientation

__all__ = [
    "MOON_AXES",
    "NAMED_AXES",
    "TURNING",
    "axes_of_message",
    "centre_of",
    "eme2000_from_gcrf",
    "teme_from_gcrf",
    "to_gcrf",
]

#: axes about the Earth that a place and a velocity may be given in
NAMED_AXES = ("gcrf", "eme2000", "tod", "teme", "itrf")
#: the same about the Moon
MOON_AXES = ("moon/gcrf", "moon/eme2000", "moon-equator", "moon-me", "moon-pa")
#: those that turn with the ground: a velocity in them is the one seen from it
TURNING = ("itrf", "moon-me", "moon-pa")
_TT_MINUS_TAI_S = 32.184
#: frame names of messages about the Moon (SANA registry of celestial body reference frames)
_MOON_MESSAGES = {
    "GCRF": "moon/gcrf",
    "ICRF": "moon/gcrf",
    "EME2000": "moon/eme2000",
    "J2000": "moon/eme2000",
    "MOON_ME": "moon-me",
    "MOON_PA": "moon-pa",
}


@functools.cache
def eme2000_from_gcrf() -> Rotation:
    """The frame bias, constant (IAU 2006 as ERFA `bp06` has it)."""
    bias, _, _ = erfa.bp06(2451545.0, 0.0)
    matrix = np.array(bias)
    matrix.flags.writeable = False
    return Rotation("eme2000", "gcrf", matrix)


def centre_of(axes: str) -> str:
    """The body that axes of NAMED_AXES or MOON_AXES are about."""
    return "moon" if axes in MOON_AXES else "earth"


def teme_from_gcrf(orientation: EarthOrientation, epoch: Epoch) -> Rotation:
    """True equator, mean equinox of date; no rate: take the axes as frozen at the instant.

    Raises DataSpanError before 1962-01-01.
    """
    day, fraction = epoch.jd_tt
    ut1 = fraction + (orientation.ut1_minus_tai_s(epoch) - _TT_MINUS_TAI_S) / 86400.0
    angle = orientation.gast_rad(epoch) - float(erfa.gmst82(day, ut1))
    c, s = np.cos(angle), np.sin(angle)
    turn = np.array([[c, s, 0.0], [-s, c, 0.0], [0.0, 0.0, 1.0]])
    return Rotation("teme", "gcrf", turn @ orientation.tod_from_gcrf(epoch).matrix)


def to_gcrf(
    axes: str,
    orientation: EarthOrientation,
    epoch: Epoch,
    r_m: NDArray[np.float64],
    v_m_s: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Place and velocity in one of NAMED_AXES or MOON_AXES as GCRF components, (3,) each.

    The centre stays that of the axes. tod, teme and moon-equator are taken as frozen at the
    instant, as elements of date are; itrf, moon-me and moon-pa turn, and a velocity in them is that
    seen from the ground.
    """
    if axes in ("gcrf", "moon/gcrf"):
        return np.array(r_m, dtype=np.float64), np.array(v_m_s, dtype=np.float64)
    if axes == "itrf":
        return orientation.itrf_from_gcrf(epoch).T.velocity(r_m, v_m_s)
    if axes in TURNING:
        moon = MoonOrientation()
        pa = moon.pa_from_gcrf(epoch)
        return (pa if axes == "moon-pa" else moon.me_from_pa() @ pa).T.velocity(r_m, v_m_s)
    if axes in ("eme2000", "moon/eme2000"):
        turn = eme2000_from_gcrf()
    elif axes == "tod":
        turn = orientation.tod_from_gcrf(epoch)
    elif axes == "teme":
        turn = teme_from_gcrf(orientation, epoch)
    elif axes == "moon-equator":
        turn = moon_equator_from_gcrf(epoch)
    else:
        raise InputError(
            f"no axes are called {axes!r}. {did_you_mean(axes, NAMED_AXES + MOON_AXES)}"
        )
    return turn.T.vector(r_m), turn.T.vector(v_m_s)


def axes_of_message(name: str, center: str = "EARTH") -> str | None:
    """The axes of NAMED_AXES, or about the Moon of MOON_AXES, that a CCSDS frame name means; None
    where it has none here.

    GCRF and ICRF are one about the Earth; J2000 is EME2000; any realisation of the ITRF is taken
    for itrf (they differ by centimetres).
    """
    name = name.upper().replace("-", "_")
    if center.upper() == "MOON":
        return _MOON_MESSAGES.get(name)
    if name in ("GCRF", "ICRF"):
        return "gcrf"
    if name in ("EME2000", "J2000"):
        return "eme2000"
    if name in ("TOD", "TRUE_OF_DATE"):
        return "tod"
    if name == "TEME":
        return "teme"
    return "itrf" if name.startswith("ITRF") else None
