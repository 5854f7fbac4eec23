"""The single-fault sweep: what may go wrong with a mission, what comes of it, who sees it."""
