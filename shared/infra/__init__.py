"""The edges every service shares: broker, database, web, metrics, logs, health, settings."""
