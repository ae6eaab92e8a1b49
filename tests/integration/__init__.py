"""One adapter at a time against the real thing."""
