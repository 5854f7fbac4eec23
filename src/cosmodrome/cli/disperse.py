"""`cosmodrome disperse MISSION -n N`: landings from states and engines that were not planned."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cosmodrome.cli.long_runs import jobs_of, must_say_where, running, whole
from cosmodrome.errors import InputError
from cosmodrome.formats.placing import place

if TYPE_CHECKING:
    import argparse

    from cosmodrome.cli.voice import Voice
    from cosmodrome.landing import Scatter
    from cosmodrome.record.landings import Landings

__all__ = ["disperse"]

#: option -> dimension, and what it is written like
SIZES = {
    "place": ("length", "500 m"),
    "speed": ("speed", "2 m/s"),
    "mass": ("mass", "5 kg"),
    "thrust": ("ratio", "1 %"),
    "isp": ("ratio", "0.3 %"),
}
SPARE = "5 %"


def _size(text: str, option: str, dimension: str, example: str) -> float:
    from cosmodrome.formats.quantity import TextFault, parse_measure

    try:
        value = float(parse_measure(text, dimension, example).value)
    except TextFault as fault:
        raise InputError(f"--{option} {text!r}: {fault.why}. {fault.write}") from None
    if value < 0.0:
        raise InputError(f"--{option} {text!r}: a size is 0 or more; write {example}")
    return value


def _scatter(args: argparse.Namespace) -> Scatter:
    from cosmodrome.landing import Scatter

    place, speed, mass, thrust, isp = (
        _size(getattr(args, name), name, *how) for name, how in SIZES.items()
    )
    return Scatter(place, speed, mass, thrust, isp)


def disperse(args: argparse.Namespace, voice: Voice) -> int:
    """The verb: see `cosmodrome disperse --help` and docs/landing.md."""
    from cosmodrome import campaign
    from cosmodrome.mission import load
    from cosmodrome.report.landings_picture import landings_svg
    from cosmodrome.report.landings_record import landings_csv, landings_json
    from cosmodrome.report.plain import dumps

    must_say_where(args)
    count, seed = whole(args.number, "-n", 1), whole(args.seed, "--seed", 0)
    jobs = jobs_of(args)
    scatter, spare = _scatter(args), _size(args.spare, "spare", "ratio", SPARE)
    mission = load(args.mission)
    with running(f"{mission.name} dispersed", args, voice) as (out, watch):
        told = campaign.landings(
            mission, scatter, count, seed, spare=spare, keep=out, resume=args.resume, jobs=jobs,
            watch=watch,
        )  # fmt: skip
        value = landings_json(told)
        place(out / "landings.json", dumps(value) + "\n")
        place(out / "landings.csv", landings_csv(told))
        place(out / "landings.svg", landings_svg(told))
        watch.done("dispersed")
    if voice.json:
        voice.answer({**value, "out": str(out)})
    elif voice.quiet:
        voice.say(f"{_counted(told)}  {out}")
    else:
        _show(told, voice)
        voice.say(f"\nWritten to {out}; open {out / 'landings.svg'} in a browser.")
    counts = told.counts
    return int(counts["missed"] + counts["not converged"] > 0)


def _counted(told: Landings) -> str:
    return ", ".join(f"{n} {name}" for name, n in told.counts.items() if n)


def _short(value: float) -> str:
    return f"{value:.1e}" if 0.0 < abs(value) < 0.01 else f"{value:.4g}"


def _show(told: Landings, voice: Voice) -> None:
    from rich.table import Table
    from rich.text import Text

    from cosmodrome.report.landings_record import landings_json

    value = landings_json(told)
    console = voice.console()
    console.print(f"\n[bold]{told.mission}[/]  {_counted(told)}")
    table = Table(box=None, padding=(0, 1))
    rows = {
        "burnt, kg": value["propellant_kg"],
        "left, kg": value["left_kg"],
        "short, kg": value["short_kg"],
        "short, m/s": value["short_m_s"],
        "off the site, m": value["away_m"],
    }
    heads = next((list(r) for r in rows.values() if r), [])
    for head in ("below", *heads):
        table.add_column(Text(head, style="dim"), justify="right", no_wrap=True)
    for name, row in rows.items():
        if row:
            table.add_row(Text(name), *(Text(_short(v)) for v in row.values()))
    console.print(table)
    t = told.timing
    console.print(
        f"planned {told.planned_kg:.1f} kg; {t['planning_s']:.0f} s of planning,"
        f" {t['landings_s']:.0f} s of landings, {t['cpu_s']:.0f} s of processor, at most"
        f" {t['largest_process_bytes'] / 1e6:.0f} MB a process",
        style="dim", markup=False,
    )  # fmt: skip
