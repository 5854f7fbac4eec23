"""Past losses flown again with their fault: what is computed beside what was published, and the
finding that would have stopped the countdown."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from cosmodrome.errors import UnknownNameError, did_you_mean
from cosmodrome.watch import SILENT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cosmodrome.record.nouns import Finding
    from cosmodrome.watch import Watch
    from cosmodrome.world.world import World

__all__ = ["REPLAYS", "Compared", "Replay", "replay"]

#: by name: the module whose `replayed(world, watch)` flies it, and a line on what happened
REPLAYS: dict[str, tuple[str, str]] = {
    "ariane-va241": (
        "cosmodrome.campaign.replays.ariane_va241",
        "25 January 2018: inertial units aligned by 90 deg where 70 was needed",
    ),
    "astra-lv0006": (
        "cosmodrome.campaign.replays.astra_lv0006",
        "28 August 2021: one of five engines stopped within a second of lift-off",
    ),
    "electron-f13": (
        "cosmodrome.campaign.replays.electron_f13",
        "4 July 2020: the one engine of a second stage stopped early",
    ),
    "luna-25": (
        "cosmodrome.campaign.replays.luna_25",
        "19 August 2023: a burn of 84 s about the Moon ran for 127 s",
    ),
    "meteor-m-2-1": (
        "cosmodrome.campaign.replays.meteor_m_2_1",
        "28 November 2017: an upper stage turned by 358 degrees where 2 were needed",
    ),
    "vega-vv15": (
        "cosmodrome.campaign.replays.vega_vv15",
        "11 July 2019: a second stage broke up 14 s after it was lit",
    ),
    "galileo-vs09": (
        "cosmodrome.campaign.replays.galileo_vs09",
        "22 August 2014: the second burn of Fregat pointed elsewhere",
    ),
    "mars-climate-orbiter": (
        "cosmodrome.campaign.replays.mars_climate_orbiter",
        "23 September 1999: impulses in pounds-force were read in newtons",
    ),
    "vikram": (
        "cosmodrome.campaign.replays.vikram",
        "6 September 2019: a lander braked too much before its fine braking",
    ),
}


@dataclass(frozen=True, slots=True)
class Compared:
    """One figure of a replay.

    role       "given" of what was published, "fitted" to it, "predicted", or "sensitivity"
    low, high  what was published or is expected, or None
    """

    what: str
    value: float
    unit: str
    role: str
    low: float | None = None
    high: float | None = None

    @property
    def inside(self) -> bool | None:
        """Does it lie where it should? None where nothing is said of it."""
        if self.low is None or self.high is None:
            return None
        return self.low <= self.value <= self.high


@dataclass(frozen=True, slots=True)
class Replay:
    """A loss flown again.

    cases  by name: figures of one reading of what was published
    notes  what had to be assumed, and what that does
    findings  of the checks that fail on the faulted material before the fault has its effect
    """

    name: str
    title: str
    fault: str
    cases: Mapping[str, tuple[Compared, ...]]
    notes: tuple[str, ...]
    sources: tuple[str, ...]
    findings: tuple[Finding, ...] = ()


def replay(name: str, world: World, watch: Watch = SILENT) -> Replay:
    """Fly a loss again. Raises UnknownNameError for one that is not held."""
    if name not in REPLAYS:
        raise UnknownNameError(f"no loss {name!r} can be replayed. {did_you_mean(name, REPLAYS)}")
    out: Replay = import_module(REPLAYS[name][0]).replayed(world, watch)
    return out
