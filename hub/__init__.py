"""The words of the house: records, ports, settings, errors, ids and the clock.

This package knows the standard library, pydantic and msgspec, and nothing else.
"""
