"""Replaying dead letters: the kept bytes go through today's format once more, or a corrected file is landed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from hub.clock import Clock
from hub.errors import Permanent
from hub.ports import DeadLetterStore, ObjectStore, Tables
from hub.records import DeadLetter, LetterStatus
from ingest.collector import ACCEPTED, DUPLICATE, Collector
from ingest.collector import FEED as COLLECTOR_FEED
from ingest.dead_letters import is_in_file
from ingest.feeds import FEEDS, check_encoding
from ingest.formats.json_objects import parse_object
from ingest.formats.source import Refused, Source
from ingest.landing import Landing, land_calls
from ingest.report import LandingReport


class Replay:
    """Gives refused records another chance. A record that passes is marked, one that does not stays open."""

    def __init__(
        self,
        *,
        objects: ObjectStore,
        tables: Tables,
        dead_letters: DeadLetterStore,
        clock: Clock,
        collector: Collector | None = None,
        offset_hours: float = 9.0,
    ) -> None:
        self._objects = objects
        self._tables = tables
        self._dead_letters = dead_letters
        self._clock = clock
        self._collector = collector
        self._offset_hours = offset_hours

    def replay(self, letters: Sequence[DeadLetter], *, encoding: str = "utf-8") -> LandingReport:
        """Feed the kept bytes of letters through their formats again; one pass over each kept file.

        Args:
            encoding: read the bytes in another encoding than UTF-8.
        """
        report = LandingReport()
        by_object: dict[tuple[str, str], list[DeadLetter]] = {}
        for letter in letters:
            if letter.feed == COLLECTOR_FEED:
                report += self._collect_again(letter)
            elif letter.feed in FEEDS and is_in_file(letter):
                by_object.setdefault((letter.feed, letter.payload_key), []).append(letter)
            else:
                report += _still(letter, "needs_corrected_file")
        for (feed, key), group in by_object.items():
            report += self._read_again(feed, key, group, check_encoding(encoding))
        return report

    def replace(
        self, letter: DeadLetter, corrected: Path | Sequence[Path], *, encoding: str = "utf-8"
    ) -> LandingReport:
        """Land a corrected file (for a call: recording and sidecar) in place of a letter's bytes.

        The letter is marked when nothing of the corrected file is refused.

        Raises:
            Permanent: ``no_file_feed``: the letter came in no file.
        """
        paths = [corrected] if isinstance(corrected, Path) else list(corrected)
        if letter.feed == "calls":
            report = land_calls(
                paths,
                objects=self._objects,
                tables=self._tables,
                dead_letters=self._dead_letters,
                clock=self._clock,
                encoding=encoding,
                offset_hours=self._offset_hours,
            )
        elif letter.feed in FEEDS:
            landing = Landing(
                self._objects, self._tables, self._dead_letters, self._clock, encoding, self._offset_hours
            )
            for path in paths:
                landing.land(path, FEEDS[letter.feed])
            report = landing.finish()
        else:
            raise Permanent("This record came in no file: replay it as it is.", reason="no_file_feed", feed=letter.feed)
        if not report.refused:
            self._mark(letter, f"corrected by {paths[0].name}")
        return report

    def _read_again(self, feed: str, key: str, letters: Sequence[DeadLetter], encoding: str) -> LandingReport:
        wanted = {letter.provenance.offset: letter for letter in letters}
        source = Source(dataset=feed, object=key, encoding=encoding, offset_hours=self._offset_hours)
        rows, passed = [], []
        with self._objects.open(key) as stream:
            # The letter's message starts with the name of its file, which says a master table.
            for item in FEEDS[feed].read(stream, source, letters[0].message.partition(":")[0]):
                offset = item.offset if isinstance(item, Refused) else item.provenance.offset
                if offset in wanted and not isinstance(item, Refused):
                    rows.append(msgspec.to_builtins(item))
                    passed.append(wanted.pop(offset))
        changed = self._tables.merge(FEEDS[feed].table, rows) if rows else 0
        for letter in passed:
            self._mark(letter, "replayed")
        report = LandingReport(accepted=changed, duplicates=len(rows) - changed, objects=1)
        for letter in wanted.values():
            report += _still(letter, letter.reason)
        return report

    def _collect_again(self, letter: DeadLetter) -> LandingReport:
        if self._collector is None:
            raise Permanent("Collected events are replayed where the event log is open.", reason="no_collector")
        try:
            with self._objects.open(letter.payload_key) as stream:
                message = parse_object(stream.read(), max_depth=1_000)
        except Permanent as error:
            return _still(letter, error.reason)
        source = letter.provenance.dataset.partition(":")[2] or "replay"
        answer = self._collector([message], source=source, received_ms=letter.received_ms)[0]
        if answer.status not in (ACCEPTED, DUPLICATE):
            return _still(letter, answer.reason)
        self._mark(letter, f"replayed: {answer.status}")
        return LandingReport(accepted=int(answer.status == ACCEPTED), duplicates=int(answer.status == DUPLICATE))

    def _mark(self, letter: DeadLetter, note: str) -> None:
        self._dead_letters.mark(letter.letter_id, LetterStatus.REPLAYED, note)


def _still(letter: DeadLetter, reason: str) -> LandingReport:
    return LandingReport(refused=1, reasons={reason: 1})
