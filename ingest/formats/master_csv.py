"""Master data: one CSV file a table, one row a thing, kept as text under its business key."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

import msgspec

from hub.errors import Permanent
from hub.ids import content_id
from hub.records import MasterRow
from ingest.formats.csv_rows import Row, read_rows
from ingest.formats.fields import day, integer, moment, required
from ingest.formats.lines import Line
from ingest.formats.master_tables import MASTER_TABLES, MasterTable
from ingest.formats.source import Refused, Source

MAX_CELL = 10_000
KEY_SEPARATOR = "|"


def read(stream: BinaryIO, source: Source, table: str) -> Iterator[MasterRow | Refused]:
    """Yield a MasterRow or a refusal for every row; a table nobody declared refuses the file."""
    declared = MASTER_TABLES.get(table)
    if declared is None:
        known = ", ".join(MASTER_TABLES)
        message = f"No master table is declared under this file's name; declared are {known}."
        return iter([Refused(reason="unknown_table", message=message, offset=0, is_whole_file=True)])

    def parse(row: Row, line: Line) -> MasterRow:
        return _row(row, line, source, table, declared)

    return read_rows(stream, source, declared.key + declared.filled, parse)


def _row(row: Row, line: Line, source: Source, table: str, declared: MasterTable) -> MasterRow:
    key = KEY_SEPARATOR.join(required(row, name) for name in declared.key)
    for name in declared.filled:
        required(row, name)
    _check(row, declared, source)
    values = {name: cell.strip() for name, cell in row.items()}
    return MasterRow(
        table=table,
        key=key,
        values=values,
        content_hash=content_id("master", table, msgspec.json.encode(values, order="sorted")),
        provenance=source.at(line.offset),
    )


def _check(row: Row, declared: MasterTable, source: Source) -> None:
    if any(len(cell) > MAX_CELL for cell in row.values()):
        raise Permanent(f"A cell is longer than {MAX_CELL} characters.", reason="cell_too_long")
    for name in declared.dates:
        if row.get(name, "").strip():
            day(row[name], name)
    for name in declared.times:
        if row.get(name, "").strip():
            moment(row[name], name, source)
    for name in declared.integers:
        if row.get(name, "").strip():
            integer(row[name], name)
