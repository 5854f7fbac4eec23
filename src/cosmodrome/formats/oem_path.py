"""The path that an ephemeris message describes: between its points as it says, in GCRF.

INTERPOLATION and INTERPOLATION_DEGREE (CCSDS 502.0-B-3, table 5-3): Lagrange of degree N through
the N + 1 nearest points, place and velocity each for itself; Hermite of degree N through place
and velocity of the (N + 1)/2 nearest points, the velocity being its derivative; linear is Lagrange
of degree 1. A message that says nothing is read by Hermite of degree 7, the usual choice.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.errors import DataSpanError, FrameMismatchError, InputError
from cosmodrome.world.frame import Frame, gcrf
from cosmodrome.world.named_axes import axes_of_message, to_gcrf
from cosmodrome.world.trajectory import Trajectory

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cosmodrome.formats.oem import Segment
    from cosmodrome.world.epoch import Epoch
    from cosmodrome.world.orientation import EarthOrientation

__all__ = ["interpolated", "span", "trajectory"]

_DEFAULT = ("HERMITE", 7)
_HIGHEST = 15


def span(segment: Segment) -> tuple[Epoch, Epoch]:
    """First and last instant that the segment answers for: its useable span, or its points'."""
    first, last = segment.points[0].epoch, segment.points[-1].epoch
    begin, end = segment.useable
    return max(begin or first, first), min(end or last, last)


