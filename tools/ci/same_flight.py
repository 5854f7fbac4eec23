"""Are two runs the same flight, byte for byte, apart from the `timing` object?

    python tools/ci/same_flight.py RUN_A RUN_B [--tolerant]

`--tolerant` accepts figures within the tolerances of `cosmodrome diff` (another interpreter or
other versions of the numerical libraries); exits 1 when the two differ.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path


def without_timing(run: str) -> str:
    """The text of flight.json with the timing object emptied; everything else as written."""
    text = (Path(run) / "flight.json").read_text(encoding="utf-8")
    timing = json.loads(text).get("timing")
    if timing is None:
        return text
    return re.sub(r'("timing":\s*)\{[^{}]*\}', r"\1{}", text)


def main(words: list[str]) -> int:
    tolerant = "--tolerant" in words
    a, b = (w for w in words if not w.startswith("--"))
    if without_timing(a) == without_timing(b):
        print("the two flights are byte-equal apart from their timing")
        return 0
    from cosmodrome.cli import main as cosmodrome

    status = cosmodrome(["diff", a, b])
    if tolerant:
        return status
    print("the two flight.json differ in their bytes")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
