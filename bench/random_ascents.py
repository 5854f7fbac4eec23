"""Random vehicles, pads and orbits, with no guess: does the optimiser find what can be found?

    python -m bench.random_ascents [-n 500] [--first 0] [--seeds 3] [--jobs 2] [--out FILE]

Case k is drawn with seed k: 10 to 2,500 t, two to four stages, none to six boosters (some lit in
the air), solid and liquid, thrust curves, free throttles with an acceleration limit, restarts;
pads at 45 S to 65 N; 180 to 36,000 km, inclinations 0 to 130 deg, circles and ellipses.
Each is solved with several seeds of the guess and re-flown. Printed: how many of the feasible are
within 0.1 % of the best known, CPU time, iterations, the worst re-flown miss.
"""

from __future__ import annotations

import argparse
import json
import math
import multiprocessing
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from cosmodrome import ascent
from cosmodrome.catalog.nouns import (
    DragTable,
    Fairing,
    Ignition,
    Limits,
    Site,
    Stage,
    Vehicle,
)
from cosmodrome.errors import CosmodromeError, InfeasibleError
from cosmodrome.mission.nouns import Launch, Mission, Quantity, Spacecraft, Target
from cosmodrome.targets.insertion import insertion
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.world import World

G0 = 9.80665
RE = 6_378_137.0
ABOUT = "2027-03-01T05:41:46Z"
MACH = (0.0, 0.6, 0.85, 1.0, 1.2, 1.5, 2.0, 3.0, 4.0, 6.0, 10.0, 30.0)
CD = (0.30, 0.30, 0.36, 0.50, 0.58, 0.52, 0.44, 0.34, 0.28, 0.24, 0.22, 0.22)
# vacuum Isp, dry mass over gross, sea-level over vacuum Isp
KINDS = {
    "kerosene": ((300.0, 350.0), (0.06, 0.10), (0.86, 0.93)),
    "hydrogen": ((425.0, 462.0), (0.09, 0.14), (0.76, 0.84)),
    "storable": ((285.0, 325.0), (0.07, 0.12), (0.85, 0.92)),
    "solid": ((268.0, 295.0), (0.08, 0.14), (0.86, 0.94)),
}


def _stage(
    rng: np.random.Generator,
    id_: str,
    kind: str,
    gross_kg: float,
    thrust_n: float,
    ignition: Ignition,
    count: int = 1,
    in_air: bool = False,
    **more: Any,
) -> Stage:
    isp, dry, sea = (float(rng.uniform(*x)) for x in KINDS[kind])
    dry_kg = dry * gross_kg
    load = gross_kg - dry_kg
    curve: tuple[tuple[float, float], ...] = ()
    if kind == "solid" and rng.uniform() < 0.5:
        burn = 0.995 * load * G0 * isp / thrust_n
        shape = ((0.0, 0.9), (0.25, 1.15), (0.6, 0.95), (0.9, 1.0), (1.08, 0.0))
        curve = tuple((x * burn, y) for x, y in shape)
    return Stage(
        id_,
        id_,
        count,
        load,
        load,
        0.005 * load,
        dry_kg,
        thrust_n,
        isp,
        ignition,
        thrust_sea_level_n=sea * thrust_n if in_air else None,
        solid=kind == "solid",
        thrust_curve=curve,
        **more,
    )


