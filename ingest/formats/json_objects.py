"""JSON objects, one a line, safe against whatever a sender thinks of."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, BinaryIO, TypeVar

import msgspec

from hub.errors import Permanent
from ingest.formats.lines import Line, read_lines, refuse, text_of
from ingest.formats.source import Refused, Source

MAX_NODES = 20_000
_INT64 = 1 << 63

Parsed = TypeVar("Parsed")


def read_objects(
    stream: BinaryIO, source: Source, parse: Callable[[dict[str, Any], Line], Parsed]
) -> Iterator[Parsed | Refused]:
    """Yield what ``parse`` makes of each line's object, or why it is refused.

    A last line without a line ending that does not parse is refused as ``truncated_line``.
    """
    for line in read_lines(stream, source):
        if isinstance(line, Refused):
            yield line
            continue
        try:
            message = parse_object(text_of(line, source), source.max_depth)
        except Permanent as error:
            is_cut = error.reason == "bad_json" and not line.is_terminated
            yield refuse(line, "truncated_line" if is_cut else error.reason, str(error))
            continue
        try:
            yield parse(message, line)
        except Permanent as error:
            yield refuse(line, error.reason, str(error))


def parse_object(text: str | bytes, max_depth: int) -> dict[str, Any]:
    """Return the JSON object in a text.

    Raises:
        Permanent: ``bad_json``, ``not_an_object``, ``too_deep``, ``too_many_values``, ``number_out_of_range``.
    """
    value = parse_value(text, max_depth)
    if not isinstance(value, dict):
        raise Permanent("The line is JSON, but no object.", reason="not_an_object")
    check_tree(value, max_depth)
    return value


def parse_value(text: str | bytes, max_depth: int) -> object:
    """Return what a JSON text says, unchecked.

    Raises:
        Permanent: ``bad_json``, ``too_deep``, ``number_out_of_range``.
    """
    try:
        return msgspec.json.decode(text)
    except RecursionError:
        raise _too_deep(max_depth) from None
    except msgspec.ValidationError:
        raise Permanent("A number is too large to be one.", reason="number_out_of_range") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Permanent(f"The line is no JSON: {_where(error)}.", reason="bad_json") from None


def check_tree(value: object, max_depth: int) -> None:
    """Refuse values nested too deep, too many, or too large for a 64-bit integer.

    Raises:
        Permanent: ``too_deep``, ``too_many_values``, ``number_out_of_range``.
    """
    level, nodes = [value], 0
    for _ in range(max_depth + 1):
        below: list[object] = []
        for item in level:
            if isinstance(item, dict):
                below.extend(item.values())
            elif isinstance(item, list):
                below.extend(item)
            elif isinstance(item, int) and not -_INT64 <= item < _INT64:
                raise Permanent("An integer needs more than 64 bits.", reason="number_out_of_range")
        nodes += len(below)
        if nodes > MAX_NODES:
            raise Permanent(f"The object holds more than {MAX_NODES} values.", reason="too_many_values")
        if not below:
            return
        level = below
    raise _too_deep(max_depth)


def _too_deep(max_depth: int) -> Permanent:
    return Permanent(f"The object is nested more than {max_depth} levels deep.", reason="too_deep")


def _where(error: Exception) -> str:
    # The decoder's messages name a byte, never the text around it.
    return str(error).removeprefix("JSON is malformed: ")
