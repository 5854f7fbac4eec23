"""Slips in what a flight carries and hands on: its plan, its record, the files it is read with."""
