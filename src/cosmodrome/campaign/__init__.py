"""Many flights: what a vehicle carries from a pad to an orbit, and to every orbit of a map; past
losses flown again; single faults of a mission.

Importing this room loads no solver.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cosmodrome.campaign.asked import mission_to, pad
    from cosmodrome.campaign.capability import Capability, payload
    from cosmodrome.campaign.held import CostCurve, cost_curve, with_costs
    from cosmodrome.campaign.many_landings import landings
    from cosmodrome.campaign.reach_map import Grid, default_grid, reach
    from cosmodrome.campaign.replays import Compared, Replay, replay
    from cosmodrome.campaign.verify.sweep import sweep
    from cosmodrome.campaign.waiting import Wait, window_for

__all__ = [
    "Capability",
    "Compared",
    "CostCurve",
    "Grid",
    "Replay",
    "Wait",
    "cost_curve",
    "default_grid",
    "landings",
    "mission_to",
    "pad",
    "payload",
    "reach",
    "replay",
    "sweep",
    "window_for",
    "with_costs",
]

_HOMES = {
    "Capability": "cosmodrome.campaign.capability",
    "Compared": "cosmodrome.campaign.replays",
    "CostCurve": "cosmodrome.campaign.held",
    "Grid": "cosmodrome.campaign.reach_map",
    "Replay": "cosmodrome.campaign.replays",
    "Wait": "cosmodrome.campaign.waiting",
    "cost_curve": "cosmodrome.campaign.held",
    "default_grid": "cosmodrome.campaign.reach_map",
    "landings": "cosmodrome.campaign.many_landings",
    "mission_to": "cosmodrome.campaign.asked",
    "pad": "cosmodrome.campaign.asked",
    "payload": "cosmodrome.campaign.capability",
    "reach": "cosmodrome.campaign.reach_map",
    "replay": "cosmodrome.campaign.replays",
    "sweep": "cosmodrome.campaign.verify.sweep",
    "window_for": "cosmodrome.campaign.waiting",
    "with_costs": "cosmodrome.campaign.held",
}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        from importlib import import_module

        value = getattr(import_module(_HOMES[name]), name)
        globals()[name] = value
        return value
    raise AttributeError(f"module 'cosmodrome.campaign' has no attribute {name!r}")
