"""The Site, Vehicle and Failure nouns, their file formats, and what is shipped, with sources.

Importing this room loads the nouns alone; pydantic and pint come with the first file read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cosmodrome.catalog.nouns import *  # noqa: F403
from cosmodrome.catalog.nouns import __all__ as _nouns

if TYPE_CHECKING:
    from cosmodrome.catalog.listed import Entry
    from cosmodrome.catalog.misfit import ClosureRow
    from cosmodrome.catalog.nouns import Failure, Site, Vehicle

__all__ = [
    *_nouns,
    "closure",
    "failure",
    "failure_names",
    "listing",
    "misfits",
    "site",
    "site_names",
    "vehicle",
    "vehicle_names",
]


def vehicle(name: str) -> Vehicle:
    """A shipped vehicle by its id, e.g. "soyuz-2.1b-fregat". Raises UnknownNameError."""
    from cosmodrome.catalog.files import shipped_vehicle

    return shipped_vehicle(name)


def site(name: str) -> Site:
    """A shipped site by its id, e.g. "vostochny". Raises UnknownNameError."""
    from cosmodrome.catalog.files import shipped_site

    return shipped_site(name)


def failure(name: str) -> Failure:
    """A loss that happened by its id, e.g. "meteor-m-2-1". Raises UnknownNameError."""
    from cosmodrome.catalog.files import shipped_failure

    return shipped_failure(name)


def failure_names() -> tuple[str, ...]:
    """Ids of the losses that are held."""
    from cosmodrome.catalog.files import names

    return names("failures")


def vehicle_names() -> tuple[str, ...]:
    """Ids of the shipped vehicles."""
    from cosmodrome.catalog.files import names

    return names("vehicles")


def site_names() -> tuple[str, ...]:
    """Ids of the shipped sites."""
    from cosmodrome.catalog.files import names

    return names("sites")


def closure(vehicle: Vehicle) -> tuple[ClosureRow, ...]:
    """How well a vehicle's over-determined figures agree with each other."""
    from cosmodrome.catalog.misfit import closure as run

    return run(vehicle)


def misfits(vehicle: Vehicle, beyond: float) -> tuple[ClosureRow, ...]:
    """The rows of `closure` whose figures disagree by more than a part `beyond`."""
    from cosmodrome.catalog.misfit import misfits as run

    return run(vehicle, beyond)


def listing() -> tuple[Entry, ...]:
    """Everything shipped: every site and vehicle with its figures, sources and status."""
    from cosmodrome.catalog.listed import listing as run

    return run()
