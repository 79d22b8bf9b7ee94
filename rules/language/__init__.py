"""A small safe expression language: text -> tokens -> syntax tree -> checked types -> closures."""
