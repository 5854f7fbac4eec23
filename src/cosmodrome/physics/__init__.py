"""Forces and mass flow, written once: the specification every engine is held against."""
