"""The mean Sun: what local mean solar time, and so a local time of node, is counted from.

The fictitious mean Sun is the point of the equator whose hour angle at Greenwich is UT1 minus
12 h: its right ascension is sidereal time minus UT1 plus 12 h. With sidereal time of IAU 2006
(ERFA `gst06a`, `gmst06`) this continues Newcomb's definition (Explanatory Supplement to the
Astronomical Almanac, 3rd ed. 2013, section 6.8.2; Capitaine, Wallace & McCarthy 2003, A&A
406:1135). An orbit's local time of ascending node is then exactly the local mean solar time
(UT1 plus east longitude) at which it crosses the equator northward.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import erfa
import numpy as np

from cosmodrome.errors import InputError

if TYPE_CHECKING:
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.orientation import EarthOrientation

__all__ = ["local_time_of_node_h", "mean_sun_right_ascension_rad", "node_of_local_time_rad"]

_TWO_PI = 2.0 * np.pi


def mean_sun_right_ascension_rad(
    epoch: Epoch,
    orientation: EarthOrientation | None = None,
    *,
    equinox: Literal["true", "mean"] = "true",
) -> float:
    """Right ascension of the fictitious mean Sun, [0, 2 pi), on the equator of date.

    equinox      "true" (default): from the true equinox of date, for use with nodes in the
                 TOD frame; "mean": from the mean equinox of date (apart by the equation of the
                 equinoxes, at most 1.2 s of time)
    orientation  gives UT1; without it UT1 = UTC is taken, which moves the result by less than
                 1.8e-7 rad (2.5 ms of local time)
    """
    tt1, tt2 = epoch.jd_tt
    offset_s = (
        -32.184 + orientation.ut1_minus_tai_s(epoch)
        if orientation is not None
        else -32.184 - epoch.tai_minus_utc_s
    )
    ut1_fraction = tt2 + offset_s / 86400.0
    if equinox == "true":
        sidereal = float(erfa.gst06a(tt1, ut1_fraction, tt1, tt2))
    elif equinox == "mean":
        sidereal = float(erfa.gmst06(tt1, ut1_fraction, tt1, tt2))
    else:
        raise InputError(f"equinox {equinox!r} is not known; write 'true' or 'mean'")
    # tt1 falls on noon: UT1 counted from midnight is the fraction plus half a turn
    return float(np.mod(sidereal - _TWO_PI * (ut1_fraction + 0.5) + np.pi, _TWO_PI))


def local_time_of_node_h(
    raan_rad: float, epoch: Epoch, orientation: EarthOrientation | None = None
) -> float:
    """Local mean solar time in hours [0, 24) of a node given by its right ascension (TOD)."""
    sun = mean_sun_right_ascension_rad(epoch, orientation)
    return float(np.mod((raan_rad - sun) / _TWO_PI * 24.0 + 12.0, 24.0))


def node_of_local_time_rad(
    local_time_h: float, epoch: Epoch, orientation: EarthOrientation | None = None
) -> float:
    """Right ascension (TOD), [0, 2 pi), of a node that has that local mean solar time."""
    sun = mean_sun_right_ascension_rad(epoch, orientation)
    return float(np.mod(sun + (local_time_h - 12.0) / 24.0 * _TWO_PI, _TWO_PI))
