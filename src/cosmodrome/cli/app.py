"""Dispatch: parse, call the verb, turn what was raised into a message and an exit status."""

from __future__ import annotations

import os
import sys
import tempfile
import traceback
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cosmodrome.cli.arguments import VERBS, parse
from cosmodrome.cli.voice import Voice
from cosmodrome.errors import Cancelled, CosmodromeError, InputError, MissionFileError

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["run"]


def run(argv: Sequence[str] | None = None) -> int:
    """Run one command line and return its exit status; never lets a traceback out."""
    words = list(sys.argv[1:] if argv is None else argv)
    voice = Voice(json="--json" in words)
    try:
        args = parse(words)
        if args.version:
            return _version()
        if args.verb is None:
            return 0
        voice = Voice(json=args.json, quiet=args.quiet, no_color=args.no_color)
        verb = import_module(VERBS[args.verb].home)
        status = int(getattr(verb, args.verb)(args, voice))
        sys.stdout.flush()
        return status
    except CosmodromeError as e:
        return _refuse(voice, e, e.exit_status)
    except KeyboardInterrupt:
        return _refuse(voice, Cancelled("interrupted"), Cancelled.exit_status)
    except SystemExit as e:  # argparse has printed the help
        return int(e.code or 0)
    except BrokenPipeError:
        # the reader went away (`| head`): nothing is left to say, and nobody to hear it
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as e:
        if str(e).startswith("COSMODROME_SIMD="):  # the compiled core knows no exception tree
            return _refuse(voice, InputError(str(e)), InputError.exit_status)
        return _fault(voice, e)


def _version() -> int:
    from cosmodrome import __version__

    print(f"cosmodrome {__version__}")
    return 0


def _refuse(voice: Voice, error: CosmodromeError, status: int) -> int:
    voice.complain(str(error) or type(error).__name__)
    for note in getattr(error, "__notes__", ()):
        voice.complain(note)
    if voice.json:
        told: dict[str, Any] = {"kind": type(error).__name__, "message": str(error)}
        if isinstance(error, MissionFileError):
            told["faults"] = [
                {
                    "file": f.file,
                    "line": f.line,
                    "column": f.column,
                    "path": f.path,
                    "read": f.read,
                    "why": f.why,
                    "write": f.write,
                }
                for f in error.faults
            ]
        voice.answer({"error": told, "exit_status": status})
    return status


def _fault(voice: Voice, error: Exception) -> int:
    """An error nobody meant: keep the traceback in a file, say where it is, exit 3."""
    handle, name = tempfile.mkstemp(
        prefix="cosmodrome-fault-", suffix=".txt", dir=voice.run, text=True
    )
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.write(f"cosmodrome {' '.join(sys.argv[1:])}\n\n")
        traceback.print_exception(error, file=out)
    message = (
        f"internal fault: {type(error).__name__}: {error}\n"
        f"This is a defect of cosmodrome, not of your mission. The traceback is in {Path(name)};"
        " please report it with the mission file."
    )
    voice.complain(message)
    if voice.json:
        told = {"kind": "internal-fault", "message": message, "traceback": name}
        voice.answer({"error": told, "exit_status": 3})
    return 3
