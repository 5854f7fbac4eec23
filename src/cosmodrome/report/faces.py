"""What a flight can be turned into from Python: a standard text, or the page that shows it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cosmodrome.errors import InputError, UnknownNameError, did_you_mean
from cosmodrome.formats.placing import place
from cosmodrome.report.ephemeris import orbit_oem
from cosmodrome.report.flight_record import flight_json
from cosmodrome.report.html import report_html
from cosmodrome.report.page import page_json
from cosmodrome.report.plain import dumps
from cosmodrome.report.series import series_of
from cosmodrome.report.writing import now

if TYPE_CHECKING:
    from cosmodrome.record.nouns import Flight
    from cosmodrome.world.world import World

__all__ = ["export", "plot"]


def export(flight: Flight, kind: str, to: str | Path | None) -> str:
    """The flight as text: "oem" (CCSDS ephemeris of the spacecraft) or "json" (flight.json).

    Written to `to` when given, aside and then renamed. Raises UnknownNameError for another
    kind, InputError when there is no orbit to write.
    """
    if kind == "json":
        text = dumps(flight_json(flight)) + "\n"
    elif kind == "oem":
        from cosmodrome.formats import oem

        message = orbit_oem(flight, now())
        if message is None:
            raise InputError(
                "this flight ends at release, so there is no ephemeris to write; give the mission"
                " a plan: [{coast: {for: 1 day}}]"
            )
        text = oem.dumps(message)
    else:
        raise UnknownNameError(
            f"there is no export called {kind!r}. {did_you_mean(kind, ('oem', 'json'))}"
        )
    if to is not None:
        _place(Path(to), text)
    return text


def plot(flight: Flight, to: str | Path, world: World | None) -> Path:
    """The page of the flight as one file that any browser opens; returns its path."""
    from cosmodrome.world.world import World

    world = world or World.shipped()
    page = page_json(flight, series_of(flight, world), world)
    return _place(Path(to), report_html(page))


def _place(path: Path, text: str) -> Path:
    if not path.parent.is_dir():
        raise InputError(f"{path.parent}: no such folder to write {path.name} into; make it first")
    return place(path, text)
