"""The test suite; its tiers are its folders."""
