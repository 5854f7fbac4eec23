"""Answers remembered by content: the same question once, any other worked out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from cosmodrome.maths import remembered, remembered_each
from cosmodrome.maths.remembered import content, forget


@dataclass(eq=False)
class _Noun:
    x: float
    row: Any


class _Thing:
    pass


def test_what_holds_the_same_is_the_same() -> None:
    a = _Noun(1.0, {"k": (1, [2.0, np.arange(3.0)])})
    b = _Noun(1.0, {"k": (1, [2.0, np.arange(3.0)])})
    assert content(a) == content(b)
    assert content(a, (_Noun,)) != content(b, (_Noun,))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (0.0, -0.0),
        (1.0, 1),
        (1, True),
        (1.0, 1.0 + 2.0**-52),
        ((1.0,), [1.0]),
        (np.zeros(2), np.zeros(2, dtype=np.float32)),
        (np.zeros((2, 3)), np.zeros((3, 2))),
        (np.zeros((2, 3)), np.zeros((2, 3), order="F")),
        (np.array([0.0]), np.array([-0.0])),
        (_Noun(1.0, 2.0), _Noun(1.0, 2)),
        (_Thing(), _Thing()),
        ({"a": 1.0}, {"b": 1.0}),
    ],
)
def test_what_differs_in_one_bit_differs(one: object, other: object) -> None:
    assert content(one) != content(other)


def test_a_question_is_worked_out_once() -> None:
    asked: list[float] = []

    @remembered(2)
    def doubled(row: Any) -> Any:
        asked.append(float(row[0]))
        return 2.0 * row

    for x in (1.0, 1.0, 2.0, 1.0, 3.0, 2.0):
        assert doubled(np.array([x]))[0] == 2.0 * x
    assert asked == [1.0, 2.0, 3.0, 2.0]  # two are kept, the last asked for
    forget()
    doubled(np.array([2.0]))
    assert asked[-2:] == [2.0, 2.0]


def test_an_array_that_changed_is_another_question() -> None:
    @remembered(2)
    def total(row: Any) -> float:
        return float(row.sum())

    row = np.array([1.0, 2.0])
    assert total(row) == 3.0
    row[0] = 5.0
    assert total(row) == 7.0


def test_what_is_raised_is_not_remembered() -> None:
    asked: list[int] = []

    @remembered(2)
    def broken(x: int) -> int:
        asked.append(x)
        raise ValueError

    for _ in range(2):
        with pytest.raises(ValueError):
            broken(1)
    assert asked == [1, 1]


def test_only_what_is_new_is_asked_together() -> None:
    asked: list[list[float]] = []

    @remembered_each(3)
    def scaled(by: float, things: list[float]) -> list[float]:
        asked.append(things)
        return [by * thing for thing in things]

    assert scaled(2.0, [1.0, 2.0, 1.0]) == [2.0, 4.0, 2.0]
    assert scaled(2.0, [3.0, 2.0]) == [6.0, 4.0]
    assert scaled(2.0, [1.0, 3.0]) == [2.0, 6.0]
    assert scaled(3.0, [1.0]) == [3.0]
    assert asked == [[1.0, 2.0], [3.0], [1.0]]
    assert scaled(2.0, []) == []
    # more things at once than are kept
    assert scaled(4.0, [1.0, 2.0, 3.0, 4.0, 5.0]) == [4.0, 8.0, 12.0, 16.0, 20.0]
