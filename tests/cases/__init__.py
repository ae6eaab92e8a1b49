"""Published cases, recomputed from events: they need the folder of cases, and skip without it."""
