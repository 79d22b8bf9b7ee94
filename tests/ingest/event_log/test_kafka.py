"""The Kafka event log: refused, away, and its clock against a brute-force one."""

from __future__ import annotations

import itertools
import random
import secrets

import pytest
from confluent_kafka.admin import AdminClient, NewTopic

from hub.errors import Misconfigured, Permanent, Transient
from hub.records import LogEntry
from ingest.event_log.kafka import KafkaEventLog
from tests.servers.kafka import KafkaServer
from tests.servers.session import free_port


def _entry(number: int, time_ms: int = 0, value: bytes = b"v") -> LogEntry:
    return LogEntry(id=f"id-{number}", key="cus_1", value=value, time_ms=time_ms)


def test_no_broker_is_a_wrong_setting():
    with pytest.raises(Misconfigured, match="HUB_EVENT_LOG__BOOTSTRAP_SERVERS"):
        KafkaEventLog("", "hub.", 1)


def test_a_broker_that_is_away_may_come_back():
    log = KafkaEventLog(f"127.0.0.1:{free_port()}", "hub.", 1, timeout_s=1.0)
    with pytest.raises(Transient):
        log.append("events", [_entry(1)])
    with pytest.raises(Transient):
        log.read("events", 0, 0, 1)


@pytest.mark.servers
def test_an_entry_too_large_for_kafka_is_permanent(kafka: KafkaServer):
    log = KafkaEventLog(kafka.bootstrap_servers, f"t{secrets.token_hex(4)}.", 1)
    with pytest.raises(Permanent) as refusal:
        log.append("events", [_entry(1, value=b"x" * 3_000_000)])
    assert refusal.value.reason == "record_refused"
    assert log.append("events", [_entry(2)]) == 1, "the producer still works"


@pytest.mark.servers
def test_a_topic_name_kafka_does_not_take_names_the_setting(kafka: KafkaServer):
    with pytest.raises(Misconfigured, match="HUB_EVENT_LOG__TOPIC_PREFIX"):
        KafkaEventLog(kafka.bootstrap_servers, "허브.", 1).append("events", [_entry(1)])


@pytest.mark.servers
def test_a_topic_that_stamps_records_itself_is_refused(kafka: KafkaServer):
    prefix = f"t{secrets.token_hex(4)}."
    admin = AdminClient({"bootstrap.servers": kafka.bootstrap_servers})
    stamping = NewTopic(f"{prefix}events", 1, 1, config={"message.timestamp.type": "LogAppendTime"})
    admin.create_topics([stamping])[f"{prefix}events"].result(10)
    log = KafkaEventLog(kafka.bootstrap_servers, prefix, 1)
    log.append("events", [_entry(1)])
    with pytest.raises(Misconfigured, match=r"message\.timestamp\.type"):
        log.read("events", 0, 0, 1)


@pytest.mark.servers
@pytest.mark.slow
def test_the_clock_is_the_largest_time_so_far_across_segments(kafka: KafkaServer):
    prefix = f"t{secrets.token_hex(4)}."
    admin = AdminClient({"bootstrap.servers": kafka.bootstrap_servers})
    small = {
        "segment.bytes": "1048576",
        "index.interval.bytes": "1",
        "retention.ms": "-1",
        "message.timestamp.after.max.ms": str(2**63 - 1),
    }
    admin.create_topics([NewTopic(f"{prefix}events", 1, 1, config=small)])[f"{prefix}events"].result(10)
    log = KafkaEventLog(kafka.bootstrap_servers, prefix, 1)
    chance = random.Random(11)
    times = [chance.choice([chance.randrange(50), 10 * number + chance.randrange(90)]) for number in range(4_000)]
    for first in range(0, len(times), 250):
        batch = range(first, first + 250)
        log.append("events", [_entry(number, times[number], value=b"v" * 1_000) for number in batch])
    clock = list(itertools.accumulate(times, max))
    for offset in [chance.randrange(4_000) for _ in range(40)]:
        (record,) = log.read("events", 0, offset, 1)
        assert (record.offset, record.time_ms) == (offset, clock[offset])
