"""Faulted flights a second, beside other loops."""
