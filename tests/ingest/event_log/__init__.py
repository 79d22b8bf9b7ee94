"""Tests of ingest/event_log/: what one adapter does beside its port's contract."""
