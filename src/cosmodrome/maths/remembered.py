"""Answers of pure functions, remembered by the content of what was asked.

A flight flown again with one thing wrong is, up to where that thing acts, the same flight: what
falls from it falls where it fell. Nothing is told of the other flight; whoever asks the same
question to the last bit gets the same answer, and any other question is worked out.
"""

from __future__ import annotations

import struct
from collections import OrderedDict
from dataclasses import fields, is_dataclass
from functools import lru_cache, wraps
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence

__all__ = ["content", "forget", "remembered", "remembered_each"]

F = TypeVar("F", bound="Callable[..., Any]")
G = TypeVar("G", bound="Callable[..., Sequence[Any]]")

_MEMORIES: list[Callable[[], None]] = []
_PLAIN = (str, bytes, bool, int, type(None))


def content(thing: Any, alone: tuple[type, ...] = ()) -> Hashable:
    """What tells a thing from another, to the last bit.

    Numbers by their bits (-0.0 is not 0.0), arrays by bits, shape and layout, tuples, lists and
    mappings by what they hold, nouns by their fields as they are now. Instances of the types
    `alone`, functions and everything else are only themselves: whoever keeps the content keeps
    them too.
    """
    if isinstance(thing, float):
        return struct.pack("d", thing)
    if isinstance(thing, _PLAIN):
        return (type(thing), thing)
    if isinstance(thing, np.ndarray):
        return (thing.dtype.str, thing.shape, thing.strides, thing.tobytes())
    if isinstance(thing, tuple | list):
        return (type(thing), *(content(part, alone) for part in thing))
    if isinstance(thing, dict):
        return (dict, *((key, content(value, alone)) for key, value in thing.items()))
    if is_dataclass(thing) and not isinstance(thing, (type, *alone)):
        return (type(thing), *(content(getattr(thing, f.name), alone) for f in fields(thing)))
    return (type(thing), id(thing))


def forget() -> None:
    """Forget all answers of all that is remembered in this process."""
    for clear in _MEMORIES:
        clear()


class _Asked:
    """Arguments, equal where their contents are."""

    __slots__ = ("_content", "_hash", "given")

    def __init__(self, given: tuple[Any, ...], alone: tuple[type, ...]) -> None:
        self.given = given
        self._content = content(given, alone)
        self._hash = hash(self._content)

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Asked) and self._content == other._content


def remembered(most: int, *alone: type) -> Callable[[F], F]:
    """Decorate a pure function of its positional arguments: its last `most` answers are kept.

    alone  types whose instances are only themselves (`content`): large ones that nobody changes

    Nobody may change what it answers. What it raises is not remembered.
    """

    def wrap(f: F) -> F:
        @lru_cache(maxsize=most)
        def answer(asked: _Asked) -> Any:
            return f(*asked.given)

        @wraps(f)
        def ask(*given: Any) -> Any:
            return answer(_Asked(given, alone))

        _MEMORIES.append(answer.cache_clear)
        return ask  # type: ignore[return-value]

    return wrap


def remembered_each(most: int, *alone: type) -> Callable[[G], G]:
    """Decorate f(*shared, things), pure, that gives an answer for each of the things.

    The things that were asked before are answered from memory, the others in one call together;
    what one of them is answered must not hang on which others are asked with it.
    """

    def wrap(f: G) -> G:
        kept: OrderedDict[Hashable, tuple[tuple[Any, ...], Any]] = OrderedDict()
        lock = Lock()

        @wraps(f)
        def ask(*given: Any) -> Any:
            *shared, things = given
            common = content(tuple(shared), alone)
            keys = [(common, content(thing, alone)) for thing in things]
            with lock:
                found = {key: kept[key][1] for key in keys if key in kept}
            new = {key: thing for key, thing in zip(keys, things, strict=True) if key not in found}
            answers = f(*shared, list(new.values())) if new else ()
            with lock:
                for (key, thing), answer in zip(new.items(), answers, strict=True):
                    found[key] = answer
                    kept[key] = ((*shared, thing), answer)
                for key in found:
                    if key in kept:
                        kept.move_to_end(key)
                while len(kept) > most:
                    kept.popitem(last=False)
            return [found[key] for key in keys]

        _MEMORIES.append(kept.clear)
        return ask  # type: ignore[return-value]

    return wrap
