"""Text -> tokens. The pattern has no nested repetition, so its time is linear in the text."""

from __future__ import annotations

import re
from typing import NamedTuple

from rules.language.syntax import BadExpression

MAX_LENGTH = 2_000
_TOKEN = re.compile(
    r"""(?P<duration>\d{1,9}(?:ms|[smhdw])(?![A-Za-z0-9_]))
      | (?P<number>\d{1,15}(?:\.\d{1,15})?(?![A-Za-z0-9_]))
      | (?P<string>'[^']*'|"[^"]*")
      | (?P<name>\$?[A-Za-z_][A-Za-z0-9_]*)
      | (?P<op><=|>=|==|!=|[<>+\-*/%(),.\[\]])""",
    re.VERBOSE,
)
_SPACE = re.compile(r"\s*")
_HINTS = {"=": "write == to compare", "&": "write and", "|": "write or", "!": "write not, or != to compare"}


class Token(NamedTuple):
    """One word of an expression. ``kind``: duration, number, string, name, op or end."""

    kind: str
    text: str
    at: int


def read_tokens(text: str) -> list[Token]:
    """Split an expression into tokens, the last of kind ``end``.

    Raises:
        BadExpression: too long, or a character the language does not know.
    """
    if len(text) > MAX_LENGTH:
        raise BadExpression(f"The expression is longer than {MAX_LENGTH} characters; split the scenario.")
    tokens: list[Token] = []
    at = _end_of_space(text, 0)
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise BadExpression(_complaint(text[at]), at)
        tokens.append(Token(str(found.lastgroup), found[0], at))
        at = _end_of_space(text, found.end())
    tokens.append(Token("end", "", len(text)))
    return tokens


def _end_of_space(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _complaint(character: str) -> str:
    if character in "'\"":
        return f"The text that begins with {character} never ends; close it with {character}."
    hint = _HINTS.get(character, "the language knows names, numbers, 'text', durations and operators")
    return f"{character!r} is not part of the language: {hint}."
