"""Landing files: raw bytes into the vault, records into bronze, refusals into dead letters. Twice is as once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from hub.clock import Clock
from hub.errors import Permanent
from hub.ids import content_id
from hub.ports import DeadLetterStore, ObjectStore, Tables
from hub.records import DeadLetter, LetterStatus
from ingest.call_landing import land_calls
from ingest.dead_letters import letter_of_file
from ingest.feeds import FEEDS, FORMATS_VERSION, MASTER, Feed, check_encoding, master_table
from ingest.formats.source import Refused, Source
from ingest.log_format import log_feed
from ingest.report import LandingReport
from ingest.vault import Landed, hash_file, is_continued_by, landed_key, put_note, raw_key, read_note, verified

__all__ = ["land_calls", "land_logs", "land_master", "land_memos"]

BATCH_ROWS = 50_000
_LOG_SUFFIXES = (".jsonl", ".ndjson", ".json", ".log")
_CSV_SUFFIXES = (".csv",)

Paths = Path | Iterable[Path]


def land_logs(
    paths: Paths,
    *,
    objects: ObjectStore,
    tables: Tables,
    dead_letters: DeadLetterStore,
    clock: Clock,
    log_format: str = "auto",
    encoding: str = "utf-8",
    offset_hours: float = 9.0,
    batch_rows: int = BATCH_ROWS,
) -> LandingReport:
    """Land log files (or folders of them) into ``bronze.log_lines``.

    Args:
        log_format: segment, core, access, or auto: by name (``web-``, ``core-``, ``access-``) or content.
    """
    landing = Landing(objects, tables, dead_letters, clock, encoding, offset_hours, batch_rows)
    for path in files_of(paths, _LOG_SUFFIXES):
        landing.land(path, FEEDS[log_feed(path, log_format, encoding)])
    return landing.finish()


def land_memos(
    paths: Paths,
    *,
    objects: ObjectStore,
    tables: Tables,
    dead_letters: DeadLetterStore,
    clock: Clock,
    encoding: str = "utf-8",
    offset_hours: float = 9.0,
    batch_rows: int = BATCH_ROWS,
) -> LandingReport:
    """Land memo files (or folders of them) into ``bronze.memos``."""
    landing = Landing(objects, tables, dead_letters, clock, encoding, offset_hours, batch_rows)
    for path in files_of(paths, _CSV_SUFFIXES):
        landing.land(path, FEEDS["memos"])
    return landing.finish()


def land_master(
    paths: Paths,
    *,
    objects: ObjectStore,
    tables: Tables,
    dead_letters: DeadLetterStore,
    clock: Clock,
    encoding: str = "utf-8",
    offset_hours: float = 9.0,
    batch_rows: int = BATCH_ROWS,
) -> LandingReport:
    """Land master data files (or folders of them) into ``bronze.master_rows``; the file's name is its table."""
    landing = Landing(objects, tables, dead_letters, clock, encoding, offset_hours, batch_rows)
    for path in files_of(paths, _CSV_SUFFIXES):
        landing.land(path, FEEDS[MASTER])
    return landing.finish()


def files_of(paths: Paths, suffixes: Sequence[str]) -> Iterator[Path]:
    """Yield files as given, and those of folders in order of name, packed or not.

    Raises:
        Permanent: ``missing_source``.
    """
    for path in [paths] if isinstance(paths, Path) else paths:
        if path.is_file():
            yield path
        elif path.is_dir():
            inside = sorted(file for file in path.rglob("*") if file.is_file() and not file.name.startswith("."))
            yield from (file for file in inside if file.name.lower().removesuffix(".gz").endswith(tuple(suffixes)))
        else:
            raise Permanent("There is no such file or folder.", reason="missing_source", file=path.name)


