"""The three services; strangers to each other."""
