"""The syntax tree of an expression. ``at`` is the column of the text, for messages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from hub.errors import Permanent

Value = Any
"""What an expression may be worth: text, number, bool, list or null; whatever a sender put into a property."""


class BadExpression(Permanent):
    """An expression that cannot be read or does not fit its names and types. ``at`` is a column, from 0."""

    default_reason = "bad_expression"

    def __init__(self, message: str, at: int = 0) -> None:
        super().__init__(message, at=at)
        self.at = at


@dataclass(frozen=True, slots=True)
class Literal:
    """A value written down: text, number, true, false, null, a duration in milliseconds or a list of these."""

    value: Any
    at: int


@dataclass(frozen=True, slots=True)
class Name:
    """``age``, ``event.product_id``, ``quote.quote_id``."""

    owner: str
    field: str
    at: int

    @property
    def text(self) -> str:
        return f"{self.owner}.{self.field}" if self.owner else self.field


@dataclass(frozen=True, slots=True)
class Not:
    operand: Tree
    at: int


@dataclass(frozen=True, slots=True)
class Negative:
    operand: Tree
    at: int


@dataclass(frozen=True, slots=True)
class Logic:
    """``and`` / ``or`` over two or more parts."""

    operator: str
    parts: tuple[Tree, ...]
    at: int


@dataclass(frozen=True, slots=True)
class Compare:
    operator: str
    left: Tree
    right: Tree
    at: int


@dataclass(frozen=True, slots=True)
class Arithmetic:
    operator: str
    left: Tree
    right: Tree
    at: int


@dataclass(frozen=True, slots=True)
class Membership:
    item: Tree
    options: Tree
    negated: bool
    at: int


@dataclass(frozen=True, slots=True)
class NullTest:
    operand: Tree
    negated: bool
    at: int


@dataclass(frozen=True, slots=True)
class Call:
    function: str
    arguments: tuple[Tree, ...]
    at: int


Tree = Literal | Name | Not | Negative | Logic | Compare | Arithmetic | Membership | NullTest | Call


def children(tree: Tree) -> tuple[Tree, ...]:
    """Return a node's direct parts."""
    match tree:
        case Not() | Negative() | NullTest():
            return (tree.operand,)
        case Logic():
            return tree.parts
        case Compare() | Arithmetic():
            return (tree.left, tree.right)
        case Membership():
            return (tree.item, tree.options)
        case Call():
            return tree.arguments
        case _:
            return ()


def names(tree: Tree) -> Iterator[Name]:
    """Yield every name an expression mentions."""
    if isinstance(tree, Name):
        yield tree
    for child in children(tree):
        yield from names(child)


def conjuncts(tree: Tree) -> tuple[Tree, ...]:
    """Return the parts that must all hold: the arms of a top-level ``and``, or the tree itself."""
    if isinstance(tree, Logic) and tree.operator == "and":
        return tuple(part for arm in tree.parts for part in conjuncts(arm))
    return (tree,)
