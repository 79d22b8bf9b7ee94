"""The records that rooms hand to each other: frozen, slotted, serialisable as they stand.

Times are epoch milliseconds in UTC (``*_ms``). Identifiers in behaviour events are
pseudonyms; raw identifiers stay in the source records, which live in the vault zone.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import msgspec

Scalar = str | int | float | bool | None
Properties = dict[str, Any]


class Record(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=False):
    """What every record is: immutable, compared by value, encoded by msgspec."""


class DataClass(StrEnum):
    """How protected a column or a property is."""

    PUBLIC = "public"
    INTERNAL = "internal"
    PERSONAL = "personal"
    SENSITIVE = "sensitive"


class Channel(StrEnum):
    """Where behaviour was seen."""

    WEB = "web"
    APP = "app"
    CALL = "call"
    TRANSACTION = "transaction"
    BRANCH = "branch"
    CORE = "core"
    STAFF = "staff"
    DELIVERY = "delivery"
    SYSTEM = "system"


class Provenance(Record, frozen=True, kw_only=True):
    """Where a fact came from, precisely enough to look at it again."""

    dataset: str
    object: str = ""
    offset: int | None = None
    start_ms: int | None = None
    end_ms: int | None = None


# --- raw facts, as a source delivered them (vault zone) ---------------------------------------------------


class Call(Record, frozen=True, kw_only=True):
    """One recording and what its sidecar says."""

    call_id: str
    object_key: str
    content_hash: str
    started_ms: int
    direction: str = "inbound"
    customer_no: str | None = None
    phone: str | None = None
    agent_id: str | None = None
    language: str | None = None
    channel_roles: tuple[str, ...] = ("AGENT", "CUSTOMER")
    recording_consent: bool = True
    provenance: Provenance


class Memo(Record, frozen=True, kw_only=True):
    """One posted transaction with its free-text memo."""

    txn_id: str
    account_no: str
    customer_no: str | None
    posted_ms: int
    amount: int
    currency: str
    direction: str
    method: str
    memo: str
    balance: int | None = None
    content_hash: str
    provenance: Provenance


class LogLine(Record, frozen=True, kw_only=True):
    """One web, app or business-system log line, already parsed but not yet pseudonymised."""

    message_id: str
    type: str
    channel: Channel
    event_time_ms: int
    received_time_ms: int
    customer_no: str | None = None
    anonymous_id: str | None = None
    properties: Properties = {}
    content_hash: str
    provenance: Provenance


class MasterRow(Record, frozen=True, kw_only=True):
    """One row of core-bank master data: its table, its business key and its columns as text."""

    table: str
    key: str
    values: dict[str, str]
    content_hash: str
    provenance: Provenance


# --- the one envelope -------------------------------------------------------------------------------------


class BehaviorEvent(Record, frozen=True, kw_only=True):
    """What a customer did, said or underwent, whatever the channel; past tense in ``type``.

    ``customer_key`` is the resolved person, or None while only ``ids`` (pseudonyms such as
    ``ano_…``, ``pho_…``, ``acc_…``) are known.
    """

    event_id: str
    type: str
    channel: Channel
    event_time_ms: int
    received_time_ms: int
    customer_key: str | None = None
    ids: tuple[str, ...] = ()
    properties: Properties = {}
    consent_purposes: tuple[str, ...] = ()
    provenance: Provenance

    @property
    def subject(self) -> str:
        """The key that orders this event: the customer, else the first anonymous id, else the event."""
        return self.customer_key or (self.ids[0] if self.ids else self.event_id)


class IdentityEdge(Record, frozen=True, kw_only=True):
    """Two ids are one person, says a source, from a time until it is taken back."""

    left: str
    right: str
    source: str
    valid_from_ms: int
    valid_to_ms: int | None = None
    evidence: str = ""


# --- speech and text --------------------------------------------------------------------------------------


class Word(Record, frozen=True, kw_only=True):
    """One recognised word with its place in the recording and its probability."""

    text: str
    start_ms: int
    end_ms: int
    probability: float


class Turn(Record, frozen=True, kw_only=True):
    """What one speaker said without the other taking over.

    ``text`` is normalised; ``verbatim`` is what the recogniser wrote where that differs.
    """

    turn_id: int
    role: str
    text: str
    start_ms: int
    end_ms: int
    words: tuple[Word, ...] = ()
    confidence: float = 0.0
    verbatim: str = ""


class Loudness(Record, frozen=True, kw_only=True):
    """How loud one role spoke: dB relative to full scale, one value per second from the start of the call."""

    role: str
    per_second_db: tuple[float, ...]


class Transcript(Record, frozen=True, kw_only=True):
    """A transcribed call: turns of all channels in order of their start."""

    call_id: str
    language: str
    duration_ms: int
    model: str
    turns: tuple[Turn, ...]
    warnings: tuple[str, ...] = ()
    loudness: tuple[Loudness, ...] = ()


class Silence(Record, frozen=True, kw_only=True):
    """A stretch of a recording that gives personal data away: on whose channel, when, and of what kind."""

    turn_id: int
    role: str
    start_ms: int
    end_ms: int
    kind: str


class RedactedCall(Record, frozen=True, kw_only=True):
    """A transcript with personal data masked, and where the recording has to be silenced."""

    transcript: Transcript
    silences: tuple[Silence, ...]


class Finding(Record, frozen=True, kw_only=True):
    """A span of text that a detector recognised as personal data: text[start:end]."""

    kind: str
    start: int
    end: int
    score: float
    detector: str


class MemoFacts(Record, frozen=True, kw_only=True):
    """What a transaction memo says; ``decided_by`` names the rule or model behind the category.

    ``period`` is ``2026-03``, ``03``, ``Q1`` or ``T2``; ``instalment`` is ``3/12``, ``5`` (the fifth) or ``x6`` (in six
    months); payments with one ``recurrence_key`` are one standing payment as far as the memo tells.
    """

    category: str
    counterparty: str | None = None
    counterparty_kind: str = "unknown"
    brand: str | None = None
    branch: str | None = None
    life_event: str | None = None
    is_recurring: bool = False
    confidence: float = 0.0
    decided_by: str = ""
    redacted_memo: str = ""
    channel: str | None = None
    period: str | None = None
    instalment: str | None = None
    recurrence_key: str | None = None


class CallFact(Record, frozen=True, kw_only=True):
    """One thing a call says: kind (intent, life_event, complaint, product ...), label, and its sentence.

    ``value`` is what the label leaves open: the day of a promise, the score of a sentiment.
    """

    kind: str
    label: str
    turn_id: int
    role: str
    sentence: str
    start_ms: int
    end_ms: int
    confidence: float
    decided_by: str
    value: str = ""


# --- features ---------------------------------------------------------------------------------------------


class FeatureSpec(Record, frozen=True, kw_only=True):
    """The one declaration of a feature, from which docs, checks, batch and serving derive."""

    view: str
    name: str
    dtype: str
    description: str
    data_class: DataClass = DataClass.INTERNAL
    owner: str = "data-platform"
    max_age_ms: int | None = None

    @property
    def ref(self) -> str:
        """``view:name``, as Feast spells it."""
        return f"{self.view}:{self.name}"


class FeatureRow(Record, frozen=True, kw_only=True):
    """The values of one view for one customer as of a time."""

    view: str
    customer_key: str
    event_time_ms: int
    created_ms: int
    values: dict[str, Scalar]
    version: str = ""


# --- decisions --------------------------------------------------------------------------------------------


class Treatment(StrEnum):
    """What became of a match."""

    TREATED = "treated"
    CONTROL = "control"
    SUPPRESSED = "suppressed"


class Evidence(Record, frozen=True, kw_only=True):
    """One event that took part in a match, as it was then."""

    event_id: str
    type: str
    channel: str
    event_time_ms: int
    role: str
    properties: Properties
    provenance: Provenance


class FeatureEvidence(Record, frozen=True, kw_only=True):
    """One feature value that a decision looked at."""

    name: str
    value: Scalar
    as_of_ms: int | None
    version: str = ""


class Decision(Record, frozen=True, kw_only=True):
    """A scenario fired for a customer; this is what we did about it and why, complete in itself."""

    decision_id: str
    scenario_id: str
    scenario_version: int
    customer_key: str
    decided_ms: int
    trigger_event_id: str
    treatment: Treatment
    reason: str
    campaign: str
    action: Properties
    evidence: tuple[Evidence, ...]
    features: tuple[FeatureEvidence, ...]
    consent_purpose: str | None
    model_version: str | None = None
    propensity: float = 1.0
    measure_until_ms: int | None = None
    log_partition: int = 0
    log_offset: int = 0


class Receipt(Record, frozen=True, kw_only=True):
    """A channel took over a decision's offer."""

    decision_id: str
    channel: str
    handed_over_ms: int
    reference: str = ""


