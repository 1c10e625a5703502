"""What is done: messages to customers, and whom joren tells what."""
