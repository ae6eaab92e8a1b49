"""Tests of notify's rules and documents."""
