"""Powered descents beside another program: propellant, and processor time in one run.

python3 -m venv peers && peers/bin/pip install -r bench/landing/requirements.txt
python -m bench.landing.run --python peers/bin/python

Where the site is free the peer chooses it, and ours lands there.
"""

from __future__ import annotations

import argparse
import json
import math
import subprocess
import time
from pathlib import Path

import numpy as np

from bench.landing.problem import CASES, MU, RADIUS_M, Case
from cosmodrome.errors import CosmodromeError
from cosmodrome.landing import Engine, Landing, LandingProblem, Phase, solve
from cosmodrome.physics.turning import Globe


def stated(case: Case, ahead_rad: float) -> LandingProblem:
    site = np.array([0.0, 0.0, RADIUS_M])
    low = RADIUS_M + case.height_m
    r = low * np.array([-math.sin(ahead_rad), 0.0, math.cos(ahead_rad)])
    v = case.speed_m_s * np.array([math.cos(ahead_rad), 0.0, math.sin(ahead_rad)])
    limits = (min(a for a, _ in case.throttles), max(b for _, b in case.throttles))
    return LandingProblem(
        Globe(MU, (0.0, 0.0, 0.0)), r, v, case.mass_kg, site,
        Engine(case.thrust_n, case.isp_s), (Phase("powered descent", limits),),
    )  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--python", required=True, help="of an environment with yapss")
    peer = Path(__file__).with_name("yapss_peer.py")
    run = subprocess.run(
        [parser.parse_args().python, str(peer)], capture_output=True, text=True, check=True
    )
    told = [json.loads(line) for line in run.stdout.splitlines() if line.startswith("{")]
    print("| case | yapss 0.2.3 | here | difference | by convex programmes | yapss, here, CPU s |")
    print("|---|---|---|---|---|---|")
    for case, their in zip(CASES, told, strict=True):
        cpu = time.process_time()
        try:
            own: Landing = solve(stated(case, their["ahead_rad"]))
        except CosmodromeError as e:
            print(f"| {case.name} | {their['propellant_kg']:.3f} kg | {e} |")
            continue
        spent = time.process_time() - cpu
        print(
            f"| {case.name} | {their['propellant_kg']:.3f} kg, {their['duration_s']:.2f} s |"
            f" {own.propellant_kg:.3f} kg, {own.touchdown_s:.2f} s |"
            f" {own.propellant_kg - their['propellant_kg']:+.4f} kg | {own.convex_kg:.2f} kg |"
            f" {their['cpu_s']:.1f}, {spent:.1f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