class Landing:
    """One run over some files. Rows are merged in large batches across files, dead letters follow their
    rows, and the note that a file is landed whole comes last: a run killed anywhere is simply run again.
    """

    def __init__(
        self,
        objects: ObjectStore,
        tables: Tables,
        dead_letters: DeadLetterStore,
        clock: Clock,
        encoding: str = "utf-8",
        offset_hours: float = 9.0,
        batch_rows: int = BATCH_ROWS,
    ) -> None:
        self._objects = objects
        self._tables = tables
        self._dead_letters = dead_letters
        self._clock = clock
        self._encoding = check_encoding(encoding)
        self._offset_hours = offset_hours
        self._batch_rows = batch_rows
        self._report = LandingReport()
        self._rows: dict[str, dict[tuple[Any, ...], dict[str, Any]]] = {}
        self._letters: list[DeadLetter] = []
        self._completed: list[DeadLetter] = []
        self._notes: list[tuple[str, Landed]] = []

    def land(self, path: Path, feed: Feed) -> None:
        """Land one file; its rows may wait for ``finish``."""
        digest = hash_file(path)
        note_key = landed_key(feed.name, self._note_name(feed, path, digest))
        known = read_note(self._objects, note_key)
        if known is not None and known.content == digest:
            self._report += LandingReport(
                duplicates=known.records, refused=known.refused, skipped=1, reasons=known.reasons
            )
            return
        key = raw_key(feed.name, digest)
        self._objects.put(key, path, if_absent=True)
        records, reasons = self._read(path.name, feed, key, digest)
        note = Landed(
            content=digest, file=path.name, records=records, refused=sum(reasons.values()), reasons=dict(reasons)
        )
        self._notes.append((note_key, note))
        self._report += LandingReport(objects=1, refused=note.refused, reasons=note.reasons)

    def finish(self) -> LandingReport:
        """Write what is waiting and return the counts of the whole run."""
        self._flush()
        return self._report

    def _note_name(self, feed: Feed, path: Path, digest: str) -> str:
        # A snapshot that comes back after another one is news again: only the last one is known.
        options = content_id(FORMATS_VERSION, self._encoding, str(self._offset_hours))[:8]
        subject = master_table(path.name) if feed.is_snapshot else digest
        return f"{subject}-{options}" if not feed.is_snapshot else content_id(subject, options)

    def _read(self, file: str, feed: Feed, key: str, digest: str) -> tuple[int, Counter[str]]:
        source = Source(dataset=feed.name, object=key, encoding=self._encoding, offset_hours=self._offset_hours)
        cut_before = self._cut_letters(feed.name, file, key)
        records, reasons = 0, Counter[str]()
        with verified(self._objects, key, digest) as stream:
            for item in feed.read(stream, source, file):
                if isinstance(item, Refused):
                    reasons[item.reason] += 1
                    self._refuse(feed.name, file, item, source)
                else:
                    records += 1
                    self._accept(feed, msgspec.to_builtins(item))
                    if cut_before and item.provenance.offset in cut_before:
                        self._completed.append(cut_before.pop(item.provenance.offset))
        return records, reasons

    def _accept(self, feed: Feed, row: dict[str, Any]) -> None:
        rows = self._rows.setdefault(feed.table, {})
        identity = tuple(row[name] for name in feed.identity)
        if identity in rows:
            self._report += LandingReport(duplicates=1)
        rows[identity] = row
        if len(rows) >= self._batch_rows:
            self._flush()

    def _refuse(self, feed: str, file: str, refused: Refused, source: Source) -> None:
        self._letters.append(letter_of_file(feed, file, refused, source, self._clock.now_ms()))
        if len(self._letters) >= self._batch_rows:
            self._flush()

    def _flush(self) -> None:
        for table, rows in self._rows.items():
            if rows:
                changed = self._tables.merge(table, list(rows.values()))
                self._report += LandingReport(accepted=changed, duplicates=len(rows) - changed)
        self._rows.clear()
        if self._letters:
            self._dead_letters.add(self._letters)
            self._letters.clear()
        for letter in self._completed:
            self._dead_letters.mark(
                letter.letter_id, LetterStatus.REPLAYED, "the line came whole with a later delivery"
            )
        self._completed.clear()
        for key, note in self._notes:
            put_note(self._objects, key, note)
        self._notes.clear()

    def _cut_letters(self, feed: str, file: str, key: str) -> dict[int | None, DeadLetter]:
        """Return open letters of earlier deliveries of this file that it continues to the byte, by their place."""
        letters = self._dead_letters.list(feed=feed, status=LetterStatus.OPEN, limit=10_000)
        earlier = [letter for letter in letters if letter.message.startswith(f"{file}: ") and letter.payload_key != key]
        keys = {letter.payload_key for letter in earlier}
        continued = {old for old in keys if is_continued_by(self._objects, old, key)}
        return {letter.provenance.offset: letter for letter in earlier if letter.payload_key in continued}
