"""What a request says and what a message means: pure rules."""
