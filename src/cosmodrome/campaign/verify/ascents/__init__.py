"""Faults of a climb from a pad: their list, and how each flies."""
