"""The door to ``stt.analytics`` for those who only want a document."""

from __future__ import annotations

from stt.analytics.document import to_call_analytics

__all__ = ["to_call_analytics"]
