"""CSV rows by column name: headers checked, quotes that never close contained, in constant memory."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Callable, Iterator
from typing import BinaryIO, TypeVar

from hub.errors import Permanent
from ingest.formats.lines import Line, read_lines, refuse, text_of
from ingest.formats.source import Refused, Source

MAX_LINES_OF_ROW = 50
_ENDS_EARLY = "unexpected end of data"
_OPEN = ("open_quote", "truncated_line")

Row = dict[str, str]
Parsed = TypeVar("Parsed")


def read_rows(
    stream: BinaryIO,
    source: Source,
    required: tuple[str, ...],
    parse: Callable[[Row, Line], Parsed],
    rename: Callable[[list[str]], list[str]] = list,
    delimiters: str = ",",
) -> Iterator[Parsed | Refused]:
    """Yield what ``parse`` makes of each row, or why it is refused.

    Columns may come in any order; columns nobody knows are handed on. A header that lacks a
    required column or names one twice refuses the file.

    Args:
        rename: what the columns' names stand for, where sources have names of their own.
        delimiters: what may stand between cells; the one that makes most columns of the header is the file's.
    """
    cells = _Cells(stream, source, delimiters)
    rows = iter(cells)
    first = next(rows, None)
    if first is None:
        return
    header = _header(first, required, rename)
    if isinstance(header, Refused):
        yield header
        return
    cells.width = len(header)
    for row in rows:
        if isinstance(row, Refused):
            yield row
            continue
        try:
            yield parse(_named(header, row[1], row[0]), row[0])
        except Permanent as error:
            yield refuse(row[0], error.reason, str(error))


def _header(
    first: tuple[Line, list[str]] | Refused, required: tuple[str, ...], rename: Callable[[list[str]], list[str]]
) -> list[str] | Refused:
    if isinstance(first, Refused):
        return Refused(
            reason="bad_header",
            message=f"The header cannot be read ({first.reason}).",
            offset=first.offset,
            raw=first.raw,
            is_whole_file=True,
        )
    line, cells = first
    names = rename([cell.strip().lower() for cell in cells])
    missing = [name for name in required if name not in names]
    twice = sorted({name for name in names if name and names.count(name) > 1})
    if not missing and not twice:
        return names
    reason = "duplicate_header" if twice else "missing_header_column"
    message = "The header names a column twice." if twice else f"The header lacks {', '.join(missing)}."
    return Refused(reason=reason, message=message, offset=line.offset, raw=line.raw, is_whole_file=True)


def _named(header: list[str], cells: list[str], line: Line) -> Row:
    if len(cells) < len(header):
        is_cut = not line.is_terminated
        raise Permanent(
            f"The row has {len(cells)} of {len(header)} columns.",
            reason="truncated_line" if is_cut else "missing_column",
        )
    if len(cells) > len(header):
        raise Permanent(f"The row has {len(cells)} cells in {len(header)} columns.", reason="extra_cells")
    return {name: cell for name, cell in zip(header, cells, strict=True) if name}


class _Cells:
    """Rows as cells. Lines are joined while a quote is open; if that leads nowhere, the first line alone is refused."""

    def __init__(self, stream: BinaryIO, source: Source, delimiters: str) -> None:
        self.width: int | None = None
        self._delimiters = delimiters
        self._source = source
        self._lines = read_lines(stream, source)
        self._waiting: deque[Line | Refused] = deque()

    def __iter__(self) -> Iterator[tuple[Line, list[str]] | Refused]:
        while (line := self._next()) is not None:
            if isinstance(line, Refused):
                yield line
                continue
            cells = self._read(line)
            if isinstance(cells, Refused):
                yield self._joined(line) or cells if cells.reason in _OPEN else cells
            else:
                yield line, cells

    def _read(self, line: Line) -> list[str] | Refused:
        """Return the cells of a line; the first that can be read settles what stands between cells."""
        found = [(_cells(line, self._source, mark), mark) for mark in self._delimiters]
        best, mark = max(found, key=lambda item: -1 if isinstance(item[0], Refused) else len(item[0]))
        if not isinstance(best, Refused):
            self._delimiters = mark
        return best

    def _next(self) -> Line | Refused | None:
        return self._waiting.popleft() if self._waiting else next(self._lines, None)

    def _joined(self, first: Line) -> tuple[Line, list[str]] | None:
        read: list[Line | Refused] = []
        joined = first
        while len(read) < MAX_LINES_OF_ROW and len(joined.raw) <= self._source.max_line_bytes:
            following = self._next()
            if following is None:
                break
            read.append(following)
            if isinstance(following, Refused):
                break
            joined = Line(first.offset, joined.raw + b"\n" + following.raw, following.is_terminated)
            cells = self._read(joined)
            if not isinstance(cells, Refused):
                if self.width in (None, len(cells)):
                    return joined, cells
                break
            if cells.reason not in _OPEN:
                break
        self._waiting.extendleft(reversed(read))
        return None


def _cells(line: Line, source: Source, delimiter: str) -> list[str] | Refused:
    try:
        text = text_of(line, source)
        return next(csv.reader([part + "\n" for part in text.split("\n")], strict=True, delimiter=delimiter))
    except Permanent as error:
        return refuse(line, error.reason, str(error))
    except csv.Error as error:
        if str(error) == _ENDS_EARLY:
            reason = "open_quote" if line.is_terminated else "truncated_line"
            return refuse(line, reason, "A quote is opened and never closed.")
        return refuse(line, "bad_csv", f"The row is no CSV: {error}.")
