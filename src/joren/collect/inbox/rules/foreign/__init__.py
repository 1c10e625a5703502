"""Events that others kept, as messages of the Segment protocol: pure rules."""
