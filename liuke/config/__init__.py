"""The roof: settings, addresses, start and stop. No business code."""
