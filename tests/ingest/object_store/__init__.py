"""Tests of ingest/object_store/: what one adapter does beside its port's contract."""
