"""The pages, one per file, each with ``add_to(console)``."""
