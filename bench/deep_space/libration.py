"""Libration orbits in full dynamics from several epochs: the table of docs/deep-space.md.

python bench/deep_space/libration.py
"""

from __future__ import annotations

import time

import numpy as np

from cosmodrome.errors import CosmodromeError
from cosmodrome.targets.libration import correct, find, read_libration
from cosmodrome.world.epoch import Epoch
from cosmodrome.world.world import World

EPOCHS = ("2027-03-01", "2028-01-20", "2029-07-13")
ASKED = (
    ("nrho 9:2", 6), ("nrho 9:2", 27), ("nrho 9:2 north", 12), ("nrho 4:1", 20),
    ("dro 70000 km", 6), ("dro 70000 km", 26), ("halo l1 az 30000 km", 6),
    ("halo l2 az 15000 km", 12), ("lyapunov l1 20000 km", 6),
    ("halo sun-earth l1 az 120000 km", 6), ("halo sun-earth l2 az 300000 km", 6),
)  # fmt: skip


def main() -> None:
    world = World.shipped()
    print(
        "| orbit | revolutions, days | from | iterations | jumps, m, m/s | distance, km | stays |"
    )
    print("|---|---|---|---|---|---|---|")
    for text, revolutions in ASKED:
        design = find(read_libration(text))
        for day in EPOCHS:
            start = time.perf_counter()
            head = f"| `{text}` | {revolutions}, "
            try:
                made = correct(design, Epoch.parse(f"{day}T00:00Z"), revolutions, world)
            except CosmodromeError as e:
                print(f"{head}| {day} | {type(e).__name__}: {e} |")
                continue
            t = np.linspace(0.0, made.span_s, 200 * revolutions)
            r = np.linalg.norm(made.path.columns_at(t)[:, :3], axis=1) / 1e3
            print(
                f"{head}{made.span_s / 86400.0:.1f} | {day} | {made.iterations} |"
                f" {made.jump_m.max():.1g}, {made.jump_m_s.max():.1g} |"
                f" {r.min():,.0f} to {r.max():,.0f} | {made.stays_s / 86400.0:.1f} d |"
                f" {time.perf_counter() - start:.1f} s",
                flush=True,
            )


if __name__ == "__main__":
    main()
