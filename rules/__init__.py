"""The scenario tier: scenario files become a book, the kernel runs the book over the event log.

``language`` reads expressions, ``scenario`` reads files, ``patterns`` and ``kernel`` are the pure
engine, ``hosts`` drive it over a log, ``delivery`` hands offers over, ``catalog`` is the book that ships.
"""
