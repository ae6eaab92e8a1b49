"""The rules of a place as data."""
