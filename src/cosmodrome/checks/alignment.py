"""The axes that a plan is flown in: what the inertial unit is aligned to before lift-off.

They are counted from the pad's own meridian and the Earth's pole; a constant of another flight
turns all that the plan says, and guidance with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.checks.angles import azimuth_of, signed_turn, vertical
from cosmodrome.checks.burns_flown import programmed
from cosmodrome.checks.places import fixed_point
from cosmodrome.checks.verdicts import Judged, at_most, not_judged

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from cosmodrome.checks.view import View

    Array = NDArray[np.float64]

__all__ = ["alignment"]

# the pole of the terrestrial frame stands for the spin axis, 1e-4 deg away; what is aligned
# before lift-off is good to a few hundredths
AXES_DEG = 0.05
# thrust at T+60 s lies along the flow, whose heading still settles (`flown-heading`), and
# the angle of attack
LEAN_DEG = 10.0
_LEAN_S = 60.0
# a thrust nearer to the vertical than this leans nowhere
_UPRIGHT = 0.05


def alignment(view: View) -> Iterator[Judged]:
    """The plan's launch axes against the pad's meridian, and the way its thrust leans in them."""
    plan = view.stack.plan
    if plan is None:
        yield not_judged("the stack's leg carries no plan")
        return
    site, name = view.mission.site, view.stack.object
    fixed = np.asarray(view.world.orientation.itrf_from_gcrf(plan.epoch).matrix)
    wanted = _meridian_axes(
        fixed, fixed_point(site.latitude_rad, site.longitude_rad, site.height_m)
    )
    told = np.asarray(plan.launch_axes, dtype=np.float64)
    apart = float(np.max(np.abs(told @ told.T - np.eye(3))))
    if not apart < 1e-9 or np.linalg.det(told) < 0.0:
        yield Judged(
            "fails", None, None, "", None, "T+0",
            f"the plan's launch axes are no right-handed unit axes ({apart:.2g} apart)", name,
        )  # fmt: skip
        return
    turn = _rotation_vector(told @ wanted.T)
    up = wanted @ fixed.T @ vertical(site.latitude_rad, site.longitude_rad)
    about = np.degrees(float(turn @ up))
    tilt = np.degrees(float(np.linalg.norm(turn - (turn @ up) * up)))
    yield at_most(
        np.degrees(float(np.linalg.norm(turn))),
        AXES_DEG,
        "deg",
        "before lift-off",
        f"the plan's axes are turned from the pad's meridian and the Earth's pole by {about:+.3f}"
        f" deg about the vertical, {tilt:.3f} deg aside",
        object=name,
    )
    yield from _lean(view, fixed @ told.T)


def _lean(view: View, fixed_from_plan: Array) -> Iterator[Judged]:
    """The azimuth of the plan's thrust at T+60 s against the planned heading."""
    plan = view.stack.plan
    assert plan is not None
    site = view.mission.site
    if not plan.attitude.breaks_s or plan.attitude.breaks_s[-1] < _LEAN_S:
        return
    u = fixed_from_plan @ programmed(plan.attitude, np.array([_LEAN_S]))[0]
    azimuth, level = azimuth_of(u, site.latitude_rad, site.longitude_rad)
    if level < _UPRIGHT:
        return
    planned = view.launch.azimuth_relative_rad
    off = np.degrees(float(signed_turn(azimuth, planned)))
    yield at_most(
        abs(off),
        LEAN_DEG,
        "deg",
        f"T+{_LEAN_S:.0f} s",
        f"in the plan's axes the thrust leans to {np.degrees(azimuth):.2f} deg, {off:+.2f} deg from"
        f" the planned heading of {np.degrees(planned):.2f} deg",
        object=view.stack.object,
    )


def _meridian_axes(fixed: Array, pad: Array) -> Array:
    """Rows in GCRF: the pad's meridian across the pole, east of it, the pole."""
    pole = fixed[2]
    place = fixed.T @ pad
    meridian = place - (place @ pole) * pole
    meridian = meridian / np.linalg.norm(meridian)
    return np.vstack([meridian, np.cross(pole, meridian), pole])


def _rotation_vector(m: Array) -> Array:
    """Of a rotation matrix, rad; its axis times its angle (Euler, Rodrigues)."""
    twice = np.array([m[2, 1] - m[1, 2], m[0, 2] - m[2, 0], m[1, 0] - m[0, 1]])
    sine = 0.5 * float(np.linalg.norm(twice))
    angle = float(np.arctan2(sine, 0.5 * (np.trace(m) - 1.0)))
    if sine > 1e-9:
        return 0.5 * twice / sine * angle
    # half a turn: the axis is the column of (m + 1) / 2 that is longest
    whole = 0.5 * (m + np.eye(3))
    axis = whole[:, int(np.argmax(np.diag(whole)))]
    out: Array = axis / max(float(np.linalg.norm(axis)), 1e-9) * angle
    return out
