"""The REST API: the same hallway, spoken in JSON."""
