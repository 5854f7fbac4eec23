"""Orientation of any body: which axes it has, and how they lie against GCRF.

    earth    itrf                     IAU 2006/2000A with the Earth-orientation table
    moon     moon-pa                  principal axes of DE440 (its own librations)
             moon-pa-de430, -de421    principal axes of the ephemeris a gravity field belongs to
             moon-me                  mean-Earth axes: maps, sites, terrain
             iau-moon                 the IAU's truncated series, up to 155 m off moon-me
    others   iau-sun, iau-mercury ... iau-neptune (IAU 2015); iau-mars-1991

The Moon's mean-Earth and principal axes are 875 m apart on the surface.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.errors import UnknownNameError, did_you_mean
from cosmodrome.world.bodies import body as _body
from cosmodrome.world.ephemeris import tdb_clock
from cosmodrome.world.frame import Frame, Rotation
from cosmodrome.world.iau_rotation import IAU, fixed_from_icrf
from cosmodrome.world.moon_orientation import MoonOrientation

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.world import World

__all__ = ["axes_of", "fixed_frame", "fixed_from_gcrf", "fixed_from_gcrf_many"]

_MOON = MoonOrientation()


def axes_of(body: str) -> tuple[str, ...]:
    """Names of the body-fixed axes of a body; the first is taken when none is named.

    Raises UnknownNameError for an unknown body.
    """
    name = _body(body).name
    if name == "earth":
        return ("itrf",)
    iau = tuple(a for a in IAU if a == f"iau-{name}" or a.startswith(f"iau-{name}-"))
    if name == "moon":
        return ("moon-pa", "moon-me", "moon-pa-de430", "moon-pa-de421", *iau)
    return iau


def fixed_frame(body: str, axes: str | None = None) -> Frame:
    """The frame that is centred on a body and turns with it.

    Raises UnknownNameError for an unknown body, or axes that are not the body's.
    """
    return Frame(body, _known(body, axes), inertial=False)


def fixed_from_gcrf(world: World, body: str, axes: str | None, epoch: Epoch) -> Rotation:
    """Rotation and rate from GCRF to the body-fixed axes at an instant."""
    many = fixed_from_gcrf_many(world, body, axes, epoch, np.zeros(1))
    rate = None if many.rate is None else many.rate[0]
    return Rotation(many.to, many.of, many.matrix[0], rate)


def fixed_from_gcrf_many(
    world: World, body: str, axes: str | None, epoch0: Epoch, t_s: NDArray[np.float64]
) -> Rotation:
    """Rotations (n, 3, 3) and rates (n, 3) at seconds of TT after `epoch0`.

    axes  of `axes_of(body)`; None takes the first

    Raises UnknownNameError for an unknown body, or axes that are not the body's; DataSpanError
    outside the Earth's and the Moon's data (1962-2060).
    """
    name = _known(body, axes)
    t = np.atleast_1d(np.asarray(t_s, dtype=np.float64))
    if name == "itrf":
        return world.orientation.itrf_from_gcrf_many(epoch0, t)
    if name in IAU:
        return Rotation(name, "gcrf", *fixed_from_icrf(name, *tdb_clock(epoch0, t)))
    pa = _MOON.pa_from_gcrf_many(epoch0, t)
    if name == "moon-pa":
        return pa
    if name == "moon-me":
        return _MOON.me_from_pa() @ pa
    return _MOON.pa_from_pa440(name.removeprefix("moon-pa-")) @ pa


def _known(body: str, axes: str | None) -> str:
    known = axes_of(body)
    if axes is None:
        return known[0]
    if axes not in known:
        raise UnknownNameError(f"{body!r} has no axes {axes!r}. {did_you_mean(axes, known)}")
    return axes
