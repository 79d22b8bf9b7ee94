"""Text that every database can hold."""

from __future__ import annotations

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def plain(text: str, limit: int = 4_000) -> str:
    """Return the text without NUL and lone surrogates, which PostgreSQL refuses, and no longer than the limit."""
    cut = text[:limit].replace("\0", REPLACEMENT)
    return cut.encode("utf-8", "replace").decode() if not cut.isascii() else cut