def interpolated(segment: Segment, epoch: Epoch) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Place (3,) m and velocity (3,) m/s at an instant, in the message's own frame.

    Raises DataSpanError outside the span, InputError for a method that is not known.
    """
    first, last = span(segment)
    if not first <= epoch <= last:
        raise DataSpanError(
            f"asked at {epoch}; the message spans {first} to {last} and is never extrapolated:"
            " ask inside"
        )
    nodes = _Nodes(segment, *_method(segment))
    t = epoch - nodes.epoch
    y = nodes.at(np.array([t]), nodes.interval(t))[0]
    return y[:3], y[3:]


def trajectory(segment: Segment, orientation: EarthOrientation, mass_kg: float) -> Trajectory:
    """The segment as a path in GCRF axes about its centre, of constant mass.

    Between neighbouring points the polynomial that the message asks for, exactly; the path is
    continuous at the points in place, and for Hermite in velocity. Points in turning axes (TOD,
    TEME, ITRF) are turned to GCRF first and interpolated there. Raises FrameMismatchError for
    axes this package does not know, and for Earth-bound axes about another centre.
    """
    kind, degree = _method(segment)
    axes, frame = _frame(segment)
    turned = None
    if axes != "gcrf":
        turned = [
            np.concatenate(to_gcrf(axes, orientation, p.epoch, np.array(p.r_m), np.array(p.v_m_s)))
            for p in segment.points
        ]
    nodes = _Nodes(segment, kind, degree, turned)
    begin, end = (e - nodes.epoch for e in span(segment))
    inner = nodes.t[(nodes.t > begin) & (nodes.t < end)]
    breaks = np.concatenate([[begin], inner, [end]])
    if not end > begin:
        raise InputError("one point is no path: an ephemeris needs two instants at least")

    def f(t: NDArray[np.float64], k: int) -> NDArray[np.float64]:
        middle = 0.5 * (breaks[k] + breaks[k + 1])
        y = nodes.at(t, nodes.interval(middle))
        return np.column_stack([y, np.full(len(t), mass_kg)])

    path = Trajectory.fit(nodes.epoch, frame, breaks, f, nodes=max(nodes.degree, 1) + 1)
    coefficients = path.coefficients.copy()
    coefficients[:, :, 6] = 0.0
    coefficients[:, 0, 6] = mass_kg  # to the last bit
    return replace(path, coefficients=coefficients)


def _frame(segment: Segment) -> tuple[str, Frame]:
    axes = axes_of_message(segment.ref_frame)
    centre = segment.center.lower()
    if axes is None or (centre != "earth" and axes not in ("gcrf", "eme2000")):
        raise FrameMismatchError(
            f"states around {segment.center} in {segment.ref_frame} have no frame here; write the"
            " message in GCRF, ICRF or EME2000, or around EARTH in TOD, TEME or ITRF"
        )
    if segment.ref_frame_epoch is not None and axes in ("tod", "teme"):
        raise FrameMismatchError(
            f"{segment.ref_frame} of one epoch is not read; write the message in {axes.upper()} of"
            " date (no REF_FRAME_EPOCH) or in GCRF"
        )
    return axes, gcrf(centre)


def _method(segment: Segment) -> tuple[str, int]:
    kind = segment.interpolation.upper()
    if not kind:
        return _DEFAULT
    if kind not in ("HERMITE", "LAGRANGE", "LINEAR"):
        raise InputError(
            f"the interpolation {segment.interpolation!r} of the message is not known; write"
            " HERMITE, LAGRANGE or LINEAR"
        )
    degree = 1 if kind == "LINEAR" else segment.interpolation_degree or _DEFAULT[1]
    if degree > _HIGHEST:
        raise InputError(
            f"INTERPOLATION_DEGREE = {degree}: polynomials beyond {_HIGHEST} swing between the"
            " points; write 5 to 11"
        )
    return ("LAGRANGE" if kind == "LINEAR" else kind), degree


class _Nodes:
    """The points of a segment and the polynomials through windows of them.

    t        (n,) s from the first point, strictly increasing
    y        (n, 6) place and velocity
    degree   that of the polynomials, lowered where the points are too few
    """

    def __init__(
        self,
        segment: Segment,
        kind: str,
        degree: int,
        turned: list[NDArray[np.float64]] | None = None,
    ) -> None:
        points = segment.points
        # a line repeated word for word is one point
        kept = [k for k, p in enumerate(points) if k == 0 or p.epoch > points[k - 1].epoch]
        self.epoch = points[0].epoch
        self.t = np.array([points[k].epoch - self.epoch for k in kept])
        self.y = np.array(
            [turned[k] if turned is not None else [*points[k].r_m, *points[k].v_m_s] for k in kept]
        )
        self.hermite = kind == "HERMITE"
        wanted = (degree + 1) // 2 if self.hermite else degree + 1
        self.count = min(max(wanted, 2 if self.hermite else wanted), len(self.t))
        self.degree = 2 * self.count - 1 if self.hermite else self.count - 1

    def interval(self, t: float) -> int:
        """The first of the window of points whose middle is nearest to the interval at t."""
        k = int(np.searchsorted(self.t, t, side="right")) - 1
        k = min(max(k, 0), max(len(self.t) - 2, 0))
        first = k - (self.count - 1) // 2
        return min(max(first, 0), len(self.t) - self.count)

    def at(self, t: NDArray[np.float64], first: int) -> NDArray[np.float64]:
        """Place and velocity (n, 6) at times, by the polynomial of the window that begins there."""
        nodes = self.t[first : first + self.count]
        y = self.y[first : first + self.count]
        middle, scale = 0.5 * (nodes[0] + nodes[-1]), max(0.5 * (nodes[-1] - nodes[0]), 1e-9)
        x, s = (nodes - middle) / scale, (t - middle) / scale
        if not self.hermite:
            return _newton(x, _divided(x, y), s)[0]
        # each node twice: the divided difference of a doubled node is the derivative there
        twice = np.repeat(x, 2)
        table = np.repeat(y[:, :3], 2, axis=0)
        rates = y[:, 3:] * scale
        r, v = _newton(twice, _divided(twice, table, rates), s)
        return np.column_stack([r, v / scale])


def _divided(
    x: NDArray[np.float64], y: NDArray[np.float64], rates: NDArray[np.float64] | None = None
) -> NDArray[np.float64]:
    """Coefficients of Newton's form (n, C); `rates` are the derivatives at doubled nodes."""
    c = np.array(y)
    for order in range(1, len(x)):
        above = c[order:] - c[order - 1 : -1]
        step = (x[order:] - x[:-order])[:, None]
        if order == 1 and rates is not None:
            step[::2] = 1.0
            above[::2] = rates
        c[order:] = above / step
    return c


def _newton(
    x: NDArray[np.float64], c: NDArray[np.float64], s: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Value and derivative of Newton's form at s, (m, C) each."""
    value = np.repeat(c[-1:], len(s), axis=0)
    slope = np.zeros_like(value)
    for k in range(len(x) - 2, -1, -1):
        away = (s - x[k])[:, None]
        slope = value + away * slope
        value = c[k] + away * value
    return value, slope
