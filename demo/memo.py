"""A transaction's memo as the bank prints it, with what it truly means."""

from __future__ import annotations

from typing import NamedTuple


class MemoText(NamedTuple):
    """A memo and its truth; categories are leaves of the memo taxonomy."""

    text: str
    category: str
    counterparty: str = ""
    counterparty_kind: str = "unknown"
    brand: str = ""
    branch: str = ""
    life_event: str = ""
    is_recurring: bool = False


class Posting(NamedTuple):
    """Money that moves on one of the customer's accounts."""

    at_ms: int
    account_kind: str
    amount: int
    direction: str
    method: str
    memo: MemoText


def printed(text: str, limit: int) -> str:
    """Cut a memo where the bank's field ends; the card networks' English lines have a longer one."""
    return text[: 22 if text.isascii() else limit].rstrip()
