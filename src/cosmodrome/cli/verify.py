"""`cosmodrome verify MISSION`: what would lose this mission, and who would notice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cosmodrome.cli.long_runs import jobs_of, must_say_where, running
from cosmodrome.errors import InputError
from cosmodrome.formats.placing import place

if TYPE_CHECKING:
    import argparse

    from cosmodrome.cli.voice import Voice
    from cosmodrome.record.sweep import Part, Sweep

__all__ = ["status_of", "verify"]


def _only(text: str | None) -> tuple[Part, ...]:
    from cosmodrome.record.sweep import PARTS

    words = [word.strip() for word in (text or "").split(",") if word.strip()]
    for word in words:
        if word not in PARTS:
            raise InputError(f"--only {word}: write some of {', '.join(PARTS)}, with commas")
    return tuple(part for part in PARTS if part in words)


def status_of(told: Sweep) -> int:
    """0 where no check of the flight fails and somebody sees every fault that loses the mission."""
    return int(bool(told.failing or told.unseen))


def verify(args: argparse.Namespace, voice: Voice) -> int:
    """The verb: see `cosmodrome verify --help` and docs/verify.md."""
    from cosmodrome import campaign
    from cosmodrome.mission import load
    from cosmodrome.report.plain import dumps
    from cosmodrome.report.verify_page import verify_html
    from cosmodrome.report.verify_picture import verify_svg
    from cosmodrome.report.verify_record import verify_csv, verify_json
    from cosmodrome.report.verify_table import counted, show

    must_say_where(args)
    jobs = jobs_of(args)
    only = _only(args.only)
    mission = load(args.mission)  # a bad mission makes no directory
    with running(f"{mission.name} verified", args, voice) as (out, watch):
        told = campaign.sweep(
            mission, fineness=args.fineness, only=only, keep=out, resume=args.resume,
            jobs=jobs, watch=watch,
        )  # fmt: skip
        value = verify_json(told)
        place(out / "verify.json", dumps(value) + "\n")
        place(out / "verify.csv", verify_csv(told))
        place(out / "verify.svg", verify_svg(told))
        place(out / "verify.html", verify_html(told))
        watch.done("verified")
    if voice.json:
        voice.answer({**value, "out": str(out)})
    elif voice.quiet:
        voice.say(f"{counted(told)}  {out}")
        for o in told.unseen:
            voice.say(f"seen by none: {o.fault.text}: {o.why}")
    else:
        show(told, voice.console())
        voice.say(f"\nWritten to {out}; look at {out / 'verify.html'} in a browser.")
    return status_of(told)
