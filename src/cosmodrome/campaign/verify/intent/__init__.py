"""Mistakes in the mission's own intent: what nobody can see from its file, told apart."""
