"""Infers the type of a syntax tree and refuses what can never work.

Types: str, number, bool, list, null and any. ``any`` and ``null`` fit everywhere: what a
sender really sends is checked again when it is evaluated, where a misfit is null.
"""

from __future__ import annotations

from rules.language.functions import FUNCTIONS, Function
from rules.language.nearest import did_you_mean
from rules.language.scope import Scope
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
)

_OPEN = ("any", "null")


def infer(tree: Tree, scope: Scope) -> str:
    """Return the type of an expression.

    Raises:
        BadExpression: an unknown name or function, or operands whose types do not fit.
    """
    match tree:
        case Literal():
            return _literal(tree.value)
        case Name():
            return scope.type_of(tree)
        case Not() | Logic():
            return _truth(tree, scope)
        case Negative():
            _demand(tree.operand, "number", scope)
            return "number"
        case Compare():
            return _comparison(tree, scope)
        case Arithmetic():
            _demand(tree.left, "number", scope)
            _demand(tree.right, "number", scope)
            return "number"
        case Membership():
            return _membership(tree, scope)
        case NullTest():
            infer(tree.operand, scope)
            return "bool"
        case Call():
            return _call(tree, scope)


def _literal(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int | float):
        return "number"
    return "list" if isinstance(value, list) else "str"


def _fits(found: str, wanted: str) -> bool:
    return found == wanted or wanted == "any" or found in _OPEN


def _demand(tree: Tree, wanted: str, scope: Scope) -> None:
    found = infer(tree, scope)
    if not _fits(found, wanted):
        raise BadExpression(f"Expected a {wanted} here, this is a {found}.", tree.at)


def _truth(tree: Not | Logic, scope: Scope) -> str:
    for part in (tree.operand,) if isinstance(tree, Not) else tree.parts:
        _demand(part, "bool", scope)
    return "bool"


def _comparison(tree: Compare, scope: Scope) -> str:
    left, right = infer(tree.left, scope), infer(tree.right, scope)
    if "null" in (left, right):
        raise BadExpression("Nothing compares with null; write is null or is not null.", tree.at)
    if tree.operator not in ("==", "!=") and {left, right} & {"bool", "list"}:
        raise BadExpression(f"{tree.operator} orders numbers and texts only.", tree.at)
    if left != right and "any" not in (left, right):
        raise BadExpression(f"A {left} is never comparable with a {right}.", tree.at)
    return "bool"


def _membership(tree: Membership, scope: Scope) -> str:
    item = infer(tree.item, scope)
    _demand(tree.options, "list", scope)
    if isinstance(tree.options, Literal) and isinstance(tree.options.value, list):
        for option in tree.options.value:
            if not _fits(_literal(option), item) and item != "any":
                raise BadExpression(f"The list holds {option!r}, the value before in is a {item}.", tree.at)
    return "bool"


def _call(tree: Call, scope: Scope) -> str:
    function = FUNCTIONS.get(tree.function)
    if function is None:
        raise BadExpression(f"There is no function {tree.function}{did_you_mean(tree.function, FUNCTIONS)}", tree.at)
    _check_count(tree, function)
    for position, argument in enumerate(tree.arguments):
        _demand(argument, function.arguments[min(position, len(function.arguments) - 1)], scope)
    return function.result


def _check_count(tree: Call, function: Function) -> None:
    wanted = len(function.arguments)
    if len(tree.arguments) == wanted or (function.variadic and len(tree.arguments) > wanted):
        return
    raise BadExpression(f"{tree.function} takes {wanted} arguments, not {len(tree.arguments)}.", tree.at)
