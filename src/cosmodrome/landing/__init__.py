"""Powered descent to a site: optimum, guidance, flight.

Nothing here loads a solver until a landing is solved.
"""
