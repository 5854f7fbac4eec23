"""Delta III: set-up and solve time of the powered-flight programme, by mesh.

    python -m bench.ascent

The published optimum is 7529.712287 kg (Betts; Benson; figure as distributed with yapss).
"""

from __future__ import annotations

import time

import numpy as np

from cosmodrome.powered.transcription import Transcription
from cosmodrome.solvers.nlp import Solver
from tests.powered import delta_iii as d3

MESHES = ((2, 2, 2, 4), (6, 5, 5, 8), (12, 10, 10, 16))


def main() -> None:
    print(f"{'intervals':>16} {'unknowns':>9} {'iterations':>10} {'set-up s':>9} {'solve s':>8}"
          f" {'kg off':>10}")  # fmt: skip
    for mesh in MESHES:
        statement = d3.statement(mesh)
        start = time.process_time()
        transcription = Transcription(statement)
        solver = Solver(transcription.problem)
        built = time.process_time()
        bounds = transcription.bounds((d3.PAYLOAD, d3.PAYLOAD), (0.0, 16820.0))
        result = solver.solve(
            transcription.objective(0.0, 1.0),
            np.clip(transcription.pack(d3.rough_guess(statement)), *bounds),
            bounds,
            (transcription.g_lower, transcription.g_upper),
            max_iter=300,
        )
        done = time.process_time()
        flight = transcription.unpack(result.w)
        off = flight.payload_kg + 2480.0 + flight.left_kg - d3.OPTIMUM_KG
        print(
            f"{mesh!s:>16} {transcription.n:>9} {result.iterations:>10} {built - start:>9.3f}"
            f" {done - built:>8.3f} {off:>+10.5f}{'' if result.solved else '  NOT SOLVED'}"
        )


if __name__ == "__main__":
    main()
