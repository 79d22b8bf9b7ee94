"""Adapters of ``hub.ports.OnlineStore``: LMDB, and Redis or Valkey."""
