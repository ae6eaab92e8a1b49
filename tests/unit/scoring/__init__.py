"""Tests of scoring's rules and page."""
