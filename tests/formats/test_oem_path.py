"""Ephemeris messages as paths: the interpolation they ask for, and the frames they are in."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from cosmodrome.errors import DataSpanError, FrameMismatchError, InputError
from cosmodrome.formats.oem import Point, Segment
from cosmodrome.formats.oem_path import interpolated, span, trajectory
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.named_axes import to_gcrf
from cosmodrome.world.orientation import EarthOrientation

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

T0 = Epoch.from_utc("2027-03-01T00:00:00Z")


def segment(
    path: Callable[[float], tuple[object, object]], t_s: list[float], **more: object
) -> Segment:
    points = []
    for t in t_s:
        r, v = path(t)
        points.append(Point(T0 + t, tuple(np.array(r).tolist()), tuple(np.array(v).tolist())))
    made = Segment(
        "SAT", "2027-001A", "EARTH", "GCRF", "UTC", points[0].epoch, points[-1].epoch, tuple(points)
    )
    return replace(made, **more)  # type: ignore[arg-type]


def circle(t: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Low orbit without perturbations, whose place and velocity are known in closed form."""
    a, n = 7e6, np.sqrt(3.986004415e14 / 7e6**3)
    c, s = np.cos(n * t), np.sin(n * t)
    return np.array([a * c, 0.6 * a * s, 0.8 * a * s]), a * n * np.array([-s, 0.6 * c, 0.8 * c])


def cubic(t: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """A cubic in place; its derivative in velocity."""
    k = np.array([[7e6, 1.0, -3e5], [10.0, -7e3, 2.0], [0.1, -0.2, 0.3], [1e-4, 2e-4, -1e-4]])
    return k[0] + t * (k[1] + t * (k[2] + t * k[3])), k[1] + t * (2.0 * k[2] + 3.0 * t * k[3])


TIMES = [0.0, 60.0, 120.0, 200.0, 230.0, 300.0, 360.0, 420.0, 500.0]


@pytest.mark.parametrize(
    ("kind", "degree"),
    [("HERMITE", 3), ("HERMITE", 7), ("LAGRANGE", 3), ("LAGRANGE", 5), ("", None)],
)
def test_a_polynomial_of_its_degree_is_met_exactly(kind: str, degree: int | None) -> None:
    s = segment(cubic, TIMES, interpolation=kind, interpolation_degree=degree)
    path = trajectory(s, EarthOrientation.shipped(), 5.0)
    for t in np.arange(0.0, 500.1, 12.5):
        r, v = cubic(t)
        y = path.columns_at(t)
        assert y[:3] == pytest.approx(r, abs=1e-6)
        assert y[3:6] == pytest.approx(v, abs=1e-8)
        assert y[6] == 5.0
        one = interpolated(s, T0 + float(t))
        assert one[0] == pytest.approx(r, abs=1e-6)
        assert one[1] == pytest.approx(v, abs=1e-8)


@pytest.mark.parametrize(
    ("kind", "degree", "place_m", "speed_m_s"),
    [
        # (h n)^(N + 1) / (N + 1)! times the product of distances: what theory gives, within 3
        ("HERMITE", 7, 1e-4, 1e-5),
        ("HERMITE", 3, 2.0, 0.08),
        ("LAGRANGE", 7, 0.02, 2e-5),
        ("LINEAR", None, 4e3, 4.5),
    ],
)
def test_between_the_minutes_of_a_low_orbit(
    kind: str, degree: int | None, place_m: float, speed_m_s: float
) -> None:
    times = [60.0 * k for k in range(60)]
    s = segment(circle, times, interpolation=kind, interpolation_degree=degree)
    path = trajectory(s, EarthOrientation.shipped(), 1.0)
    t = np.linspace(300.0, 3200.0, 901)
    known = np.array([np.concatenate(circle(x)) for x in t])
    y = path.columns_at(t)
    worst = np.abs(y[:, :3] - known[:, :3]).max()
    assert worst < place_m
    assert np.abs(y[:, 3:6] - known[:, 3:]).max() < speed_m_s
    if kind == "LINEAR":
        # the sagitta of a chord: a (n h)^2 / 8
        assert worst == pytest.approx(7e6 * (1.0781e-3 * 60.0) ** 2 / 8.0, rel=0.05)


def test_the_points_themselves_are_kept() -> None:
    s = segment(circle, TIMES)
    path = trajectory(s, EarthOrientation.shipped(), 1.0)
    for t in TIMES:
        assert path.columns_at(t)[:6] == pytest.approx(
            np.concatenate(circle(t)), rel=1e-13, abs=1e-6
        )


def test_a_repeated_line_is_one_point_and_few_points_lower_the_degree() -> None:
    twice = segment(cubic, [0.0, 100.0, 100.0])
    path = trajectory(twice, EarthOrientation.shipped(), 1.0)
    assert path.columns_at(40.0)[:3] == pytest.approx(cubic(40.0)[0], abs=1e-6)
    with pytest.raises(InputError, match="one point is no path"):
        trajectory(segment(cubic, [0.0]), EarthOrientation.shipped(), 1.0)
    r, v = interpolated(segment(cubic, [0.0]), T0)
    assert r.tolist() == cubic(0.0)[0].tolist()
    assert v == pytest.approx(cubic(0.0)[1])


def test_only_the_useable_span_answers_and_all_points_serve() -> None:
    useable = (T0 + 90.0, T0 + 400.0)
    s = segment(circle, TIMES, useable=useable)
    assert span(s) == useable
    path = trajectory(s, EarthOrientation.shipped(), 1.0)
    assert (path.start, path.end) == useable
    with pytest.raises(DataSpanError, match="never extrapolated"):
        interpolated(s, T0 + 80.0)


@pytest.mark.parametrize("name", ["EME2000", "ITRF2014", "TEME", "TOD"])
def test_other_axes_are_turned(name: str) -> None:
    orientation = EarthOrientation.shipped()
    axes = name[:4].lower() if name.startswith("ITRF") else name.lower()
    s = segment(circle, TIMES[:4], ref_frame=name)
    path = trajectory(s, orientation, 1.0)
    assert str(path.frame) == "earth/gcrf"
    for t in TIMES[:4]:
        wanted = np.concatenate(to_gcrf(axes, orientation, T0 + t, *circle(t)))
        assert path.columns_at(t)[:6] == pytest.approx(wanted, abs=1e-5)


def test_about_the_moon() -> None:
    s = segment(circle, TIMES, center="MOON", ref_frame="ICRF")
    assert str(trajectory(s, EarthOrientation.shipped(), 1.0).frame) == "moon/gcrf"


@pytest.mark.parametrize(
    ("more", "error", "said"),
    [
        ({"ref_frame": "MCI"}, FrameMismatchError, "states around EARTH in MCI have no frame here"),
        (
            {"center": "MOON", "ref_frame": "ITRF"},
            FrameMismatchError,
            "states around MOON in ITRF have no frame here",
        ),
        (
            {"ref_frame": "TEME", "ref_frame_epoch": T0},
            FrameMismatchError,
            "TEME of one epoch is not read; write the message in TEME of date",
        ),
        ({"interpolation": "SPLINE"}, InputError, "'SPLINE' of the message is not known"),
        (
            {"interpolation": "LAGRANGE", "interpolation_degree": 40},
            InputError,
            "INTERPOLATION_DEGREE = 40: polynomials beyond 15 swing",
        ),
    ],
)
def test_refusals(more: dict[str, object], error: type[Exception], said: str) -> None:
    with pytest.raises(error) as caught:
        trajectory(segment(circle, TIMES, **more), EarthOrientation.shipped(), 1.0)
    assert said in str(caught.value)
