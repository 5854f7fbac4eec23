"""Text in and out: quantities with units, YAML with line numbers, and the standard orbit files.

Each module is imported by name where it is needed, so that none is loaded for nothing.
"""
