"""Optimal flights against peers, side by side in one run: `python -m bench.ascent.run --help`."""
