"""When to try again, which addresses may be told, and what is said: pure rules."""
