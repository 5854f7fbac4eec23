"""The kept results as tables: python -m bench.ascent.table

Reads bench/ascent/results/*.json and writes between the markers of docs/benchmarks.md.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from bench.ascent import problems
from bench.propagation.table import seconds

RESULTS = Path(__file__).parent / "results"
DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "benchmarks.md"
BEGIN = "<!-- ascent: begin; written by python -m bench.ascent.table -->"
END = "<!-- ascent: end -->"
HEADS = ["", "setting", "CPU", "ratio", "first", "iterations", "found", "from published",
         "re-flown miss", "says"]  # fmt: skip


def _row(case: problems.Case, row: dict[str, Any], ours: float) -> list[str]:
    spent, miss, iterations = row["cpu_median_s"], row["miss_m"], row["iterations"]
    return [
        row["program"],
        row["setting"],
        seconds(spent),
        f"{spent / ours:.2f}",
        seconds(row["first_cpu_s"]),
        str(iterations) if iterations >= 0 else "-",
        f"{row['sought']:.7f}" if case.unit == 1.0 else f"{row['sought']:.5f}",
        f"{row['sought'] - case.published:+.1e}",
        "-" if miss is None else f"{miss:.1e}" + ("" if case.place[1] == 1.0 else " m"),
        "" if row["solved"] else row.get("status", "not solved"),
    ]


def case(of: problems.Case, rows: list[dict[str, Any]]) -> str:
    """One problem, in Markdown."""
    flown = [r for r in rows if "refused" not in r]
    ours = min(r["cpu_median_s"] for r in flown) if flown else 1.0
    for r in flown:
        if r["program"] == "cosmodrome" and r["setting"] == "common":
            ours = r["cpu_median_s"]
    lines = [f"**{of.title}** (`{of.name}`), {of.says}; published {of.published:.12g}", ""]
    lines += ["| " + " | ".join(HEADS) + " |", "|---" * len(HEADS) + "|"]
    lines += ["| " + " | ".join(_row(of, r, ours)) + " |" for r in flown]
    refused = [f"{r['program']}: {r['refused']}" for r in rows if "refused" in r]
    if refused:
        lines += ["", "Not solved by " + "; ".join(refused) + "."]
    return "\n".join(lines) + "\n"


def main() -> None:
    parts = []
    for path in sorted(RESULTS.glob("*.json")):
        result = json.loads(path.read_text(encoding="utf-8"))
        m = result["machine"]
        versions = ", ".join(f"{n} {v}" for n, v in result["versions"].items())
        parts.append(f"### Optimal flights: {m['cpu']}, {m['simd']}\n")
        parts.append(f"{m['system']}, {result['date']}; CPU time on one core. {versions}.\n")
        parts += [case(problems.ALL[n], rows) for n, rows in result["cases"].items()]
    text = DOCUMENT.read_text(encoding="utf-8")
    head, _, rest = text.partition(BEGIN)
    _, _, tail = rest.partition(END)
    new = f"{head}{BEGIN}\n\n" + "\n".join(parts) + f"\n{END}{tail}"
    DOCUMENT.write_text(new, encoding="utf-8")


if __name__ == "__main__":
    main()
