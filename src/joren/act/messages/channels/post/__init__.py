"""Post: a list of letters that a printer is given as a file."""
