"""The intent: a YAML mission file becomes a frozen SI Mission with every name resolved."""

from cosmodrome.mission.nouns import *  # noqa: F403
from cosmodrome.mission.nouns import __all__ as __all__