class Outcome(Record, frozen=True, kw_only=True):
    """What a customer did with a decision."""

    event_id: str
    decision_id: str
    kind: str
    event_time_ms: int
    value: float = 0.0


class RankedProduct(Record, frozen=True, kw_only=True):
    """One product in a recommendation, best first."""

    product_id: str
    score: float
    model_version: str


class ModelVersion(Record, frozen=True, kw_only=True):
    """A registered model with what it was made from and what it scored."""

    name: str
    version: str
    alias: str | None
    created_ms: int
    data_versions: dict[str, int]
    metrics: dict[str, float]
    gates: dict[str, bool]


# --- operation --------------------------------------------------------------------------------------------


class LetterStatus(StrEnum):
    """What has been done about a refused record."""

    OPEN = "open"
    REPLAYED = "replayed"
    DISCARDED = "discarded"


class DeadLetter(Record, frozen=True, kw_only=True):
    """A refused record: why, where it came from, and where its bytes are kept (an object of the vault)."""

    letter_id: str
    feed: str
    stage: str
    reason: str
    message: str
    payload_key: str
    provenance: Provenance
    received_ms: int
    status: LetterStatus = LetterStatus.OPEN
    status_note: str = ""


class ReviewItem(Record, frozen=True, kw_only=True):
    """A stretch of a call that a person should listen to; ``text`` is redacted.

    ``reason`` is ``low_confidence`` or the gate that kept the text out of the transcript.
    """

    review_id: str
    call_id: str
    reason: str
    role: str
    text: str
    start_ms: int
    end_ms: int
    confidence: float
    model: str
    created_ms: int
    done_ms: int | None = None
    note: str = ""


