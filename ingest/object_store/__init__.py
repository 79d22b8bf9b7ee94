"""Adapters of ``hub.ports.ObjectStore``: a local directory, and any S3 endpoint."""