def vehicle(rng: np.random.Generator) -> Vehicle:
    """One random launch vehicle; its proportions are those real ones have."""
    total = math.exp(rng.uniform(math.log(10e3), math.log(2_500e3)))
    stages_n = int(rng.integers(2, 5))
    boosters = int(rng.integers(1, 7)) if rng.uniform() < 0.5 else 0
    share = float(rng.uniform(0.3, 0.6)) if boosters else 0.0
    core = total * (1.0 - share)
    # each stage carries this part of what is above the one below it
    parts = []
    rest = core * (1.0 - 0.02)
    for k in range(stages_n):
        part = float(rng.uniform(0.68, 0.82)) if k < stages_n - 1 else 1.0
        if boosters and k == 0:
            part = float(rng.uniform(0.6, 0.75))
        parts.append(rest * part)
        rest -= parts[-1]
    # the last part is stage and spacecraft together
    parts[-1] *= float(rng.uniform(0.75, 0.9))
    lift = float(rng.uniform(1.25, 1.7)) * total * G0
    stages: list[Stage] = []
    if boosters:
        kind = str(rng.choice(["solid", "kerosene", "solid"]))
        pushed = float(rng.uniform(0.5, 0.75)) * lift
        air_lit = boosters >= 4 and rng.uniform() < 0.3
        ground = boosters - 2 if air_lit else boosters
        gross = total * share / boosters
        delay = float(rng.uniform(0.5, 3.0))
        thrust = pushed / ground / 0.9
        stages.append(
            _stage(rng, "boosters", kind, gross, thrust, Ignition("lift-off"), ground, True,
                   separation_delay_s=delay)
        )  # fmt: skip
        if air_lit:
            stages.append(
                _stage(rng, "air-lit", kind, gross, thrust,
                       Ignition("after", "lift-off", float(rng.uniform(20.0, 60.0))), 2, True,
                       separation_delay_s=delay)
            )  # fmt: skip
        lift -= pushed
    throttled = rng.uniform() < 0.35
    above = core
    for k in range(stages_n):
        last = k == stages_n - 1
        kind = str(rng.choice(["kerosene", "kerosene", "hydrogen", "storable", "solid"]))
        if last and kind == "solid" and rng.uniform() < 0.7:
            kind = "storable"
        if k == 0:
            stages.append(
                _stage(rng, "core", kind, parts[0], lift / 0.9, Ignition("lift-off"), 1, True,
                       separation_delay_s=float(rng.uniform(0.5, 6.0)),
                       throttle_range=(float(rng.uniform(0.45, 0.7)), 1.0)
                       if throttled and kind != "solid" else None)
            )  # fmt: skip
        else:
            ratio = (0.7, 1.5) if not last else (0.25, 0.9)
            thrust = float(rng.uniform(*ratio)) * above * G0
            free = last and rng.uniform() < 0.4
            ignition = (
                Ignition("free")
                if free
                else Ignition("after", stages[-1].id, float(rng.uniform(2.0, 8.0)))
            )
            restarts = int(rng.choice([0, 1, 1, 2, 5])) if last and kind != "solid" else 0
            stages.append(
                _stage(rng, f"s{k + 1}", kind, parts[k], thrust, ignition,
                       separation_delay_s=float(rng.uniform(0.5, 2.0)), restarts=restarts,
                       throttle_range=(0.6, 1.0)
                       if throttled and rng.uniform() < 0.4 and kind != "solid" else None)
            )  # fmt: skip
        above -= parts[k]
    area = 0.25 * (total / 1e3) ** 0.67 * float(rng.uniform(0.7, 1.4))
    fairing = float(rng.uniform(0.0025, 0.006)) * total
    return Vehicle(
        "random",
        "Random",
        tuple(stages),
        DragTable(area, MACH, CD),
        Fairing(fairing, heat_flux_w_m2=1135.0),
        limits=Limits(axial_acceleration_m_s2=float(rng.uniform(4.5, 7.0)) * G0)
        if any(s.throttle_range for s in stages[:2]) and not boosters and _can_hold(stages)
        else Limits(),
    )


def _can_hold(stages: list[Stage]) -> bool:
    """May an acceleration limit be asked for: every stage can throttle."""
    return all(s.throttle_range for s in stages)


def case(k: int) -> Mission:
    """The k-th random mission."""
    rng = np.random.default_rng(k)
    v = vehicle(rng)
    latitude = math.radians(float(rng.uniform(-45.0, 65.0)))
    site = Site("random", "Random", "1", "", latitude, float(rng.uniform(-math.pi, math.pi)), 50.0)
    low = math.exp(rng.uniform(math.log(180e3), math.log(36_000e3)))
    high = low
    if rng.uniform() < 0.3:
        low = float(rng.uniform(180e3, 600e3))
        high = math.exp(rng.uniform(math.log(low + 50e3), math.log(36_000e3)))
    a, e = RE + 0.5 * (low + high), 0.5 * (high - low) / (RE + 0.5 * (low + high))
    i = math.radians(float(rng.uniform(0.0, 130.0)))
    if rng.uniform() < 0.8:  # most pads are asked for planes they can reach
        i = math.radians(float(rng.uniform(abs(math.degrees(latitude)) + 0.5, 130.0)))
        i = min(i, math.pi - abs(latitude) - 0.01)
    target = Target(
        "circular" if low == high else "elliptic",
        Quantity(a, 5e3),
        Quantity(e, 1e-3),
        Quantity(i, 1e-3),
    )
    window = (Epoch.parse("2027-03-01T00:00Z"), Epoch.parse("2027-03-03T00:00Z"))
    craft = Spacecraft("spacecraft", None, 12.0, 2.2, 12.0, 1.3)
    return Mission(f"random {k}", site, v, craft, Launch(window=window), target)


