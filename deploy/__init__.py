"""How Duban is put to work: on one machine by the duban command, in containers, on a cluster."""
