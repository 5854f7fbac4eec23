"""A million random problems, solved and flown.

python -m bench.lambert.accuracy [-n 1000000]
"""

from __future__ import annotations

import argparse
import time

import numpy as np

from bench.lambert.problems import PATHS, draw, floor, miss
from cosmodrome.dynamics.lambert import lambert_many

BAR = 1e-9


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-n", type=int, default=1_000_000)
    parser.add_argument("--block", type=int, default=20_000)
    parser.add_argument("--beyond", action="store_true", help="times up to 100 of the minimum")
    args = parser.parse_args()
    start, done, failed, over, unexplained = time.perf_counter(), 0, 0, 0, 0
    errors = []
    more = {"above": (1e-6, 99.0), "direct": (1e-3, 1e3)} if args.beyond else {}
    while done < args.n:
        n = min(args.block, args.n - done)
        p = draw(n, 1 + done, PATHS[done // args.block % 2], **more)
        out = lambert_many(p.r1, p.r2, p.tof, p.mu, **p.many)
        failed += int((~out.solved).sum())
        error = miss(p, np.nan_to_num(out.v1_m_s, nan=1.0))[out.solved]
        bad = error > BAR
        if bad.any():
            kept = np.flatnonzero(out.solved)[bad]
            few = type(p)(
                p.r1[kept], p.r2[kept], p.tof[kept], p.revolutions[kept], [], p.path, p.mu
            )
            limit = floor(few, out.v1_m_s[kept])
            over += int(bad.sum())
            unexplained += int((error[bad] > 10.0 * limit).sum())
            for k in np.argsort(-error[bad])[:2]:
                print(
                    f"  miss {error[bad][k]:.1e}, half a last bit of v1 moves it {limit[k]:.1e}:"
                    f" r2/r1 {np.linalg.norm(few.r2[k]):.3g}, {few.revolutions[k]:.0f} revolutions,"
                    f" tof {few.tof[k]:.6g}",
                    flush=True,
                )
        errors.append(error)
        done += n
    e = np.concatenate(errors)
    marks = np.quantile(e, [0.5, 0.99, 0.9999])
    print(
        f"{done} problems, {failed} without an answer; |r(tof) - r2| / max(r1, r2): median"
        f" {marks[0]:.1e}, 99 % {marks[1]:.1e}, 99.99 % {marks[2]:.1e}, largest {e.max():.1e};"
        f" {over} above {BAR:g}, {unexplained} of them by more than 10 times the rounding of v1;"
        f" {time.perf_counter() - start:.0f} s"
    )


if __name__ == "__main__":
    main()
