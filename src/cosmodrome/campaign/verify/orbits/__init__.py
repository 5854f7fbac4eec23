"""Faults from the release on: their list, and how each flies through the rest of the mission."""
