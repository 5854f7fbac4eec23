"""What was weighed for a landing, as the report tells it."""

from __future__ import annotations

import math

from cosmodrome.record import ArrivalLooked
from cosmodrome.report.arrivals import HEADS, arrival_facts, arrival_rows, arrivals_json
from cosmodrome.world.epoch import Epoch

ARRIVES = Epoch.from_utc("2023-08-16T09:00:00Z")


def looked(day: int, why: str = "not in the light asked", chosen: bool = False) -> ArrivalLooked:
    return ArrivalLooked(
        ARRIVES + -4.6e5, ARRIVES, "southbound", ARRIVES + 86_400.0 * day, math.radians(80.0 + day),
        "north", math.radians(day - 3.0), 812.4, why, chosen,
    )  # fmt: skip


def test_the_table_is_cut_about_the_one_that_was_chosen() -> None:
    rows = [looked(k) if k != 20 else looked(k, "", True) for k in range(1, 29)]
    table = arrival_rows(rows)
    assert len(table) == 12
    assert all(len(row) == len(HEADS) for row in table)
    (chosen,) = [row for row in table if row[-1] == "chosen"]
    assert chosen[:6] == (
        "2023-08-16 09:00", "2023-09-05 09:00", "100.0°", "north", "+17.0°", "812 m/s",
    )  # fmt: skip
    assert len(arrival_rows(rows[:3])) == 3


def test_the_fact_and_the_json_say_the_same() -> None:
    rows = [looked(1), looked(5, "", True)]
    ((label, text),) = arrival_facts(rows)
    assert label == "Plane chosen"
    assert "85.00° to the Moon's equator, entered north" in text
    assert "2023-08-21 09:00, the Sun 2.0° high; 1 other touchdowns weighed" in text
    first, second = arrivals_json(rows)
    assert (first["why"], first["chosen"]) == ("not in the light asked", False)
    assert (second["why"], second["chosen"]) == ("", True)
    assert second["inclination_deg"] == 85.0
    assert arrival_facts(rows[:1]) == []
