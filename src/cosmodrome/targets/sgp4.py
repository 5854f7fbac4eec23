"""SGP4: where two-line elements lead, by the library `sgp4` (Vallado's code, WGS-72).

Vallado, Crawford, Hujsak and Kelso (2006), AIAA 2006-6753. The library is loaded when first used.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import numpy as np

from cosmodrome.errors import InputError
from cosmodrome.world.frame import GCRF
from cosmodrome.world.named_axes import to_gcrf
from cosmodrome.world.state import State

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.formats.mean_elements import MeanElements
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.orientation import EarthOrientation

__all__ = ["sgp4_state", "sgp4_teme"]

_J1950 = 2_433_281.5  # Julian date from which the library counts the days of the epoch
_XP = 4
#: error codes of the library -> what they mean, and what to do
_WHY = {
    1: (
        "the mean eccentricity leaves 0 to 1: drag has carried the elements out of their validity",
        "ask nearer to their epoch",
    ),
    2: ("the mean motion turns negative", "check the elements, or ask nearer to their epoch"),
    3: (
        "the eccentricity leaves 0 to 1 with the pull of Sun and Moon",
        "ask nearer to their epoch",
    ),
    4: (
        "the semi-latus rectum turns negative: these are no elements of an orbit",
        "check the elements",
    ),
    5: ("the perigee of the elements lies inside the Earth", "check the elements"),
    6: ("the object has decayed: its radius is below the Earth's", "ask earlier"),
}


@functools.lru_cache(maxsize=64)
def _satellite(elements: MeanElements) -> Any:
    """The library's record of an element set. Raises InputError."""
    from sgp4.api import WGS72, Satrec

    m = elements
    if m.ephemeris_type == _XP:
        raise InputError(
            f"the elements of {m} are for SGP4-XP (ephemeris type 4), which the library here does"
            " not hold; take the set of type 0 of the same object"
        )
    day, fraction = m.epoch.jd_utc
    record = Satrec()
    record.sgp4init(
        WGS72,
        "i",
        0,  # the number of the object plays no part
        (day - _J1950) + fraction,
        m.bstar,
        m.n_dot_rad_s2 * 3600.0,
        m.n_ddot_rad_s3 * 216_000.0,
        m.e,
        m.argp_rad,
        m.i_rad,
        m.mean_anomaly_rad,
        m.n_rad_s * 60.0,
        m.raan_rad,
    )
    return record


def sgp4_teme(
    elements: MeanElements, t_s: NDArray[np.float64] | float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Place (n, 3) m and velocity (n, 3) m/s in TEME of date, at seconds from the elements' epoch.

    Raises InputError where the theory fails: its error code in words, with the first such time.
    """
    t = np.atleast_1d(np.asarray(t_s, dtype=np.float64))
    record = _satellite(elements)
    r, v = np.empty((t.size, 3)), np.empty((t.size, 3))
    for k, seconds in enumerate(t):
        code, r[k], v[k] = record.sgp4_tsince(float(seconds) / 60.0)
        if code:
            why, write = _WHY.get(code, (f"SGP4 gives error {code}", "check the elements"))
            raise InputError(
                f"the elements of {elements} asked {seconds / 86_400.0:+.3f} days from their"
                f" epoch: {why}; {write}"
            )
    return r * 1e3, v * 1e3


def sgp4_state(
    elements: MeanElements, epoch: Epoch, mass_kg: float, orientation: EarthOrientation
) -> State:
    """The state that the elements mean at an instant, in GCRF.

    Two-line elements are good to about a kilometre at their epoch in low orbit, and lose
    kilometres a day away from it (Vallado et al. 2006). Raises InputError where the theory fails.
    """
    r, v = sgp4_teme(elements, epoch - elements.epoch)
    return State(epoch, GCRF, *to_gcrf("teme", orientation, epoch, r[0], v[0]), mass_kg)
