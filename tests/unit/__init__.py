"""One rule per test, with nothing real outside the process."""
