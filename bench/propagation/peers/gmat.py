"""GMAT through gmatpy: a slot; see bench/propagation/peers/__init__.py for what to offer."""

from __future__ import annotations

from bench.propagation.peers import Unavailable


def available() -> str:
    raise Unavailable("no adapter yet")
