"""Duban on one machine: the only place that composes all three services."""
