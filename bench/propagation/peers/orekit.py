"""Orekit through orekit-jpype: a slot for an adapter."""

from __future__ import annotations

from bench.propagation.peers import Unavailable


def available() -> str:
    raise Unavailable("no adapter yet")
