"""Areas, how they are dealt, and what channels bring per yen. Pure."""
