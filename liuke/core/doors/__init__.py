"""The doors into the hallway: pages, fragments, exports and the API, one module each."""
