"""What tests lean on: builders, fakes, a real broker, and waiting."""
