"""Small implementations of ports that tests drive by hand."""
