"""Tokens -> syntax tree, by recursive descent.

or      := and ("or" and)*
and     := not ("and" not)*
not     := "not" not | test
test    := sum [("==" | "!=" | "<" | "<=" | ">" | ">=") sum | ["not"] "in" sum | "is" ["not"] "null"]
sum     := product (("+" | "-") product)*
product := unary (("*" | "/" | "%") unary)*
unary   := "-" unary | atom
atom    := literal | "[" literals "]" | "(" or ")" | name "(" arguments ")" | name ["." name]
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from rules.language.durations import parse_duration
from rules.language.lexer import Token, read_tokens
from rules.language.nearest import did_you_mean
from rules.language.syntax import (
    Arithmetic,
    BadExpression,
    Call,
    Compare,
    Literal,
    Logic,
    Membership,
    Name,
    Negative,
    Not,
    NullTest,
    Tree,
    Value,
)

MAX_DEPTH = 32
MAX_LIST = 500
KEYWORDS = {"and", "or", "not", "in", "is", "null", "true", "false"}
_COMPARE = {"==", "!=", "<", "<=", ">", ">="}
_CONSTANTS: dict[str, Any] = {"true": True, "false": False, "null": None}


def parse(text: str, params: Mapping[str, Any] | None = None) -> Tree:
    """Read an expression; ``$name`` is replaced by the scenario's parameter of that name.

    Raises:
        BadExpression: with the column where reading stopped.
    """
    parser = _Parser(read_tokens(text), params or {})
    tree = parser.disjunction()
    parser.expect_end()
    return tree


class _Parser:
    def __init__(self, tokens: list[Token], params: Mapping[str, Any]) -> None:
        self._tokens = tokens
        self._next = 0
        self._depth = 0
        self._params = params

    @property
    def _token(self) -> Token:
        return self._tokens[self._next]

    def _take(self) -> Token:
        token = self._token
        self._next += 1
        return token

    def _is(self, *texts: str) -> bool:
        return self._token.kind in ("name", "op") and self._token.text in texts

    def _accept(self, *texts: str) -> Token | None:
        return self._take() if self._is(*texts) else None

    def _expect(self, text: str) -> None:
        if not self._accept(text):
            raise BadExpression(f"Expected {text!r} {self._here()}.", self._token.at)

    def _here(self) -> str:
        return "at the end" if self._token.kind == "end" else f"before {self._token.text!r}"

    def expect_end(self) -> None:
        if self._token.kind != "end":
            raise BadExpression(
                f"{self._token.text!r} does not follow; join tests with and / or, and names with one dot.",
                self._token.at,
            )

    def _deeper(self, read: Callable[[], Tree]) -> Tree:
        if self._depth >= MAX_DEPTH:
            raise BadExpression(f"Nested deeper than {MAX_DEPTH} levels.", self._token.at)
        self._depth += 1
        tree = read()
        self._depth -= 1
        return tree

    def disjunction(self) -> Tree:
        return self._deeper(lambda: self._logic("or", lambda: self._logic("and", self._negation)))

    def _logic(self, operator: str, part: Callable[[], Tree]) -> Tree:
        at = self._token.at
        parts = [part()]
        while self._accept(operator):
            parts.append(part())
        return Logic(operator, tuple(parts), at) if len(parts) > 1 else parts[0]

    def _negation(self) -> Tree:
        if token := self._accept("not"):
            return Not(self._deeper(self._negation), token.at)
        return self._test()

    def _test(self) -> Tree:
        left = self._sum()
        at = self._token.at
        if self._is(*_COMPARE):
            operator = self._take().text
            return Compare(operator, left, self._sum(), at)
        if self._accept("is"):
            negated = self._accept("not") is not None
            self._expect("null")
            return NullTest(left, negated, at)
        if self._is("not") and self._tokens[self._next + 1].text == "in":
            self._take()
            self._take()
            return Membership(left, self._sum(), True, at)
        if self._accept("in"):
            return Membership(left, self._sum(), False, at)
        return left

    def _sum(self) -> Tree:
        return self._chain(("+", "-"), lambda: self._chain(("*", "/", "%"), self._unary))

    def _chain(self, operators: tuple[str, ...], part: Callable[[], Tree]) -> Tree:
        tree, links = part(), 0
        while token := self._accept(*operators):
            links += 1
            if links > MAX_DEPTH:
                raise BadExpression(f"More than {MAX_DEPTH} terms in a row.", token.at)
            tree = Arithmetic(token.text, tree, part(), token.at)
        return tree

    def _unary(self) -> Tree:
        if token := self._accept("-"):
            return Negative(self._deeper(self._unary), token.at)
        return self._atom()

    def _atom(self) -> Tree:
        token = self._take()
        if token.kind == "number":
            return Literal(float(token.text) if "." in token.text else int(token.text), token.at)
        if token.kind == "string":
            return Literal(token.text[1:-1], token.at)
        if token.kind == "duration":
            return Literal(self._duration(token), token.at)
        if token.kind == "name":
            return self._named(token)
        if token.text == "(":
            tree = self.disjunction()
            self._expect(")")
            return tree
        if token.text == "[":
            return self._list(token)
        self._next -= 1
        raise BadExpression(f"Expected a value {self._here()}.", token.at)

    def _duration(self, token: Token) -> int:
        length_ms = parse_duration(token.text)
        if length_ms is None:
            raise BadExpression(f"{token.text} is longer than ten years.", token.at)
        return length_ms

    def _named(self, token: Token) -> Tree:
        if token.text.startswith("$"):
            return Literal(self._parameter(token), token.at)
        if token.text in _CONSTANTS:
            return Literal(_CONSTANTS[token.text], token.at)
        if token.text in KEYWORDS:
            raise BadExpression(f"{token.text!r} cannot begin a value.", token.at)
        if self._accept("("):
            return self._call(token)
        if self._accept("."):
            field = self._take()
            if field.kind != "name" or field.text.startswith("$"):
                raise BadExpression(f"A name must follow {token.text}.", field.at)
            return Name(token.text, field.text, token.at)
        return Name("", token.text, token.at)

    def _parameter(self, token: Token) -> Value:
        name = token.text[1:]
        if name not in self._params:
            raise BadExpression(f"There is no parameter {name}{did_you_mean(name, self._params)}", token.at)
        value = self._params[name]
        as_duration = parse_duration(value) if isinstance(value, str) and value[-1:] in "smhdw" else None
        return value if as_duration is None else as_duration

    def _call(self, token: Token) -> Tree:
        arguments: list[Tree] = []
        while not self._accept(")"):
            if arguments:
                self._expect(",")
            if len(arguments) >= MAX_LIST:
                raise BadExpression(f"More than {MAX_LIST} arguments.", token.at)
            arguments.append(self.disjunction())
        return Call(token.text, tuple(arguments), token.at)

    def _list(self, token: Token) -> Tree:
        values: list[Any] = []
        while not self._accept("]"):
            if values:
                self._expect(",")
            values.append(self._list_value())
            if len(values) > MAX_LIST:
                raise BadExpression(f"More than {MAX_LIST} items in a list.", token.at)
        return Literal(values, token.at)

    def _list_value(self) -> Value:
        at = self._token.at
        item = self._unary()
        if isinstance(item, Negative) and isinstance(item.operand, Literal):
            item = Literal(-item.operand.value, at)
        if not isinstance(item, Literal) or isinstance(item.value, list):
            raise BadExpression("A list holds plain values only.", at)
        return item.value
