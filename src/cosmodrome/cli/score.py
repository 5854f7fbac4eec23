"""`cosmodrome score`: how surely the checks see a fault, on a corpus of missions from a seed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cosmodrome.cli.long_runs import jobs_of, must_say_where, running, whole
from cosmodrome.errors import InputError
from cosmodrome.formats.placing import place

if TYPE_CHECKING:
    import argparse

    from cosmodrome.cli.voice import Voice

__all__ = ["score"]


def _seed(text: str) -> int:
    """The first eight hex digits of a commit, or any number in hex."""
    try:
        return int(text[:8], 16)
    except ValueError:
        raise InputError(
            f"--seed {text}: write hex digits, like the first of the commit that is scored:"
            " --seed $(git rev-parse HEAD)"
        ) from None


def score(args: argparse.Namespace, voice: Voice) -> int:
    """The verb: see `cosmodrome score --help` and docs/score.md."""
    from cosmodrome.campaign.score.confusion import table
    from cosmodrome.campaign.score.scoring import score as scored
    from cosmodrome.campaign.score.told import as_json, as_text
    from cosmodrome.checks import CHECKS, ONLY_WARN
    from cosmodrome.report.plain import dumps

    must_say_where(args)
    seed = _seed(args.seed)
    clean, faulted = whole(args.clean, "--clean", 1), whole(args.faulted, "--faulted", 0)
    jobs = jobs_of(args)
    name = args.seed[:8].lower()
    with running(f"score {name}", args, voice) as (out, watch):
        cases = scored(
            seed, clean, faulted, keep=out, resume=args.resume, jobs=jobs, watch=watch
        )  # fmt: skip
        found = table(cases)
        names = [c.name for c in CHECKS]
        value = as_json(found, name, names, ONLY_WARN)
        told = as_text(found, name, names, ONLY_WARN)
        place(out / "score.json", dumps(value) + "\n")
        place(out / "score.md", told)
        watch.done("scored")
    if voice.json:
        voice.answer({**value, "out": str(out)})
    elif voice.quiet:
        voice.say(f"seed {name}: seen {found.losing}; alarms {found.alarm}")
    else:
        voice.say(told)
        voice.say(f"Written to {out}.")
    return int(not found.meets_bars)
