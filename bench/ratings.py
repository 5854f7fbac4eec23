"""Ideal capabilities against published payloads, and the loss model between them.

    python -m bench.ratings [--keep FOLDER] [--jobs 2]     solve, fit, store, write the tables
    python -m bench.ratings --table                        write the tables from what is stored

Solved points are kept in FOLDER and taken up again while vehicle, site, orbit and the code that
solves stay as they are. Stored: bench/ratings.json. Written: docs/validation.md, between marks.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cosmodrome.campaign import ratings
from cosmodrome.campaign.losses import FORMS, Sample, cross_validated, fit, in_sample
from cosmodrome.formats.placing import place
from cosmodrome.vehicle.losses import GLOBAL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cosmodrome.campaign.losses import Verdict
    from cosmodrome.campaign.ratings import Solved

STORED = Path(__file__).parent / "ratings.json"
DOCUMENT = Path(__file__).parents[1] / "docs" / "validation.md"
BEGIN = "<!-- ratings: begin; written by python -m bench.ratings -->"
END = "<!-- ratings: end -->"
#: what the shipped model leaves free
CHOSEN = ("hydrogen",)


def stored() -> tuple[Solved, ...]:
    return tuple(ratings.read(tree) for tree in json.loads(STORED.read_text(encoding="utf-8")))


def store(solved: Sequence[Solved]) -> None:
    trees: list[dict[str, Any]] = [asdict(s) for s in solved]
    place(STORED, json.dumps(trees, indent=1) + "\n")


def samples(solved: Sequence[Solved]) -> list[Sample]:
    """The ratings among them that were solved."""
    return [
        Sample(s.point.vehicle, s.point.published_kg, x)
        for s in solved
        if s.point.kind == "rating" and (x := s.as_published) is not None
    ]


def _lines(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    lines = ["| " + " | ".join(heads) + " |", "|---" * len(heads) + "|"]
    return lines + ["| " + " | ".join(row) + " |" for row in rows]


def _rated(solved: Sequence[Solved]) -> list[str]:
    known = samples(solved)
    fitted = fit(known, CHOSEN)
    inside = iter(in_sample(known, fitted).errors)
    outside = iter(cross_validated(known, CHOSEN).errors)
    rows = []
    for s in solved:
        if s.point.kind != "rating":
            continue
        p, x = s.point, s.as_published
        row = [p.vehicle, p.orbit, p.site, p.confidence, f"{p.published_kg:,.0f}"]
        if x is None:
            rows.append([*row, "no answer", "", "", "", ""])
            continue
        rows.append(
            [
                *row,
                f"{x.ideal_kg:,.0f}",
                f"{x.ideal_kg / p.published_kg - 1.0:+.1%}",
                f"{fitted.payload(x)[0]:,.0f}",
                f"{next(inside):+.1%}",
                f"{next(outside):+.1%}",
            ]
        )
    heads = ["vehicle", "orbit", "from", "", "rated, kg", "ideal, kg", "", "expected, kg",
             "in sample", "left out"]  # fmt: skip
    return _lines(heads, rows)


def _flown(solved: Sequence[Solved]) -> list[str]:
    rows = []
    for s in solved:
        if s.point.kind != "flown":
            continue
        p, x = s.point, s.as_published
        ideal = "no answer" if x is None else f"{x.ideal_kg:,.0f}"
        share = "" if x is None else f"{p.published_kg / x.ideal_kg:.1%}"
        rows.append([p.vehicle, p.orbit, p.site, f"{p.published_kg:,.0f}", ideal, share])
    return _lines(["vehicle", "orbit", "from", "flown, kg", "ideal, kg", "flown / ideal"], rows)


def _told(v: Verdict) -> list[str]:
    return [f"{v.median:.1%}", f"{v.worst:.1%}", f"{v.scatter:.1%}"]


def _forms(solved: Sequence[Solved]) -> list[str]:
    known = samples(solved)
    rows = []
    for form in FORMS:
        model = fit(known, form)
        values = ", ".join(f"{name} {getattr(model, name):.2%}" for name in form) or "none"
        name = f"**{values}**" if form == CHOSEN else values
        rows.append([name, *_told(in_sample(known, model)), *_told(cross_validated(known, form))])
    heads = ["free parameters, fitted to all", "median", "worst", "scatter",
             "left out: median", "worst", "scatter"]  # fmt: skip
    return _lines(heads, rows)


def tables(solved: Sequence[Solved]) -> str:
    """Everything between the marks."""
    count = len({s.vehicle for s in samples(solved)})
    parts = [
        *_rated(solved),
        "",
        f"Errors of the model, {count} vehicles (median over vehicles, worst point, 1 sigma):",
        "",
        *_forms(solved),
        "",
        "Flown payloads, lower bounds:",
        "",
        *_flown(solved),
    ]
    return "\n".join(parts)


def write(solved: Sequence[Solved]) -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    head, _, rest = text.partition(BEGIN)
    _, _, tail = rest.partition(END)
    place(DOCUMENT, f"{head}{BEGIN}\n\n{tables(solved)}\n\n{END}{tail}")


def _progress(s: Solved) -> None:
    x = s.as_published
    told = (
        s.why if x is None else f"{x.ideal_kg:,.0f} kg, {s.point.kind} {s.point.published_kg:,.0f}"
    )
    print(f"{s.point.vehicle}, {s.point.orbit}: {told} ({s.cpu_s:.0f} s)", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument(
        "--keep", type=Path, default=Path(".ratings"), help="folder of solved points"
    )
    parser.add_argument("--jobs", type=int, default=2, help="processes")
    parser.add_argument("--table", action="store_true", help="only write the tables")
    args = parser.parse_args()
    if not args.table:
        store(ratings.solve_points(ratings.points(), args.keep, args.jobs, _progress))
    write(stored())
    known = samples(stored())
    fitted = fit(known, CHOSEN)
    print(f"fitted: {fitted}, 1 sigma {cross_validated(known, CHOSEN).scatter:.3f}")
    print(f"shipped: {GLOBAL}")


if __name__ == "__main__":
    main()
