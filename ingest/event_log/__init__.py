"""Adapters of ``hub.ports.EventLog``: an SQLite file, and Kafka."""
