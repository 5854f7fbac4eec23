"""The Site and Vehicle nouns, their file format, and what is shipped, with sources."""
