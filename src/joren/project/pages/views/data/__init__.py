"""The page Data: what came in, what waits, how good it is."""
