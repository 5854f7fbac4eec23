"""What becomes of the flight when one engine stops: on the pad's edge, and where there is one only.

On 2021-08-28 one of five engines of Astra's LV0006 stopped within a second of lift-off: four of
them hardly carried it, it hovered and slid aside, and all that followed was too late. On
2020-07-04 the one engine of Electron's second stage stopped four minutes early.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cosmodrome.checks.conics import FALLS_M, lowest_m, mu_of
from cosmodrome.checks.engines import G0, lit_on_pad, thrust_on_pad_n
from cosmodrome.checks.verdicts import Judged, at_least, at_most, not_judged
from cosmodrome.world.bodies import EARTH_EQUATORIAL_RADIUS_M

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cosmodrome.catalog.nouns import Stage
    from cosmodrome.checks.view import View

__all__ = ["engine_out"]

_SAMPLES = 201


def engine_out(view: View) -> Iterator[Judged]:
    """Thrust to weight with an engine out at first motion; stages that hang on a single one."""
    told = [s for s in view.mission.vehicle.stages if s.engines]
    if not told:
        yield not_judged("the vehicle's file tells of no stage how many engines it has")
        return
    clusters = [s for s in lit_on_pad(view) if s.count * s.engines > 1]
    if clusters:
        yield _at_lift_off(view, clusters)
    for stage in told:
        if stage.count * stage.engines == 1 and stage.ignition.kind != "lift-off":
            yield from _hangs_on_one(view, stage)


def _at_lift_off(view: View, clusters: list[Stage]) -> Judged:
    """All that is lit less the strongest engine of it, over the weight at first motion."""
    whole = sum(s.count * thrust_on_pad_n(view, s) for s in lit_on_pad(view))
    lost, stage = max(
        ((thrust_on_pad_n(view, s) / s.engines, s) for s in clusters), key=lambda pair: pair[0]
    )
    mass = view.first_mass_kg
    return at_least(
        (whole - lost) / (mass * G0),
        1.0,
        "1",
        "first motion, one engine out",
        f"{(whole - lost) / 1e3:.0f} kN at sea level on {mass / 1e3:.1f} t with one of"
        f" {stage.count * stage.engines} engines of {stage.id} out, {whole / (mass * G0):.3f} with"
        " all: below one it sinks or hovers until it has burnt enough",
        object=stage.id,
        otherwise="warns",
    )


def _hangs_on_one(view: View, stage: Stage) -> Iterator[Judged]:
    """In how much of the first burn of a stage with one engine a stop brings all of it down."""
    path = view.inertial(view.stack.path)
    burns = [b for b in view.stack.ledger.burns if b.stage == stage.id]
    if not burns:
        return
    burn = min(burns, key=lambda b: b.start_s)
    t = np.linspace(burn.start_s, burn.end_s, _SAMPLES)
    y = path.columns_at(view.all_in_path(path, t))
    down = lowest_m(y, mu_of(view, path)) < EARTH_EQUATORIAL_RADIUS_M + FALLS_M["earth"]
    lost = float(down.mean()) * (burn.end_s - burn.start_s)
    last = float(t[down][-1]) if down.any() else burn.start_s
    yield at_most(
        lost,
        0.0,
        "s",
        f"{stage.id}, T+{burn.start_s:.1f} .. T+{burn.end_s:.1f} s",
        f"it has one engine: stopped in {lost:.0f} s of its first burn, up to T+{last:.1f} s, it"
        " leaves nothing to go on with, and all comes down within a revolution",
        object=stage.id,
        otherwise="warns",
    )
