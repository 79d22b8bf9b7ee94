"""The languages that text is read and written in."""

from __future__ import annotations

from enum import StrEnum


class Language(StrEnum):
    """Korean or English; any other word is refused by the command line."""

    KO = "ko"
    EN = "en"
