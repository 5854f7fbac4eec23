"""Thin seams to the solvers: the compiled core, CasADi. Nothing here is loaded before use."""
