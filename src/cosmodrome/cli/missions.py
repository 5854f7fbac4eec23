"""`validate`, `new` and `schema`: mission files without a flight."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cosmodrome.errors import InputError

if TYPE_CHECKING:
    import argparse

    from cosmodrome.cli.voice import Voice

__all__ = ["new", "schema", "validate"]


def validate(args: argparse.Namespace, voice: Voice) -> int:
    """Read a mission and print it as resolved, every default written out."""
    from cosmodrome.mission import load

    mission = load(args.mission)
    if voice.json:
        voice.answer({"valid": True, "name": mission.name, "resolved": mission.resolved})
    elif voice.quiet:
        voice.say(f"{args.mission}: valid")
    else:
        voice.say(mission.resolved.rstrip("\n"))
        voice.note(f"{args.mission}: valid; above as resolved, every default written out")
    return 0


def new(args: argparse.Namespace, voice: Voice) -> int:
    """Write a mission file to start from, or list what there is to start from."""
    from cosmodrome.mission import scaffold, shipped_missions

    if args.list:
        shelf = shipped_missions()
        if voice.json:
            voice.answer({"missions": shelf})
        else:
            voice.say("\n".join(shelf))
        return 0
    if args.file is None:
        raise InputError(
            "which file shall be written? cosmodrome new my-mission.yaml"
            " [--from NAME]; --list names what there is to start from"
        )
    text = scaffold(args.source)
    path = Path(args.file)
    try:
        with path.open("x", encoding="utf-8") as out:
            out.write(text)
    except FileExistsError:
        raise InputError(f"{path} exists and is left as it is; give another name") from None
    except OSError as e:
        raise InputError(f"cannot write {path}: {e.strerror}") from None
    if voice.json:
        voice.answer({"written": str(path), "from": args.source})
    else:
        voice.say(f"wrote {path} from {args.source}; edit it, then: cosmodrome validate {path}")
    return 0


def schema(args: argparse.Namespace, voice: Voice) -> int:
    """The JSON Schema of mission files, always as JSON."""
    del args
    from cosmodrome.mission import json_schema

    voice.answer(json_schema())
    return 0
