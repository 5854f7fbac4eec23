"""Propagation against peers, side by side in one run: `python -m bench.propagation.run --help`."""
