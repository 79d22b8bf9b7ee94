"""Hosts drive the kernel over a log: they read, save decisions, then save state and place together."""
