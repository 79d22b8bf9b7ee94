"""The local Spark Connect driver: its jars, its configuration, its start and its stop."""
