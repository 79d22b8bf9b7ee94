"""Reading one Kafka partition by offset, with a clock that never goes back."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from contextlib import AbstractContextManager

from confluent_kafka import TIMESTAMP_CREATE_TIME, Consumer, KafkaError, Message, TopicPartition

from hub.errors import Misconfigured, Permanent, Transient
from hub.records import LogRecord
from ingest.event_log.kafka_errors import as_hub_error, translated

ID_HEADER = "id"
_NO_TIME = -1
_LIKELY_ABOVE_MS = 1 << 41  # the year 2039
_BATCH = 10_000
_READER = {
    "group.id": "hub-reader",  # the client demands a name; no group is ever joined
    "enable.auto.commit": False,
    "enable.partition.eof": True,
    "auto.offset.reset": "error",
    "isolation.level": "read_committed",
    # A seek waits for the fetch under way, and an idle fetch lasts this long.
    "fetch.wait.max.ms": 50,
    "queued.max.messages.kbytes": 8_192,
}


def open_consumer(connection: Mapping[str, object]) -> Consumer:
    """Open a client that reads by offset and belongs to no group."""
    return Consumer({**connection, **_READER})


class PartitionReader:
    """Reads one partition from any offset; keeps its place, so that reading on costs no seek.

    ``time_ms`` of a record is the largest time of all records up to and with it. That depends on
    the log alone, whoever wrote it and wherever reading starts: the largest time before an
    offset is found in the broker's time index (the largest t of which ``first offset with a
    time >= t`` lies before the offset), and carried on from there.

    Args:
        questions: a client that is assigned nothing. A broker answers one connection's requests in
            turn: asked through the fetching one, it would answer after the fetch that waits for news.
    """

    def __init__(
        self,
        connection: Mapping[str, object],
        questions: Consumer,
        topic: str,
        name: str,
        partition: int,
        timeout_s: float,
    ) -> None:
        self._guard = threading.Lock()
        self._consumer = open_consumer(connection)
        self._questions = questions
        self._topic = topic
        self._name = name
        self._partition = partition
        self._timeout_s = timeout_s
        self._position: int | None = None
        self._clock_ms = _NO_TIME

    def read(self, offset: int, limit: int) -> list[LogRecord]:
        """Return up to ``limit`` records from ``offset`` on; empty at the end of the log."""
        with self._guard, self._translated():
            low, end = self._watermarks()
            if offset >= end or limit <= 0:
                return []
            if offset < low:
                raise Permanent(f"The log begins at offset {low}.", reason="offset_gone", topic=self._topic)
            if offset != self._position:
                self._seek(offset, low)
            return self._take(min(limit, end - offset), end)

    def end_offset(self) -> int:
        """Return the next offset to be written."""
        with self._guard, self._translated():
            return self._watermarks()[1]

    def has_reached(self, time_ms: int) -> bool:
        """Tell whether the partition's clock is at this time or later."""
        with self._guard, self._translated():
            return self._is_reached_before(time_ms, self._watermarks()[1])

    def offset_at(self, time_ms: int) -> int:
        """Return the offset of the first record at this time or later: up to it no record's own time is as late."""
        with self._guard, self._translated():
            found = self._offset_for(time_ms)
            return found if found >= 0 else self._watermarks()[1]

    def close(self) -> None:
        """Leave the partition."""
        with self._guard:
            self._consumer.close()

    def _translated(self) -> AbstractContextManager[None]:
        return translated(topic=self._topic, partition=self._partition)

    def _watermarks(self) -> tuple[int, int]:
        place = TopicPartition(self._name, self._partition)
        low, high = self._questions.get_watermark_offsets(place, timeout=self._timeout_s, cached=False)
        return low, high

    def _seek(self, offset: int, low: int) -> None:
        self._position = None
        self._clock_ms = self._largest_time_before(offset, low)
        self._consumer.assign([TopicPartition(self._name, self._partition, offset)])
        self._position = offset

    def _take(self, wanted: int, end: int) -> list[LogRecord]:
        records: list[LogRecord] = []
        deadline = time.monotonic() + self._timeout_s
        position, self._position = self._position or 0, None
        while len(records) < wanted and position < end:
            messages = self._consumer.consume(min(wanted - len(records), _BATCH), timeout=0.5)
            if not messages and time.monotonic() > deadline:
                raise Transient("Kafka sends no records.", reason="event_log_away", topic=self._topic)
            for message in messages:
                error = message.error()
                if error is None:
                    records.append(self._record(message))
                    position = message.offset() + 1
                elif error.code() == KafkaError._PARTITION_EOF:
                    position = max(position, message.offset())
                else:
                    raise as_hub_error(error, topic=self._topic, partition=self._partition)
        self._position = position
        return records

    def _record(self, message: Message) -> LogRecord:
        kind, time_ms = message.timestamp()
        if kind != TIMESTAMP_CREATE_TIME:
            raise Misconfigured(
                "The topic stamps records itself: set its message.timestamp.type to CreateTime.",
                reason="topic_stamps_times",
                topic=self._topic,
            )
        self._clock_ms = max(self._clock_ms, time_ms)
        headers = dict(message.headers() or ())
        return LogRecord(
            topic=self._topic,
            partition=self._partition,
            offset=message.offset(),
            id=(headers.get(ID_HEADER) or b"").decode(),
            key=(message.key() or b"").decode(),
            value=message.value() or b"",
            time_ms=self._clock_ms,
        )

    def _largest_time_before(self, offset: int, low: int) -> int:
        """Search by halves: some forty questions, asked when reading starts in the middle of the log."""
        if offset <= low:
            return _NO_TIME
        below, above = 0, _LIKELY_ABOVE_MS
        while self._is_reached_before(above, offset):
            below, above = above, above * 2
        while above - below > 1:
            middle = (below + above) // 2
            if self._is_reached_before(middle, offset):
                below = middle
            else:
                above = middle
        return below

    def _is_reached_before(self, time_ms: int, offset: int) -> bool:
        return 0 <= self._offset_for(time_ms) < offset

    def _offset_for(self, time_ms: int) -> int:
        """Return the first offset whose own time is this or later; negative where there is none."""
        asked = TopicPartition(self._name, self._partition, max(time_ms, 0))
        (found,) = self._questions.offsets_for_times([asked], timeout=self._timeout_s)
        if found.error is not None:
            raise as_hub_error(found.error, topic=self._topic, partition=self._partition)
        return int(found.offset)
