"""How hard the shop presses with messages, and the guard that says when it is enough."""
