"""`cosmodrome fly MISSION`: solve, fly, check, write, and say how it went."""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

from cosmodrome.cli.progress import RunWatch, stoppable
from cosmodrome.errors import InfeasibleError, InputError
from cosmodrome.formats.placing import place

if TYPE_CHECKING:
    import argparse

    from cosmodrome.cli.voice import Voice
    from cosmodrome.mission import AnyMission
    from cosmodrome.record import Finding, Flight

__all__ = ["fly", "run_directory", "status_of"]

_RESULTS = ("page.json", "trajectory.parquet", "orbit.oem", "range.geojson", "report.html")


def run_directory(name: str, out: str | None, now: dt.datetime) -> Path:
    """The directory a run writes to, made: `out`, or runs/<name>/<UTC time>, never reused.

    An explicit `out` may exist: its files of the same names are replaced. InputError when it
    cannot be made.
    """
    if out is not None:
        path = Path(out)
    else:
        word = re.sub(r"[^\w.-]+", "-", name.lower()).strip("-.") or "mission"
        base = Path("runs") / word / now.strftime("%Y%m%dT%H%M%SZ")
        path, again = base, 2
        while path.exists():
            path, again = base.with_name(f"{base.name}-{again}"), again + 1
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as e:
        raise InputError(
            f"cannot write to {path}: {e.strerror}; give a directory that can be written, --out DIR"
        ) from None
    return path


def _spare_the_source(mission: AnyMission, out: str | None) -> None:
    """Refuse a directory where the resolved mission would replace the file it was read from."""
    if out is None or not mission.source:
        return
    written = Path(out) / "mission.yaml"
    if written.exists() and Path(mission.source).exists() and written.samefile(mission.source):
        raise InputError(
            f"--out {out} would replace {mission.source} by the mission as resolved;"
            " give another directory"
        )


def status_of(findings: tuple[Finding, ...], *, strict: bool) -> int:
    """0 when no check fails; under `strict` a warning or a check not judged fails too."""
    bad = {"fails", "warns", "not-judged"} if strict else {"fails"}
    return int(any(f.verdict in bad for f in findings))


def fly(args: argparse.Namespace, voice: Voice) -> int:
    """The verb: see `cosmodrome fly --help`, and docs for what it writes."""
    from cosmodrome.mission import load

    mission = load(args.mission)  # a bad mission makes no directory
    _spare_the_source(mission, args.out)
    out = run_directory(mission.name, args.out, dt.datetime.now(dt.UTC))
    voice.run = out
    try:
        return _fly_into(out, args, voice, mission)
    except (Exception, KeyboardInterrupt) as e:
        _keep(out, mission, e)
        e.add_note(f"kept so far: {out}")
        raise


def _fly_into(out: Path, args: argparse.Namespace, voice: Voice, mission: AnyMission) -> int:
    from cosmodrome import flight as story
    from cosmodrome import report
    from cosmodrome.world.world import World

    watch = RunWatch(out / "events.ndjson", voice)
    with watch, stoppable(watch, voice):
        world = World.shipped()
        flown: Flight = story.fly(mission, world=world, watch=watch)
        report.write(flown, out, world, watch)
        watch.done(flown.verdict, verdict=flown.verdict)
    if voice.json:
        voice.answer({**report.flight_json(flown), "out": str(out)})
    elif voice.quiet:
        voice.say(f"{flown.verdict}  {out}")
    else:
        report.summary(flown, voice.console())
        voice.say(f"\nWritten to {out}; open {out / 'report.html'} in a browser.")
    return status_of(flown.findings, strict=args.strict)


def _keep(out: Path, mission: AnyMission, error: BaseException) -> None:
    """What a run that ended early leaves: the mission as resolved, and why there is no flight.

    Results of an earlier run in the same directory go: they are not of this mission.
    """
    from cosmodrome.mission import Mission

    pad = mission if isinstance(mission, Mission) else None
    why = {
        "schema": "cosmodrome-flight/1",
        "name": mission.name,
        "verdict": "infeasible" if isinstance(error, InfeasibleError) else "incomplete",
        "reason": str(error) or type(error).__name__,
        "site": None if pad is None else pad.site.id,
        "vehicle": None if pad is None else pad.vehicle.id,
    }
    texts = {
        "flight.json": json.dumps(why, indent=2, ensure_ascii=False),
        "mission.yaml": mission.resolved,
    }
    for name, text in texts.items():
        place(out / name, text.rstrip("\n") + "\n")
    for name in (*_RESULTS, *(p.name for p in out.glob("orbit-*.oem"))):
        (out / name).unlink(missing_ok=True)
