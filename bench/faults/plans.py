"""Plan faults a second: told in batches with what is remembered, and one by one with nothing.

python -m bench.faults.plans [vostochny-sso] [--each 6]

Both ways in one run, over every sixth batch of the plan's faults: as `verify` flies them (ascents
together, answers kept by content), and each alone after everything was forgotten. CPU seconds of
one process, the flight with nothing wrong left out; the outcomes must be the same to the last bit.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from cosmodrome import flight
from cosmodrome.campaign.verify.swept import Batch, Swept
from cosmodrome.campaign.verify.ways import WAYS
from cosmodrome.maths.remembered import forget
from cosmodrome.mission import load
from cosmodrome.watch import SILENT
from cosmodrome.world.world import World

if TYPE_CHECKING:
    from cosmodrome.record.faults import Fault, Outcome


def together(swept: Swept, batches: list[list[Fault]]) -> tuple[list[Outcome], float]:
    """Outcomes, and CPU seconds."""
    forget()
    out = []
    begun = time.process_time()
    for batch in batches:
        out += swept.outcomes(Batch("plan", tuple(batch)), SILENT)
    return out, time.process_time() - begun


def alone(swept: Swept, faults: list[Fault]) -> tuple[list[Outcome], list[float]]:
    """Outcomes, and CPU seconds of each."""
    out, spent = [], []
    for fault in faults:
        forget()
        begun = time.process_time()
        out += swept.outcomes(Batch("plan", (fault,)), SILENT)
        spent.append(time.process_time() - begun)
    return out, spent


def beside(name: str, each: int) -> dict[str, Any]:
    """One mission both ways."""
    world = World.shipped()
    swept = Swept(flight.fly(load(name), world=world), world, WAYS)
    listed = {f.id: f for f in WAYS["plan"].faults(swept.flight, "normal")}
    every, at_once = list(listed.values()), WAYS["plan"].at_once
    batches = [every[k : k + at_once] for k in range(0, len(every), at_once)][::each]
    faults = [fault for batch in batches for fault in batch]
    swept.outcomes(Batch("plan", tuple(faults[:1])), SILENT)
    one, spent_s = alone(swept, faults)
    many, whole_s = together(swept, batches)
    families: dict[str, list[float]] = defaultdict(list)
    for fault, s in zip(faults, spent_s, strict=True):
        families[fault.family].append(s)
    return {
        "faults": len(faults),
        "together_s": whole_s / len(faults),
        "alone_s": sum(spent_s) / len(faults),
        "same": [repr(o) for o in one] == [repr(o) for o in many],
        "alone_s_by_family": {k: sum(v) / len(v) for k, v in sorted(families.items())},
    }


def main() -> None:
    """Print both ways of some missions as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("missions", nargs="*", default=["vostochny-sso"])
    parser.add_argument("--each", type=int, default=6, help="every so many batches of the list")
    asked = parser.parse_args()
    told = {name: beside(name, asked.each) for name in asked.missions}
    print(json.dumps(told, indent=1))


if __name__ == "__main__":
    main()
