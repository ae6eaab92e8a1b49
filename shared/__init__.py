"""What two or more services use unchanged."""
