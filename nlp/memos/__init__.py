"""Transaction memos become facts: category, counterparty, life events."""

from nlp.memos.parser import SpacyMemoParser
from nlp.memos.records import MemoReading

__all__ = ["MemoReading", "SpacyMemoParser"]
