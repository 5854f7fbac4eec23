"""verify.json and verify.csv: a single-fault sweep as files."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from cosmodrome.record.sweep import kinds_of, ranked, seen, size_of
from cosmodrome.report.flight_record import finding_json
from cosmodrome.report.plain import number, plain
from cosmodrome.report.verify_words import labels, losing_text, seen_by
from cosmodrome.report.words import check_counts

if TYPE_CHECKING:
    from cosmodrome.record.faults import Outcome
    from cosmodrome.record.sweep import FaultKind, Sweep

__all__ = ["SCHEMA", "verify_csv", "verify_json"]

SCHEMA = "cosmodrome-verify/1"


def _outcome(o: Outcome) -> dict[str, Any]:
    f = o.fault
    return {
        "id": f.id,
        "into": f.into,
        "family": f.family,
        "path": f.path,
        "kind": f.kind,
        "value": number(f.value),
        "unit": f.unit,
        "text": f.text,
        "unobservable": f.unobservable,
        "consequence": o.consequence,
        "loses": o.loses,
        "why": o.why,
        "effect_s": number(o.effect_s),
        "end_s": number(o.end_s),
        "figures": plain(dict(o.figures)),
        "seen_when": seen(o),
        "visible_after_s": number(_visible_after_s(o)),
        "seen": [{"by": s.by, "t_s": number(s.t_s), "why": s.why} for s in o.seen],
        "findings": [finding_json(finding) for finding in o.findings],
    }


def _visible_after_s(o: Outcome) -> float | None:
    """From the effect to who sees it first; None before flight, or by nobody."""
    at = o.seen[0].t_s if o.seen else None
    return None if at is None or o.effect_s is None else at - o.effect_s


def _kind(kind: FaultKind, label: str) -> dict[str, Any]:
    f, worst = kind.fault, kind.worst
    return {
        "name": label,
        "into": f.into,
        "family": f.family,
        "path": f.path,
        "kind": f.kind,
        "unit": f.unit,
        "faults": len(kind.outcomes),
        "loses": kind.loses,
        "loses_text": losing_text(kind),
        "loses_from": [
            {"id": o.fault.id, "value": number(o.fault.value), "size": number(size_of(o.fault))}
            for o in kind.thresholds
        ],
        "worst": {"id": worst.fault.id, "consequence": worst.consequence, "why": worst.why},
        "seen_when": kind.seen,
        "seen_by": seen_by(kind.outcomes),
    }


def verify_json(told: Sweep) -> dict[str, Any]:
    """The JSON value: docs/verify.md says what each key is."""
    kinds = kinds_of(told.outcomes)
    return {
        "schema": SCHEMA,
        "mission": told.mission,
        "zero_utc": told.zero.utc(),
        "verdict": told.verdict,
        "checks": check_counts(told.findings),
        "findings": [finding_json(f) for f in told.findings],
        "fineness": told.fineness,
        "parts": list(told.parts),
        "stations": list(told.stations),
        "planned": plain(dict(told.planned)),
        "faults": len(told.outcomes),
        "consequences": dict(told.counts),
        "losing": {
            "faults": len(told.losing),
            "seen_before": told.by_seen["before"],
            "seen_after": told.by_seen["after"],
            "seen_by_none": told.by_seen["none"],
            "unobservable": len(told.unobservable),
        },
        "unseen": [o.fault.id for o in told.unseen],
        "kinds": [_kind(k, label) for k, label in zip(kinds, labels(kinds), strict=True)],
        "outcomes": [_outcome(o) for o in ranked(told.outcomes)],
        "provenance": plain(told.provenance),
        "timing": plain(told.timing),
    }


def verify_csv(told: Sweep) -> str:
    """A fault a line, ranked; a column for each figure that some outcome has."""
    names = sorted({name for o in told.outcomes for name in o.figures})
    text = io.StringIO(newline="")
    heads = (
        "id", "into", "family", "path", "kind", "value", "unit", "text", "unobservable",
        "consequence", "loses", "why", "effect_s", "end_s", "seen_when", "seen_by",
        "visible_after_s",
    )  # fmt: skip
    writer = csv.DictWriter(text, [*heads, *names], lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    for o in ranked(told.outcomes):
        row = _outcome(o)
        writer.writerow(
            {
                **row,
                **row["figures"],
                "seen_by": "; ".join(dict.fromkeys(s.by for s in o.seen)),
            }
        )  # fmt: skip
    return text.getvalue()
