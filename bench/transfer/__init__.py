"""Transfers beside independent optimal-control programs and published cases."""
