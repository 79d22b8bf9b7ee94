"""One file per version, in order of their numbers."""
