"""Live events under load: how many are taken and written, and what ``kill -9`` does to them."""
