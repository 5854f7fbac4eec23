"""Where the fairing goes: one phase of the sequence cut in two."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cosmodrome.ascent.building import intervals
from cosmodrome.errors import InputError
from cosmodrome.powered.statement import Span

if TYPE_CHECKING:
    from cosmodrome.ascent.building import Builder

__all__ = ["drop_fairing"]

_SHORTEST_SPLIT_S = 5.0


def drop_fairing(build: Builder) -> None:
    """Let the fairing go where its rule or its time says, in the phases of `build`."""
    fairing = build.vehicle.fairing
    if fairing is None:
        return
    by_rule = fairing.time_s is None
    if build.heat is None and by_rule:
        raise InputError(
            f"vehicle {build.vehicle.id!r}: its fairing has neither a heat-flux limit nor a"
            " time; write `jettison: {heat_flux: 1135 W/m^2}` or `jettison: {time: 200 s}`"
        )
    when = build.shape.fairing_s if by_rule else float(fairing.time_s or 0.0)
    k, at_s = _phase_for_fairing(build, when) if by_rule else _phase_at(build, when)
    _split(build, k, at_s, by_rule, fairing.mass_kg)
    for j in range(k):
        _covered(build, j)


def _phase_at(build: Builder, when_s: float) -> tuple[int, float]:
    """The phase that holds an instant, and how far into it that is."""
    start = 0.0
    for k, phase in enumerate(build.phases[:-1]):
        if start <= when_s < start + phase.duration_s:
            return k, when_s - start
        start += phase.duration_s
    raise InputError(
        f"the fairing of {build.vehicle.id!r} would leave at T+{when_s:.1f} s, after the last"
        f" burn ends at T+{start:.1f} s: state an earlier time or a heat flux"
    )


def _phase_for_fairing(build: Builder, when_s: float) -> tuple[int, float]:
    """A burn long enough to hold the fairing's jettison, at or next to an instant."""
    starts = [0.0]
    for phase in build.phases:
        starts.append(starts[-1] + phase.duration_s)
    long = [
        k
        for k, p in enumerate(build.phases)
        if p.steering == "free" and p.duration_s > _SHORTEST_SPLIT_S
    ]
    if not long:
        raise InputError(
            f"no burn of {build.vehicle.id!r} is long enough for its fairing to leave during it:"
            " check loads and thrusts"
        )
    k = min(long, key=lambda i: max(starts[i] - when_s, when_s - starts[i + 1], 0.0))
    length = build.phases[k].duration_s
    return k, min(max(when_s - starts[k], 0.1 * length), 0.9 * length)


def _covered(build: Builder, j: int) -> None:
    """Before the fairing goes: no heat limit, and its weight on board."""
    phase = build.phases[j]
    kept = phase.resets_to_kg
    assert build.vehicle.fairing is not None
    build.phases[j] = replace(
        phase,
        path=replace(phase.path, heat_flux_w_m2=None),
        resets_to_kg=None if kept is None else kept + build.vehicle.fairing.mass_kg,
    )


def _split(build: Builder, k: int, at_s: float, free: bool, kg: float) -> None:
    phase = build.phases[k]
    length = phase.duration_s
    gap = min(0.5, 0.05 * length)
    first = at_s
    start = sum(p.duration_s for p in build.phases[:k])
    meshes = [intervals(start, x) for x in (first, length - first)]
    if not phase.burning:
        meshes = [(phase.mesh, phase.points)] * 2
    tied = phase.fixed
    halves = [
        replace(
            phase,
            name="fairing jettison",
            duration_s=first,
            lower_s=gap if free else first,
            upper_s=phase.upper_s - gap if free else first,
            drop_kg=kg,
            resets_to_kg=None,
            drops=("fairing",),
            path=replace(phase.path, heat_flux_w_m2=None),
            mesh=meshes[0][0],
            points=meshes[0][1],
        ),
        replace(
            phase,
            duration_s=length - first,
            lower_s=gap if free or not tied else length - first,
            upper_s=phase.upper_s - gap if free or not tied else length - first,
            slopes_end_s=length if phase.sloped else None,
            joined=True,
            mesh=meshes[1][0],
            points=meshes[1][1],
        ),
    ]
    build.phases[k : k + 1] = halves
    build.burns = [i + (i >= k) for i in build.burns]
    build.low = [i + (i >= k) for i in build.low]
    build.parked = [i + (i >= k) for i in build.parked]
    if free and tied:
        build.spans.append(Span(k, k + 1, length))
    elif not free and not all(p.fixed for p in build.phases[: k + 1]):
        build.phases[k] = replace(halves[0], lower_s=gap, upper_s=phase.upper_s)
        build.spans.append(Span(0, k, start + at_s))
    build.fairing = k
