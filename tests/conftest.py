"""What every test may rely on: repeatable hypothesis runs, a quiet environment, one World."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from pathlib import Path

    from cosmodrome.world.world import World

# "ci": the same examples every time, no time limits (shared machines stall), no database.
# HYPOTHESIS_PROFILE=explore draws new ones, and more of them.
settings.register_profile(
    "ci",
    derandomize=True,
    deadline=None,
    database=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("explore", deadline=None, max_examples=1000, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tester's own terminal and settings do not reach a test."""
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "TTY_COMPATIBLE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session")
def shipped_world() -> World:
    """The shipped data, read once: their vintage is pinned by the files in the package."""
    from cosmodrome.world.world import World

    return World.shipped()


@pytest.fixture(scope="session")
def flown_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The directory of the shipped mission's flight, flown once by the command line."""
    from cosmodrome.cli import main

    out = tmp_path_factory.mktemp("flown") / "run"
    status = main(["fly", "vostochny-sso", "--quiet", "--out", str(out)])
    assert status in {0, 1}, "the shipped mission did not fly to its end"
    return out
