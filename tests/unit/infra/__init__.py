"""The shared edges: tokens, problems, pages, metrics, logs, health, settings, texts."""
