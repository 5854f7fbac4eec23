"""cosmodrome: plan, fly and check a space mission end to end.

Importing this loads no solver: public names arrive on first use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__all__ = ["Epoch", "Flight", "Mission", "__version__", "fly", "load"]
__version__ = "0.1.0"

if TYPE_CHECKING:
    from cosmodrome.flight import fly
    from cosmodrome.mission import Mission, load
    from cosmodrome.record import Flight
    from cosmodrome.world.epoch import Epoch

_HOMES = {
    "fly": "cosmodrome.flight",
    "load": "cosmodrome.mission",
    "Mission": "cosmodrome.mission",
    "Flight": "cosmodrome.record",
    "Epoch": "cosmodrome.world.epoch",
}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'cosmodrome' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
