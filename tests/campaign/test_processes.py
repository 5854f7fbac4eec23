"""Work in processes: the same as here, and told what it is to be told before it begins."""

from __future__ import annotations

import math

import pytest

from cosmodrome.campaign.processes import in_processes


@pytest.mark.parametrize("jobs", [1, 2])
def test_where_it_is_done_changes_nothing(jobs: int) -> None:
    roots = dict(in_processes(math.sqrt, [4.0, 9.0, 16.0], jobs))
    assert roots == {4.0: 2.0, 9.0: 3.0, 16.0: 4.0}


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_breaks_is_raised_here(jobs: int) -> None:
    with pytest.raises(ValueError, match=r"math domain error|nonnegative"):
        list(in_processes(math.sqrt, [4.0, -9.0], jobs))
