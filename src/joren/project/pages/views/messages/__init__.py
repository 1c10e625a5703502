"""Templates of messages: their list, the editor with its preview, what was kept back."""
