"""How trials are planned and dealt, lists of who got it, and what the sums tell. Pure."""
