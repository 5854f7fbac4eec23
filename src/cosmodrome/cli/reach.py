"""`cosmodrome reach --site S [--vehicle V] [--against S]`: payload over a map of orbits."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from cosmodrome.cli.long_runs import jobs_of, must_say_where, running
from cosmodrome.cli.payload import read_limits, read_wind
from cosmodrome.errors import InputError
from cosmodrome.formats.placing import place

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from cosmodrome.campaign import Grid
    from cosmodrome.cli.voice import Voice
    from cosmodrome.record.reach import ReachMap

__all__ = ["reach", "read_values"]

_MOST_VALUES = 200


def read_values(text: str, what: str) -> tuple[float, ...]:
    """`"51.7, 55:100:5"` as rising numbers: single ones, and first:last:step. InputError."""
    values: set[float] = set()
    for part in text.split(","):
        try:
            numbers = [float(n) for n in part.split(":")]
        except ValueError:
            numbers = []
        if len(numbers) == 1 and math.isfinite(numbers[0]):
            values.add(numbers[0])
        elif len(numbers) == 3 and all(map(math.isfinite, numbers)):
            first, last, step = numbers
            count = math.floor((last - first) / step + 1e-9) + 1 if step > 0.0 else 0
            if not 0 < count <= _MOST_VALUES:
                raise _unreadable(part, what, f"it makes {count} values")
            values.update(round(first + k * step, 9) for k in range(count))
        else:
            raise _unreadable(part, what, "it is neither a number nor first:last:step")
    return tuple(sorted(values))


def _unreadable(part: str, what: str, why: str) -> InputError:
    return InputError(
        f"{part.strip()!r} among the {what}: {why}; write numbers and first:last:step with commas"
        " between, like 51.7, 55:100:5"
    )


def _grid(args: argparse.Namespace) -> Grid:
    """The grid asked for; what is not said is the default of all pads."""
    from cosmodrome import campaign

    pads = [args.site, *([args.against] if args.against else [])]
    usual = campaign.default_grid(tuple(campaign.pad(name) for name in pads))
    inclinations, altitudes = usual.inclinations_rad, usual.altitudes_m
    if args.inclinations:
        degrees = read_values(args.inclinations, "inclinations")
        inclinations = tuple(math.radians(d) for d in degrees)
    if args.altitudes:
        altitudes = tuple(h * 1e3 for h in read_values(args.altitudes, "altitudes"))
    elif args.vehicle is None:
        altitudes = altitudes[:1]
    return campaign.Grid(inclinations, altitudes)


def reach(args: argparse.Namespace, voice: Voice) -> int:
    """The verb: see `cosmodrome reach --help` and docs/reach.md."""
    from cosmodrome import campaign

    must_say_where(args)
    grid, jobs = _grid(args), jobs_of(args)
    limits, wind = read_limits(args.limit), read_wind(args.wind)
    name = "-".join(filter(None, ("reach", args.site, args.vehicle)))
    with running(name, args, voice) as (out, watch):

        def mapped(site: str) -> ReachMap:
            return campaign.reach(
                site,
                args.vehicle,
                grid,
                limits=limits,
                wind=wind,
                keep=out / "columns",
                resume=args.resume,
                jobs=jobs,
                watch=watch,
            )

        one = mapped(args.site)
        other = mapped(args.against) if args.against else None
        told = _written(out, one, other)
        watch.done("mapped")
    if voice.json:
        voice.answer({**told, "out": str(out)})
    elif voice.quiet:
        voice.say(str(out))
    else:
        _show(one, other, voice)
        voice.say(f"\nWritten to {out}; open {out / 'reach.svg'} in a browser.")
    return 0


def _written(out: Path, one: ReachMap, other: ReachMap | None) -> dict[str, Any]:
    """reach.json and the pictures in `out`; the JSON value."""
    from cosmodrome.record.reach import Comparison
    from cosmodrome.report import reach_picture as picture
    from cosmodrome.report.plain import dumps
    from cosmodrome.report.reach_record import comparison_json, reach_json

    if other is None:
        told = reach_json(one)
        pictures = {"reach.svg": picture.reach_svg(one)}
    else:
        pair = Comparison(one, other)
        told = comparison_json(pair)
        pictures = {
            "reach.svg": picture.comparison_svg(pair),
            f"reach-{one.site.id}.svg": picture.reach_svg(one),
            f"reach-{other.site.id}.svg": picture.reach_svg(other),
        }
    for name, text in {"reach.json": dumps(told) + "\n", **pictures}.items():
        place(out / name, text)
    return told


def _show(one: ReachMap, other: ReachMap | None, voice: Voice) -> None:
    from cosmodrome.record.reach import Comparison
    from cosmodrome.report.reach_table import comparison_table, reach_table

    console = voice.console()
    reach_table(one, console)
    if other is not None:
        reach_table(other, console)
        if one.vehicle is not None:
            comparison_table(Comparison(one, other), console)
