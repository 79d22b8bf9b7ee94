"""Web and app logs: one Segment message a line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from hub.records import LogLine
from ingest.envelope import to_line
from ingest.formats.json_objects import read_objects
from ingest.formats.lines import Line
from ingest.formats.source import Refused, Source


def read(stream: BinaryIO, source: Source) -> Iterator[LogLine | Refused]:
    """Yield a LogLine or a refusal for every line that is not blank."""

    def parse(message: dict[str, Any], line: Line) -> LogLine:
        return to_line(message, source, line.offset)

    return read_objects(stream, source, parse)
