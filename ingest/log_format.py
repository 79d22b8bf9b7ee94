"""Which of the log formats a file is written in: by its name where that says it, else by its first lines."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

from hub.errors import Misconfigured, Permanent
from ingest.formats.json_objects import parse_object
from ingest.formats.lines import Line, read_lines, text_of
from ingest.formats.source import Source

LOG_FORMATS = {"segment": "logs.segment", "core": "logs.core", "access": "logs.access"}
_BY_NAME = {"web": "logs.segment", "app": "logs.segment", "core": "logs.core", "access": "logs.access"}
_LOOKED_AT = 20


def log_feed(path: Path, log_format: str, encoding: str = "utf-8") -> str:
    """Return the feed of a log file.

    Args:
        log_format: segment, core, access, or auto.
    Raises:
        Misconfigured: an unknown format.
    """
    if log_format in LOG_FORMATS:
        return LOG_FORMATS[log_format]
    if log_format != "auto":
        raise Misconfigured(f"--format must be auto or one of {', '.join(LOG_FORMATS)}.", reason="bad_log_format")
    word = path.name.lower().partition(".")[0].partition("-")[0].partition("_")[0]
    return _BY_NAME.get(word) or _by_content(path, encoding)


def _by_content(path: Path, encoding: str) -> str:
    source = Source(dataset="", encoding=encoding)
    with path.open("rb") as stream:
        for line in islice(read_lines(stream, source), _LOOKED_AT):
            if not isinstance(line, Line):
                continue
            if not line.raw.lstrip().startswith(b"{"):
                return "logs.access"
            try:
                fields = parse_object(text_of(line, source), source.max_depth)
            except Permanent:
                continue
            return "logs.core" if "occurred_at" in fields else "logs.segment"
    return "logs.segment"
