"""`validate`, `new` and `schema`: mission files without a flight."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from cosmodrome.errors import InputError

if TYPE_CHECKING:
    import argparse

    from cosmodrome.cli.voice import Voice

__all__ = ["new", "schema", "validate"]

# `vehicle: vehicles/dart.yaml`: a file beside the mission
_NAMED_FILES = re.compile(r"^(?:site|vehicle):\s*([\w./-]+\.ya?ml)\s*$", re.MULTILINE)


def validate(args: argparse.Namespace, voice: Voice) -> int:
    """Read a mission and print it as resolved, every default written out."""
    from cosmodrome.mission import Mission, load

    mission = load(args.mission)
    vehicle = mission.vehicle if isinstance(mission, Mission) else None
    doubts = () if vehicle is None else vehicle.doubts
    whose = "" if vehicle is None else vehicle.id
    if voice.json:
        answer = {"valid": True, "name": mission.name, "resolved": mission.resolved}
        voice.answer(answer | ({"doubts": list(doubts)} if doubts else {}))
    elif voice.quiet:
        voice.say(f"{args.mission}: valid")
    else:
        voice.say(mission.resolved.rstrip("\n"))
        voice.note(f"{args.mission}: valid; above as resolved, every default written out")
    for doubt in doubts if not voice.json else ():
        voice.note(f"{whose}: unusual: {doubt}")
    return 0


def new(args: argparse.Namespace, voice: Voice) -> int:
    """Write a mission file to start from, or list what there is to start from."""
    from cosmodrome.mission import scaffold, shipped_missions, shipped_path

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
    path = Path(args.file)
    texts = {path: scaffold(args.source)}
    shelf_path = shipped_path(args.source).parent
    for name in _NAMED_FILES.findall(texts[path]):  # a vehicle or site of the mission's own
        texts[path.parent / name] = (shelf_path / name).read_text(encoding="utf-8")
    for target in texts:
        if target.exists():
            raise InputError(f"{target} exists and is left as it is; give another name")
    try:
        for target, text in texts.items():
            if target is not path:
                target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("x", encoding="utf-8") as out:
                out.write(text)
    except OSError as e:
        raise InputError(f"cannot write {e.filename}: {e.strerror}") from None
    written = [str(t) for t in texts]
    if voice.json:
        voice.answer({"written": written, "from": args.source})
    else:
        voice.say(
            f"wrote {' and '.join(written)} from {args.source};"
            f" edit, then: cosmodrome validate {path}"
        )
    return 0


def schema(args: argparse.Namespace, voice: Voice) -> int:
    """The JSON Schema of mission files, always as JSON."""
    del args
    from cosmodrome.mission import json_schema

    voice.answer(json_schema())
    return 0
