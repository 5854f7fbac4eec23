"""The kept results as tables: python -m bench.propagation.table

Reads bench/propagation/results/*.json and writes between the markers of docs/benchmarks.md; with
--check it only says whether the document is up to date.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"
DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "benchmarks.md"
BEGIN = "<!-- propagation: begin; written by python -m bench.propagation.table -->"
END = "<!-- propagation: end -->"
OURS = "cosmodrome"


def slug(machine: dict[str, str]) -> str:
    """A file name from what the machine is."""
    text = f"{machine['cpu']} {machine['simd']}".lower()
    return "-".join("".join(c if c.isalnum() else " " for c in text).split())


def seconds(x: float) -> str:
    return f"{1e3 * x:.3g} ms" if x < 1.0 else f"{x:.3g} s"


def metres(x: float) -> str:
    for unit, size in (("um", 1e-6), ("mm", 1e-3), ("m", 1.0)):
        if x < 1000.0 * size or unit == "m":
            return f"{float(f'{x / size:.2g}'):g} {unit}"
    return ""


def label(setting: dict[str, Any]) -> str:
    return " ".join(
        f"{v:.0e}" if isinstance(v, float) and v < 1e-3 else f"{v:g}" if isinstance(v, float)
        else str(v)
        for v in setting.values()
    )  # fmt: skip


def rows(flown: dict[str, Any]) -> list[list[str]]:
    """A row a peer: name, setting, CPU, ratio to ours, error, note."""
    peers = flown["peers"]
    ours = peers.get(OURS, {}).get("median_s")
    target = flown["case"]["target_m"]
    tight = peers.get(OURS, {}).get("end")
    out = []
    for name, result in peers.items():
        if "refused" in result:
            continue
        chosen = result["chosen"]
        notes = list(result["notes"])
        if chosen["path_m"] > target:
            notes.insert(0, f"misses {metres(target)} at any setting")
        if name.startswith(OURS):
            notes.append(f"tables {seconds(chosen['tables_s'])} once")
        elif tight is not None and not any("left out" in n for n in notes):
            d = sum((a - b) ** 2 for a, b in zip(result["end"][:3], tight[:3], strict=True)) ** 0.5
            notes.append(f"ends {metres(d)} from ours")
        ratio = f"{result['median_s'] / ours:.2f}" if ours else ""
        out.append(
            [name, label(chosen["setting"]), seconds(result["median_s"]), ratio,
             metres(chosen["path_m"]), *(at_error(result["curve"], e) for e in LOOSER_M),
             "; ".join(notes)]
        )  # fmt: skip
    return out


def at_error(curve: list[dict[str, Any]], error_m: float) -> str:
    """CPU of the cheapest setting that keeps this error: work against precision."""
    good = [p["cpu_s"] for p in curve if p["path_m"] <= error_m]
    return seconds(min(good)) if good else "-"


LOOSER_M = (1.0, 0.01)
HEADS = ["", "setting", "CPU", "ratio", "error", *(f"CPU at {metres(e)}" for e in LOOSER_M), "said"]


def case_table(name: str, flown: dict[str, Any], *, markdown: bool) -> str:
    """One case."""
    body = rows(flown)
    if not markdown:
        widths = [max(len(r[k]) for r in [HEADS, *body]) for k in range(len(HEADS))]
        return "\n".join(
            "  " + "  ".join(c.ljust(w) for c, w in zip(r, widths, strict=True)).rstrip()
            for r in [HEADS, *body]
        )
    lines = [f"**{flown['case']['title']}** (`{name}`)"]
    lines[0] += f": medians of {flown['runs']} rounds"
    if flown["case"]["samples"]:
        lines[0] += f", of a sample, over {flown['samples_flown']}"
    lines += ["", "| " + " | ".join(HEADS) + " |", "|---" * len(HEADS) + "|"]
    lines += ["| " + " | ".join(r) + " |" for r in body]
    refused = [f"{n}: {r['refused']}" for n, r in flown["peers"].items() if "refused" in r]
    if refused:
        lines += ["", "Not flown: " + "; ".join(refused) + "."]
    return "\n".join(lines)


def document(results: list[dict[str, Any]]) -> str:
    """What stands between the markers."""
    parts = []
    for result in results:
        m = result["machine"]
        flown = [(n, p) for c in result["cases"].values() for n, p in c["peers"].items()]
        versions = sorted({f"{n} {p['version']}" for n, p in flown if "version" in p})
        dates = sorted({c["date"] for c in result["cases"].values()})
        parts.append(f"### {m['cpu']}, {m['simd']}\n")
        parts.append(
            f"{m['system']}, Python {m['python']}, {' to '.join({dates[0]: 0, dates[-1]: 0})};"
            f" CPU time on one core. {', '.join(versions)}.\n"
        )
        parts += [case_table(n, f, markdown=True) + "\n" for n, f in result["cases"].items()]
    return "\n".join(parts)


def main() -> None:
    found = sorted(RESULTS.glob("*.json"))
    results = [json.loads(p.read_text(encoding="utf-8")) for p in found]
    text = DOCUMENT.read_text(encoding="utf-8")
    head, _, rest = text.partition(BEGIN)
    _, _, tail = rest.partition(END)
    new = f"{head}{BEGIN}\n\n{document(results)}\n{END}{tail}"
    if "--check" in sys.argv:
        sys.exit(0 if new == text else f"{DOCUMENT.name} is not what {len(found)} results give")
    DOCUMENT.write_text(new, encoding="utf-8")


if __name__ == "__main__":
    main()
