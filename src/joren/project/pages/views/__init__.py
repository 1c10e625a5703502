"""Pages that join many rooms: one module for each."""
