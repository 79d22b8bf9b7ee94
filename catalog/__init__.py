"""What the hub remembers about itself: decisions, dead letters, keys, the access record, lineage, cursors."""
