"""Syntax tree -> one Python function of an environment. Nothing of the text is ever executed.

Null is SQL's: a comparison or a sum with null is null, ``and`` / ``or`` / ``not`` follow Kleene's
tables, and a condition holds only when it is true. Values whose types do not fit are null.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import ge, gt, le, lt
from typing import Protocol

from rules.language.functions import FUNCTIONS, parse_day_ms
from rules.language.scope import META
from rules.language.syntax import (
    Arithmetic,
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


class Environment(Protocol):
    """What a compiled expression may look at."""

    @property
    def now_ms(self) -> int: ...
    @property
    def properties(self) -> Mapping[str, Value]: ...
    def event_property(self, field: str) -> Value: ...
    def captured_property(self, owner: str, field: str) -> Value: ...
    def feature(self, name: str) -> Value: ...
    def local(self, name: str) -> Value: ...


Evaluate = Callable[[Environment], Value]
_ORDER: dict[str, Callable[[Value, Value], bool]] = {"<": lt, "<=": le, ">": gt, ">=": ge}
LOCALS = frozenset({"previous", "current"})


def compile_tree(tree: Tree, utc_offset_hours: float) -> Evaluate:
    """Return a function of an Environment that evaluates the tree; it raises on no data whatsoever."""
    match tree:
        case Literal():
            value = tree.value
            return lambda env: value
        case Name():
            return _name(tree)
        case Not():
            return _not(compile_tree(tree.operand, utc_offset_hours))
        case Negative():
            return _negative(compile_tree(tree.operand, utc_offset_hours))
        case Logic():
            parts = tuple(compile_tree(part, utc_offset_hours) for part in tree.parts)
            return _all(parts) if tree.operator == "and" else _any(parts)
        case Compare():
            return _compare(tree, utc_offset_hours)
        case Arithmetic():
            left, right = compile_tree(tree.left, utc_offset_hours), compile_tree(tree.right, utc_offset_hours)
            return _arithmetic(tree.operator, left, right)
        case Membership():
            return _membership(tree, utc_offset_hours)
        case NullTest():
            return _null_test(compile_tree(tree.operand, utc_offset_hours), tree.negated)
        case Call():
            return _call(tree, utc_offset_hours)


def _name(name: Name) -> Evaluate:
    owner, field = name.owner, name.field
    if owner == "event" and field in META:
        return lambda env: env.event_property(field)
    if owner == "event":
        return lambda env: env.properties.get(field)
    if owner:
        return lambda env: env.captured_property(owner, field)
    if field in LOCALS:
        return lambda env: env.local(field)
    return lambda env: env.feature(field)


def _not(operand: Evaluate) -> Evaluate:
    def negate(env: Environment) -> Value:
        value = operand(env)
        return (not value) if value is True or value is False else None

    return negate


def _negative(operand: Evaluate) -> Evaluate:
    def negate(env: Environment) -> Value:
        value = operand(env)
        return -value if _is_number(value) else None

    return negate


def _all(parts: tuple[Evaluate, ...]) -> Evaluate:
    def conjunction(env: Environment) -> Value:
        known = True
        for part in parts:
            value = part(env)
            if value is False:
                return False
            known = known and value is True
        return True if known else None

    return conjunction


def _any(parts: tuple[Evaluate, ...]) -> Evaluate:
    def disjunction(env: Environment) -> Value:
        known = True
        for part in parts:
            value = part(env)
            if value is True:
                return True
            known = known and value is False
        return False if known else None

    return disjunction


def _compare(tree: Compare, utc_offset_hours: float) -> Evaluate:
    left, right = compile_tree(tree.left, utc_offset_hours), compile_tree(tree.right, utc_offset_hours)
    if tree.operator == "==" and isinstance(tree.right, Literal) and isinstance(tree.right.value, str):
        text = tree.right.value
        return lambda env: None if (value := left(env)) is None else bool(value == text)
    if tree.operator == "==":
        return lambda env: equal(left(env), right(env))
    if tree.operator == "!=":
        return lambda env: None if (same := equal(left(env), right(env))) is None else not same
    test = _ORDER[tree.operator]

    def ordered(env: Environment) -> Value:
        a, b = left(env), right(env)
        if (_is_number(a) and _is_number(b)) or (a.__class__ is str and b.__class__ is str):
            return test(a, b)
        return None

    return ordered


def equal(a: Value, b: Value) -> bool | None:
    """Return whether two values are the same; null where either is. ``true`` is not 1."""
    if a is None or b is None:
        return None
    if (a.__class__ is bool) != (b.__class__ is bool):
        return False
    return bool(a == b)


def _is_number(value: Value) -> bool:
    return value.__class__ is int or value.__class__ is float


def _arithmetic(operator: str, left: Evaluate, right: Evaluate) -> Evaluate:
    def calculate(env: Environment) -> Value:
        a, b = left(env), right(env)
        if not (_is_number(a) and _is_number(b)):
            return None
        try:
            return _APPLY[operator](a, b)
        except (ZeroDivisionError, OverflowError):
            return None

    return calculate


_APPLY: dict[str, Callable[[Value, Value], Value]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "%": lambda a, b: a % b,
}


def _membership(tree: Membership, utc_offset_hours: float) -> Evaluate:
    item, negated = compile_tree(tree.item, utc_offset_hours), tree.negated
    options = compile_tree(tree.options, utc_offset_hours)
    choices = tree.options.value if isinstance(tree.options, Literal) else None
    if isinstance(choices, list) and all(isinstance(choice, str) for choice in choices):
        return _among_texts(item, frozenset(choices), negated)

    def contains(env: Environment) -> Value:
        value, choices = item(env), options(env)
        if value is None or not isinstance(choices, list | tuple):
            return None
        return any(equal(value, choice) is True for choice in choices) is not negated

    return contains


def _among_texts(item: Evaluate, texts: frozenset[str], negated: bool) -> Evaluate:
    def contains(env: Environment) -> Value:
        value = item(env)
        if value is None:
            return None
        return (value.__class__ is str and value in texts) is not negated

    return contains


def _null_test(operand: Evaluate, negated: bool) -> Evaluate:
    return lambda env: (operand(env) is None) is not negated


def _call(tree: Call, utc_offset_hours: float) -> Evaluate:
    arguments = tuple(compile_tree(argument, utc_offset_hours) for argument in tree.arguments)
    function = FUNCTIONS[tree.function]
    if tree.function == "days_until":
        return _days_until(arguments[0], utc_offset_hours)
    if tree.function == "hour":
        return lambda env: function.apply(env.now_ms, utc_offset_hours)
    wanted = function.arguments

    def call(env: Environment) -> Value:
        values = [argument(env) for argument in arguments]
        if not function.takes_null and not all(
            _is_number(v) if wanted[min(i, len(wanted) - 1)] == "number" else isinstance(v, str)
            for i, v in enumerate(values)
        ):
            return None
        try:
            return function.apply(*values)
        except OverflowError:
            return None

    return call


def _days_until(day: Evaluate, utc_offset_hours: float) -> Evaluate:
    def days(env: Environment) -> Value:
        day_ms = parse_day_ms(day(env), utc_offset_hours)
        return None if day_ms is None else FUNCTIONS["days_until"].apply(day_ms, env.now_ms)

    return days
