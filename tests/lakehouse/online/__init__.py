"""Tests of lakehouse/online/: what one adapter does beside its port's contract."""
