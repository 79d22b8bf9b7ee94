"""One script per promise; each prints one JSON line per figure."""
