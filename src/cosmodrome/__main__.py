"""`python -m cosmodrome` is the same as the `cosmodrome` command."""

from __future__ import annotations

import sys

from cosmodrome.cli import main

if __name__ == "__main__":
    sys.exit(main())
