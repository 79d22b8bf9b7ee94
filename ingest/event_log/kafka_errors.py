"""What Kafka's errors mean to the hub."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from confluent_kafka import KafkaError, KafkaException

from hub.errors import HubError, Misconfigured, Permanent, Transient

_FORBIDDEN = {
    KafkaError.SASL_AUTHENTICATION_FAILED,
    KafkaError.TOPIC_AUTHORIZATION_FAILED,
    KafkaError.CLUSTER_AUTHORIZATION_FAILED,
    KafkaError.UNSUPPORTED_SASL_MECHANISM,
    KafkaError._AUTHENTICATION,
    KafkaError._SSL,
}
_BAD_RECORD = {KafkaError.MSG_SIZE_TOO_LARGE, KafkaError.INVALID_MSG_SIZE, KafkaError.INVALID_RECORD}


@contextmanager
def translated(**ids: str | int) -> Iterator[None]:
    """Raise the hub's error for whatever Kafka's client raises inside."""
    try:
        yield
    except KafkaException as error:
        raise as_hub_error(error.args[0], **ids) from error


def as_hub_error(error: KafkaError, **ids: str | int) -> HubError:
    """Return what the caller should do about it; most of Kafka's troubles pass."""
    code = error.code()
    if code in _FORBIDDEN:
        return Misconfigured(
            f"Kafka refuses this client ({error.name()}): check HUB_EVENT_LOG__BOOTSTRAP_SERVERS and its rights.",
            reason="event_log_forbidden",
        )
    if code == KafkaError._INVALID_ARG:
        return Misconfigured(
            "Kafka's client refuses its settings: check HUB_EVENT_LOG__BOOTSTRAP_SERVERS.", reason="bad_client_settings"
        )
    if code == KafkaError.TOPIC_EXCEPTION:
        return Misconfigured(
            "Kafka refuses the topic's name: use letters, digits, '.', '_' and '-' in HUB_EVENT_LOG__TOPIC_PREFIX.",
            reason="bad_topic",
            **ids,
        )
    if code == KafkaError.INVALID_REPLICATION_FACTOR:
        return Misconfigured(
            "Kafka has fewer brokers than its own default.replication.factor asks for.", reason="too_few_brokers"
        )
    if code == KafkaError.INVALID_TIMESTAMP:
        return Misconfigured(
            "The topic refuses old or future times: set its message.timestamp.before.max.ms and "
            "message.timestamp.after.max.ms to the largest value.",
            reason="topic_refuses_times",
            **ids,
        )
    if code in _BAD_RECORD:
        return Permanent(f"Kafka refuses a record ({error.name()}).", reason="record_refused", **ids)
    if code in (KafkaError.OFFSET_OUT_OF_RANGE, KafkaError._AUTO_OFFSET_RESET):
        return Permanent("The log no longer keeps this offset.", reason="offset_gone", **ids)
    return Transient(f"Kafka does not answer as it should ({error.name()}).", reason="event_log_away", **ids)
