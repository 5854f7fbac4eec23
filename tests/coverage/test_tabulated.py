"""Paths from tables of states."""

from __future__ import annotations

import numpy as np
import pytest

from cosmodrome.coverage import sights, tabulated
from cosmodrome.errors import InputError
from cosmodrome.world.centre import expressed
from cosmodrome.world.frame import ITRF


@pytest.mark.parametrize(("step_s", "within_m"), [(60.0, 1e-6), (180.0, 0.1)])
def test_a_table_gives_its_path_back(world, low, step_s: float, within_m: float) -> None:
    states = [low.at(low.epoch + k * step_s) for k in range(120)]
    again = tabulated(states, world)
    t = np.linspace(0.0, again.breaks_s[-1], 2_001)
    there, here = again.columns_at(t), low.columns_at(t)
    assert np.abs(there[:, :3] - here[:, :3]).max() < within_m
    # the slope of the same polynomial: a frequency of some 1e-2 /s at the worst
    assert np.abs(there[:, 3:6] - here[:, 3:6]).max() < 0.1 * within_m
    assert again.epoch == low.epoch


def test_turning_axes_are_turned_and_few_points_serve(world, low) -> None:
    states = [expressed(low.at(low.epoch + 30.0 * k), ITRF, world) for k in range(3)]
    again = tabulated(states, world)
    assert again.frame.axes == "gcrf"
    y = again.columns_at(45.0)
    assert y[:3] == pytest.approx(low.columns_at(45.0)[:3], abs=1e-3)


def test_refusals(world, low) -> None:
    with pytest.raises(InputError, match="two states or more"):
        tabulated([low.at(low.epoch)], world)
    with pytest.raises(InputError, match=r"state 2 at .* does not follow"):
        tabulated([low.at(low.epoch + 60.0), low.at(low.epoch)], world)


def test_paths_without_a_common_span(world, low) -> None:
    one = tabulated([low.at(low.epoch + t) for t in (0.0, 60.0)], world)
    two = tabulated([low.at(low.epoch + t) for t in (600.0, 660.0)], world)
    with pytest.raises(InputError, match="share no span"):
        sights(one, two, world)
