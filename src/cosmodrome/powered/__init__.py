"""What every powered flight shares: phases, the collocation statement, meshes.

Nothing here loads a solver until a `Transcription` is made.
"""

from cosmodrome.powered.phases import Path, Phase, uniform

__all__ = ["Path", "Phase", "uniform"]
