"""The HTTP door: collector, feature server, recommendations, decisions and their explanation."""
