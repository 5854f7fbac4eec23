"""How surely the checks see a fault: a corpus of clean and faulted missions, and its score."""
