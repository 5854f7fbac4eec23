"""Flights of record beside ours: event times from the vehicle, steering fitted, optimum beside.

    python -m bench.flights            fit, fly, print the tables, draw the pictures
    python -m bench.flights as506      one flight

The records, with their sources, are tests/truth/ascent/flights.yaml.
"""
