"""The event log on Kafka: the same promises, with many brokers behind them."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping, Sequence

from confluent_kafka import Consumer, KafkaError, KafkaException, Message, Producer
from confluent_kafka.admin import AdminClient, NewTopic

from hub.errors import Misconfigured, Permanent, Transient
from hub.ids import partition_of
from hub.ports import TICK_ID
from hub.records import LogEntry, LogRecord
from ingest.event_log.kafka_errors import as_hub_error, translated
from ingest.event_log.kafka_partition import ID_HEADER, PartitionReader, open_consumer

_FOREVER = str(2**63 - 1)
_TOPIC = {
    "cleanup.policy": "delete",
    "retention.ms": "-1",
    "retention.bytes": "-1",
    "message.timestamp.type": "CreateTime",
    # A replay writes old times and a demo future ones; by default Kafka 4 refuses what is an hour ahead.
    "message.timestamp.before.max.ms": _FOREVER,
    "message.timestamp.after.max.ms": _FOREVER,
}
_PRODUCER = {"enable.idempotence": True, "acks": "all", "linger.ms": 0, "compression.type": "lz4"}


class KafkaEventLog:
    """Topics of a Kafka cluster; any number of processes append and read.

    ``append`` waits for all in-sync replicas and raises if any entry was not taken; entries that
    were taken stay, so a retry may repeat ids: readers drop them. An entry's own time travels as
    Kafka's timestamp. Concurrent appenders cannot agree on a partition's clock without a lock, so
    it is the readers who hold it: see ``PartitionReader``. All of them see the same times.
    """

    def __init__(
        self,
        bootstrap_servers: str,
        topic_prefix: str,
        partitions: int,
        *,
        timeout_s: float = 30.0,
        client_options: Mapping[str, str] | None = None,
    ) -> None:
        """Connect on first use.

        Args:
            client_options: librdkafka's settings for TLS and SASL.
        """
        if not bootstrap_servers:
            raise Misconfigured("HUB_EVENT_LOG__BOOTSTRAP_SERVERS names no Kafka broker.", reason="no_brokers")
        self._prefix = topic_prefix
        self._partitions = partitions
        self._timeout_s = timeout_s
        self._connection: dict[str, object] = {
            "bootstrap.servers": bootstrap_servers,
            "socket.timeout.ms": int(timeout_s * 1_000),
            "log_level": 3,
            **(client_options or {}),
        }
        self._guard = threading.Lock()
        self._producer: Producer | None = None
        self._questions: Consumer | None = None
        self._readers: dict[tuple[str, int], PartitionReader] = {}
        self._ready_topics: set[str] = set()

    def append(self, topic: str, entries: Sequence[LogEntry]) -> int:
        """Append all entries or raise; returns their number, for Kafka does not know ids."""
        if any(entry.id == TICK_ID for entry in entries):
            raise Permanent(f"The id {TICK_ID!r} is kept for ticks.", reason="reserved_id", topic=topic)
        if entries:
            self._send(topic, [(partition_of(entry.key, self._partitions), entry) for entry in entries])
        return len(entries)

    def tick(self, topic: str, partition: int, time_ms: int) -> None:
        """Append a tick, unless the partition's clock is there already."""
        if not self._reader(topic, partition).has_reached(time_ms):
            self._send(topic, [(partition, LogEntry(id=TICK_ID, key="", value=b"", time_ms=time_ms))])

    def read(self, topic: str, partition: int, offset: int, limit: int) -> list[LogRecord]:
        """Return up to ``limit`` records from ``offset`` on, in order; empty at the end of the log."""
        return self._reader(topic, partition).read(max(offset, 0), limit)

    def end_offsets(self, topic: str) -> list[int]:
        """Return the next offset to be written, one per partition."""
        return [self._reader(topic, partition).end_offset() for partition in range(self._partitions)]

    def offset_at(self, topic: str, partition: int, time_ms: int) -> int:
        """Return the offset of the first record at this time or later; the end where there is none."""
        return self._reader(topic, partition).offset_at(time_ms)

    def close(self) -> None:
        """Close all connections; the log may be used again."""
        with self._guard:
            readers, self._readers = self._readers, {}
            questions, self._questions = self._questions, None
            self._producer = None
        for consumer in [*readers.values(), questions]:
            if consumer is not None:
                consumer.close()

    def _send(self, topic: str, placed: Sequence[tuple[int, LogEntry]]) -> None:
        self._ensure_topic(topic)
        producer = self._open_producer()
        results = _Results()
        with translated(topic=topic):
            for partition, entry in placed:
                self._produce(producer, topic, partition, entry, results)
            results.await_all(producer, len(placed), self._timeout_s + 5)
        if results.is_fatal():
            self._drop(producer)
        refusal = results.first_error()
        if refusal is not None:
            raise as_hub_error(refusal, topic=topic)
        if len(results.outcomes) < len(placed):
            raise Transient("Kafka has not confirmed all entries.", reason="event_log_away", topic=topic)

    def _produce(self, producer: Producer, topic: str, partition: int, entry: LogEntry, results: _Results) -> None:
        deadline = time.monotonic() + self._timeout_s
        while True:
            try:
                producer.produce(
                    self._prefix + topic,
                    value=entry.value,
                    key=entry.key.encode(),
                    partition=partition,
                    timestamp=max(entry.time_ms, 1),  # Kafka knows no time before 1970, and its client reads 0 as "now"
                    headers={ID_HEADER: entry.id.encode()},
                    on_delivery=results.note,
                )
                return
            except BufferError:
                if time.monotonic() > deadline:
                    raise Transient("Kafka takes no more entries.", reason="event_log_away", topic=topic) from None
                producer.poll(0.1)

    def _open_producer(self) -> Producer:
        with self._guard:
            if self._producer is None:
                patience = {"message.timeout.ms": int(self._timeout_s * 1_000)}
                with translated():
                    self._producer = Producer({**self._connection, **_PRODUCER, **patience})
            return self._producer

    def _drop(self, broken: Producer) -> None:
        with self._guard:
            if self._producer is broken:
                self._producer = None

    def _reader(self, topic: str, partition: int) -> PartitionReader:
        if not 0 <= partition < self._partitions:
            raise Permanent(
                f"The log has partitions 0 to {self._partitions - 1}.",
                reason="unknown_partition",
                topic=topic,
                partition=partition,
            )
        self._ensure_topic(topic)
        with self._guard:
            reader = self._readers.get((topic, partition))
            if reader is None:
                reader = self._readers[topic, partition] = self._open_reader(topic, partition)
            return reader

    def _open_reader(self, topic: str, partition: int) -> PartitionReader:
        with translated(topic=topic):
            if self._questions is None:
                self._questions = open_consumer(self._connection)
            name = self._prefix + topic
            return PartitionReader(self._connection, self._questions, topic, name, partition, self._timeout_s)

    def _ensure_topic(self, topic: str) -> None:
        """Create the topic, or check that it has the partitions the settings say."""
        with self._guard:
            if topic in self._ready_topics:
                return
            with translated(topic=topic):
                found = self._found_partitions(AdminClient(self._connection), self._prefix + topic)
            if found != self._partitions:
                raise Misconfigured(
                    f"The topic {self._prefix + topic} has {found} partitions, HUB_EVENT_LOG__PARTITIONS says "
                    f"{self._partitions}: set it to {found}, or use another HUB_EVENT_LOG__TOPIC_PREFIX.",
                    reason="partitions_changed",
                )
            self._ready_topics.add(topic)

    def _found_partitions(self, admin: AdminClient, name: str) -> int:
        deadline = time.monotonic() + self._timeout_s
        while time.monotonic() < deadline:
            known = admin.list_topics(timeout=self._timeout_s).topics.get(name)
            if known is not None and known.error is None and known.partitions:
                return len(known.partitions)
            if known is None:
                self._create(admin, name)
            time.sleep(0.05)
        raise Transient("Kafka has not created the topic in time.", reason="event_log_away", topic=name)

    def _create(self, admin: AdminClient, name: str) -> None:
        wanted = NewTopic(name, num_partitions=self._partitions, replication_factor=-1, config=_TOPIC)
        try:
            admin.create_topics([wanted], operation_timeout=self._timeout_s)[name].result(self._timeout_s)
        except KafkaException as error:
            if error.args[0].code() != KafkaError.TOPIC_ALREADY_EXISTS:
                raise


class _Results:
    """What became of the messages of one append."""

    def __init__(self) -> None:
        self.outcomes: list[KafkaError | None] = []

    def note(self, error: KafkaError | None, _: Message) -> None:
        """Take one delivery report; whichever thread polls brings it."""
        self.outcomes.append(error)

    def await_all(self, producer: Producer, expected: int, timeout_s: float) -> None:
        """Poll until every message is confirmed or refused; waits for one's own messages only."""
        deadline = time.monotonic() + timeout_s
        while len(self.outcomes) < expected and time.monotonic() < deadline:
            producer.poll(0.01)

    def first_error(self) -> KafkaError | None:
        return next((outcome for outcome in self.outcomes if outcome is not None), None)

    def is_fatal(self) -> bool:
        """Tell whether the producer can no longer keep its promise of order and must be replaced."""
        return any(outcome is not None and outcome.fatal() for outcome in self.outcomes)
