"""The pure engine: (state, event or tick) -> decisions. No clock, no file, no chance."""
