"""Measurements: `make bench`. Ratios within one run count; absolute times depend on the machine."""
