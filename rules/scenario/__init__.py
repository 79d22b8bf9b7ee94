"""Scenario files: YAML read with line numbers, checked by pydantic, compiled into a book."""
