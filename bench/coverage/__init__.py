"""Coverage of ground points by a constellation, against peers, in one run."""
