"""Every rule kind of the catalogue: stated in YAML, obeyed by the engine, and seen to change an outcome."""
