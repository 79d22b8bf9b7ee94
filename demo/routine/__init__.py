"""What customers do when no story is told about them: earn, spend, browse and, now and then, buy a product."""
