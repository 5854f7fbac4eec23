"""Every sign change of smooth functions, against functions whose zeros are known."""

from __future__ import annotations

import math

import numpy as np
import pytest

from cosmodrome.maths.crossings import bracketed_root, highest, positive_intervals


def panels(a: float, b: float, n: int, owners: int):
    ends = np.linspace(a, b, n + 1)
    owner = np.repeat(np.arange(owners), n)
    return owner, np.tile(ends[:-1], owners), np.tile(ends[1:], owners)


def test_sines_of_many_frequencies() -> None:
    """sin(w t + p) > c: the intervals are known in closed form."""
    rng = np.random.default_rng(7)
    w, p, c = rng.uniform(0.3, 40.0, 50), rng.uniform(0.0, 6.0, 50), rng.uniform(-0.99, 0.99, 50)
    found = positive_intervals(
        lambda i, t: np.sin(w[i][:, None] * t + p[i][:, None]) - c[i][:, None],
        *panels(0.0, 20.0, 7, 50),
    )
    for k in range(50):
        mine = found.owner == k
        low = math.asin(c[k])
        n = np.arange(-1, math.ceil(20.0 * w[k] / (2.0 * math.pi)) + 3)
        start = (low + 2.0 * math.pi * n - p[k]) / w[k]
        end = (math.pi - low + 2.0 * math.pi * n - p[k]) / w[k]
        inside = (end > 0.0) & (start < 20.0)
        assert found.start[mine] == pytest.approx(np.clip(start[inside], 0.0, 20.0), abs=2e-7)
        assert found.end[mine] == pytest.approx(np.clip(end[inside], 0.0, 20.0), abs=2e-7)
        assert found.open_start[mine].tolist() == (start[inside] < 0.0).tolist()
        assert found.open_end[mine].tolist() == (end[inside] > 20.0).tolist()


@pytest.mark.parametrize("width_s", [1e-1, 1e-2, 1e-3, 1e-4])
def test_a_touch_between_samples_is_seen(width_s: float) -> None:
    """A parabola over zero for `width_s` of 1,000 s, anywhere."""
    at = np.random.default_rng(3).uniform(1.0, 999.0, 40)
    found = positive_intervals(
        lambda i, t: 1e-6 * (0.25 * width_s**2 - (t - at[i][:, None]) ** 2),
        *panels(0.0, 1_000.0, 2, 40),
    )
    assert found.owner.tolist() == list(range(40))
    assert found.end - found.start == pytest.approx(np.full(40, width_s), rel=1e-2)


def test_a_touch_from_below_is_not() -> None:
    at = np.random.default_rng(3).uniform(1.0, 999.0, 40)
    found = positive_intervals(
        lambda i, t: 1e-6 * (-1e-6 - (t - at[i][:, None]) ** 2), *panels(0.0, 1_000.0, 2, 40)
    )
    assert found.start.size == 0


def test_a_gap_between_panels_is_negative() -> None:
    owner = np.zeros(2, dtype=np.int64)
    left, right = np.array([0.0, 2.0]), np.array([1.0, 3.0])
    found = positive_intervals(lambda _, t: np.ones_like(t), owner, left, right)
    assert found.start.tolist() == [0.0, 2.0]
    assert found.end.tolist() == [1.0, 3.0]
    assert found.open_start.all()
    assert found.open_end.all()


def test_a_step_at_a_panels_end_changes_the_sign_there() -> None:
    """Pieces that disagree by rounding at their common end lose no change and double none."""

    def f(_, t):
        return np.where(t.mean(axis=1, keepdims=True) < 1.0, -1e-9 + 0.0 * t, 1e-9 + 0.0 * t)

    found = positive_intervals(
        f, np.zeros(2, dtype=np.int64), np.array([0.0, 1.0]), np.array([1.0, 2.0])
    )
    assert found.start.tolist() == [1.0]
    assert found.end.tolist() == [2.0]


def test_nothing_to_look_at() -> None:
    none = np.empty(0)
    found = positive_intervals(lambda _, t: t, np.empty(0, dtype=np.int64), none, none)
    assert found.start.size == 0


def test_roots_in_brackets() -> None:
    """cos x = x c, and a root of odd order."""
    c = np.linspace(0.2, 5.0, 30)
    root = bracketed_root(
        lambda i, x: np.cos(x) - c[i] * x, np.zeros(30), np.full(30, 1.5),
        np.ones(30), np.cos(1.5) - 1.5 * c, 1e-12,
    )  # fmt: skip
    assert np.cos(root) - c * root == pytest.approx(np.zeros(30), abs=1e-11)
    flat = bracketed_root(
        lambda _, x: (x - 0.3) ** 3, np.zeros(1), np.ones(1), np.array([-0.027]),
        np.array([0.343]), 1e-9,
    )  # fmt: skip
    assert flat == pytest.approx([0.3], abs=1e-8)


def test_the_higher_of_two_peaks() -> None:
    def f(i, t):
        return np.sin(t) + 0.01 * (i[:, None] * 2 - 1) * t

    at, value = highest(f, np.arange(2), np.zeros(2), np.full(2, 9.0), np.full(2, 40), 1e-7)
    assert at[0] == pytest.approx(math.acos(0.01), abs=1e-5)
    assert at[1] == pytest.approx(2.0 * math.pi + math.acos(-0.01), abs=1e-5)
    assert value == pytest.approx(np.sin(at) + np.array([-0.01, 0.01]) * at)


def test_the_highest_at_an_end() -> None:
    at, value = highest(lambda _, t: t, np.zeros(1, dtype=np.int64), np.zeros(1), np.ones(1),
                        np.full(1, 9))  # fmt: skip
    assert at == pytest.approx([1.0], abs=1e-12)
    assert value == pytest.approx([1.0], abs=1e-12)