class ModelEvaluation(Record, frozen=True, kw_only=True):
    """What a speech model scored on labelled calls. ``corpus`` is the same for the same calls; ``document`` is JSON."""

    evaluation_id: str
    model: str
    corpus: str
    made_ms: int
    document: str


class Access(Record, frozen=True, kw_only=True):
    """A read of a person's data, about to be put on record: who reads, whose data, why and when."""

    account: str
    origin: str
    subject: str
    task: str
    purpose: str
    at_ms: int


class AccessRecord(Record, frozen=True, kw_only=True):
    """Who read whose data, when and why. ``previous`` and ``digest`` chain the records."""

    sequence: int
    account: str
    origin: str
    subject: str
    task: str
    purpose: str
    at_ms: int
    previous: str
    digest: str


class ApiKey(Record, frozen=True, kw_only=True):
    """An API key as stored: its digest, never the key."""

    key_id: str
    role: str
    digest: str
    created_ms: int
    revoked_ms: int | None = None
    label: str = ""


class DatasetVersion(Record, frozen=True, kw_only=True):
    """A dataset at a version, as lineage names it."""

    name: str
    version: int | None = None
    rows: int | None = None


class LineageRun(Record, frozen=True, kw_only=True):
    """One run of a job: which dataset versions went in, which came out."""

    run_id: str
    job: str
    started_ms: int
    ended_ms: int
    inputs: tuple[DatasetVersion, ...]
    outputs: tuple[DatasetVersion, ...]
    status: str = "COMPLETE"


class LogEntry(Record, frozen=True, kw_only=True):
    """Something to append to the event log. The key orders it, the id lets readers drop repeats."""

    id: str
    key: str
    value: bytes
    time_ms: int


class LogRecord(Record, frozen=True, kw_only=True):
    """An entry as the log keeps it. ``time_ms`` never decreases within a partition."""

    topic: str
    partition: int
    offset: int
    id: str
    key: str
    value: bytes
    time_ms: int


class ObjectInfo(Record, frozen=True, kw_only=True):
    """An object of the object store."""

    key: str
    size_bytes: int


class TableInfo(Record, frozen=True, kw_only=True):
    """A table as ``hub tables`` shows it."""

    name: str
    zone: str
    location: str
    version: int
    rows: int
