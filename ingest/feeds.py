"""The feeds of files: which format reads each, which table takes its rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import PurePath
from typing import BinaryIO, NamedTuple

from hub.errors import Misconfigured
from hub.records import LogLine, MasterRow, Memo
from ingest.formats import access_log, core_jsonl, master_csv, memo_csv, segment_jsonl
from ingest.formats.source import ENCODINGS, Refused, Source

FileRecord = LogLine | Memo | MasterRow
MASTER = "master"
# Raise it when a format reads more than before: files landed under an older one are read again.
FORMATS_VERSION = 1
_DAY_SUFFIX = re.compile(r"[-_.]?\d{4}-?\d{2}-?\d{2}$")


class Feed(NamedTuple):
    """A feed of files: ``read(stream, source, file name)`` yields records and refusals."""

    name: str
    table: str
    identity: tuple[str, ...]
    read: Callable[[BinaryIO, Source, str], Iterator[FileRecord | Refused]]
    is_snapshot: bool = False


def master_table(file: str) -> str:
    """Return the master table a file name speaks of: ``customers-2026-10-31.csv.gz`` -> ``customers``."""
    return _DAY_SUFFIX.sub("", PurePath(file).name.lower().partition(".")[0])


FEEDS: dict[str, Feed] = {
    feed.name: feed
    for feed in (
        Feed("logs.segment", "bronze.log_lines", ("message_id",), lambda s, o, _: segment_jsonl.read(s, o)),
        Feed("logs.core", "bronze.log_lines", ("message_id",), lambda s, o, _: core_jsonl.read(s, o)),
        Feed("logs.access", "bronze.log_lines", ("message_id",), lambda s, o, _: access_log.read(s, o)),
        Feed("memos", "bronze.memos", ("txn_id",), lambda s, o, _: memo_csv.read(s, o)),
        Feed(
            MASTER,
            "bronze.master_rows",
            ("table", "key"),
            lambda s, o, file: master_csv.read(s, o, master_table(file)),
            is_snapshot=True,
        ),
    )
}


def check_encoding(encoding: str) -> str:
    """Return the encoding's name when a feed may be declared in it.

    Raises:
        Misconfigured: ``bad_encoding_name``.
    """
    if encoding.lower() not in ENCODINGS:
        raise Misconfigured(f"--encoding must be one of {', '.join(ENCODINGS)}.", reason="bad_encoding_name")
    return encoding.lower()
