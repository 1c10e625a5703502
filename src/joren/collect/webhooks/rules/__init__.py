"""Who signed a body, and what it says: pure rules."""
