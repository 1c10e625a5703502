"""What is done: whom joren tells what."""