def solve(k: int, seed: int) -> dict[str, Any]:
    """One case with one seed: outcome, payload, CPU time, iterations, re-flown miss."""
    world = _world()
    m = case(k)
    about = Epoch.parse(ABOUT)
    aim = insertion(m.target, about, world)
    out: dict[str, Any] = {"case": k, "seed": seed}
    start = time.process_time()
    try:
        s = ascent.solve(m, aim, world, seed=seed)
    except InfeasibleError as e:
        out |= {"outcome": "infeasible", "why": str(e)}
    except CosmodromeError as e:
        out |= {"outcome": type(e).__name__, "why": str(e)}
    else:
        out |= {"outcome": "solved", "payload_kg": s.payload_kg, **s.budget, "why": s.way}
    out["cpu_s"] = time.process_time() - start
    if out["outcome"] == "solved":
        flown = replace(m, spacecraft=replace(m.spacecraft, mass_kg=s.payload_kg))
        try:
            legs = ascent.execute(ascent.plan(s, about, world), flown, world)
            out |= dict(legs[0].solve.residuals)
        except CosmodromeError as e:
            out |= {"outcome": "not flown", "why": str(e)}
    return out


_WORLD: list[World] = []


def _world() -> World:
    if not _WORLD:
        _WORLD.append(World.shipped())
    return _WORLD[0]


def _solve(job: tuple[int, int]) -> dict[str, Any]:
    return solve(*job)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-n", type=int, default=60)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    jobs = [(k, s) for k in range(args.first, args.first + args.n) for s in range(args.seeds)]
    rows = []
    with multiprocessing.get_context("spawn").Pool(args.jobs) as pool:
        for row in pool.imap(_solve, jobs):
            rows.append(row)
            if args.out:
                with args.out.open("a") as file:
                    file.write(json.dumps(row) + "\n")
            print(
                f"{row['case']:4d}.{row['seed']} {row['outcome']:12}"
                f" {row.get('payload_kg', math.nan):10.1f} kg {row['cpu_s']:6.2f} s"
                f" {row.get('position_m', math.nan):8.3f} m  {row.get('why', '')[:90]}",
                flush=True,
            )
    report(rows)


def report(rows: list[dict[str, Any]]) -> None:
    """The figures of the bar."""
    cases: dict[int, list[dict[str, Any]]] = {}
    for row in rows:
        cases.setdefault(row["case"], []).append(row)
    feasible = good = infeasible = lost = 0
    for own in cases.values():
        best = max((r["payload_kg"] for r in own if r["outcome"] == "solved"), default=None)
        if best is None:
            infeasible += all(r["outcome"] == "infeasible" for r in own)
            lost += any(r["outcome"] != "infeasible" for r in own)
            continue
        for r in own:
            feasible += 1
            good += r["outcome"] == "solved" and r["payload_kg"] >= best * 0.999
    cpu = np.array([r["cpu_s"] for r in rows])
    miss = [r["position_m"] for r in rows if "position_m" in r]
    print(
        f"{len(cases)} cases: {good} of {feasible} feasible runs within 0.1 %"
        f" ({100.0 * good / max(feasible, 1):.1f} %), {infeasible} cases infeasible,"
        f" {lost} without an answer; CPU median {np.median(cpu):.2f} s,"
        f" p90 {np.quantile(cpu, 0.9):.2f} s, most {cpu.max():.2f} s; worst re-flown miss"
        f" {max(miss, default=math.nan):.3f} m"
    )


if __name__ == "__main__":
    main()
