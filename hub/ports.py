"""The seams of the house. Each docstring states the promise every adapter keeps.

``tests/contracts/`` runs one suite per port on each adapter.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from hub.records import (
    Access,
    AccessRecord,
    ApiKey,
    CallFact,
    DeadLetter,
    Decision,
    FeatureRow,
    FeatureSpec,
    Finding,
    LetterStatus,
    LineageRun,
    LogEntry,
    LogRecord,
    MemoFacts,
    ModelEvaluation,
    ObjectInfo,
    RankedProduct,
    Receipt,
    RedactedCall,
    ReviewItem,
    Scalar,
    TableInfo,
    Transcript,
)

Row = Mapping[str, Any]


class ObjectStore(Protocol):
    """Keeps immutable blobs under slash-separated keys.

    A put is durable and whole before it returns, or it did not happen. With ``if_absent``
    exactly one of N racing writers wins. Raises Permanent for keys that climb out of the
    store or are missing, Transient while the store is away.
    """

    def put(self, key: str, source: bytes | Path, *, if_absent: bool = False) -> bool:
        """Store a blob; False when ``if_absent`` and somebody else's is there already."""
        ...

    def open(self, key: str) -> BinaryIO:
        """Open a blob for reading; the caller closes it."""
        ...

    def list(self, prefix: str) -> Iterator[ObjectInfo]:
        """Yield the blobs whose key starts with the prefix, in key order."""
        ...

    def delete(self, key: str) -> None:
        """Remove a blob; a missing one is no error."""
        ...


class EventLog(Protocol):
    """An ordered, partitioned, durable log.

    Promise: ``append`` returns after the entries are durable (fsync or all replicas). One
    key always lands in the same partition (``hub.ids.partition_of``), in append order.
    ``time_ms`` never decreases within a partition: an entry older than its partition's head
    takes the head's time. An id may appear twice after a retry: readers drop repeats.
    """

    def append(self, topic: str, entries: Sequence[LogEntry]) -> int:
        """Append all entries or raise; returns how many are new to the log as far as it knows."""
        ...

    def tick(self, topic: str, partition: int, time_ms: int) -> None:
        """Append a tick (id ``tick``, empty value) that moves an idle partition's clock."""
        ...

    def read(self, topic: str, partition: int, offset: int, limit: int) -> list[LogRecord]:
        """Return up to ``limit`` records from ``offset`` on, in order; empty at the end of the log."""
        ...

    def end_offsets(self, topic: str) -> list[int]:
        """Return the next offset to be written, one per partition."""
        ...

    def offset_at(self, topic: str, partition: int, time_ms: int) -> int:
        """Return the offset of the first record at this time or later; the end where there is none."""
        ...


TICK_ID = "tick"


class OnlineStore(Protocol):
    """Keeps each customer's latest value of each view, for reads in a millisecond.

    Promise: a row older than the stored one never replaces it, so loads may be repeated
    and may arrive in any order.
    """

    def write(self, rows: Iterable[FeatureRow]) -> int:
        """Store rows; returns how many were newer than what was there."""
        ...

    def read(self, view: str, customer_keys: Sequence[str]) -> list[FeatureRow | None]:
        """Return one item per key, None where nothing is known."""
        ...

    def link(self, links: Mapping[str, str]) -> None:
        """Remember which customer an id (``ano_…``, ``pho_…``, ``acc_…``) belongs to."""
        ...

    def resolve(self, ids: Sequence[str]) -> list[str | None]:
        """Return the customer of each id, None where unknown."""
        ...

    def forget(self, views: Sequence[str], customer_keys: Sequence[str], ids: Sequence[str]) -> int:
        """Remove customers' values in these views, and what ids belong to; returns how many entries there were."""
        ...


class Tables(Protocol):
    """The lakehouse as rooms outside it see it: declared tables, written once per id.

    Promise: ``merge`` inserts rows whose identity is new and, for tables declared mutable,
    updates the others; running it twice with the same rows changes nothing the second time,
    not even the version.
    """

    def merge(self, table: str, rows: Sequence[Row]) -> int:
        """Write rows by the table's declared identity; returns how many were inserted or changed."""
        ...

    def read(
        self, table: str, columns: Sequence[str] | None = None, where: str | None = None
    ) -> Iterator[dict[str, Any]]:
        """Stream rows as plain values (times as epoch milliseconds); ``where`` is SQL over the columns."""
        ...

    def list_tables(self) -> list[TableInfo]:
        """Return every table that exists."""
        ...


class DeadLetterStore(Protocol):
    """Keeps every refused record until somebody replays or discards it. Adding one twice keeps one."""

    def add(self, letters: Sequence[DeadLetter]) -> int:
        """Store letters; returns how many were new."""
        ...

    def list(
        self, *, feed: str | None = None, status: LetterStatus | None = None, limit: int = 1000
    ) -> list[DeadLetter]:
        """Return letters, oldest first."""
        ...

    def get(self, letter_id: str) -> DeadLetter:
        """Return one letter. Raises Permanent (``unknown_letter``)."""
        ...

    def mark(self, letter_id: str, status: LetterStatus, note: str) -> None:
        """Record what was done about a letter."""
        ...


class DecisionStore(Protocol):
    """Keeps decisions whole, by id: a decision written twice is there once, as first written."""

    def save(self, decisions: Sequence[Decision]) -> int:
        """Store decisions; returns how many were new."""
        ...

    def get(self, decision_id: str) -> Decision:
        """Return one decision. Raises Permanent (``unknown_decision``)."""
        ...

    def list(
        self,
        *,
        customer_key: str | None = None,
        scenario_id: str | None = None,
        after: int = 0,
        limit: int = 100,
        newest_first: bool = False,
    ) -> list[tuple[int, Decision]]:
        """Return (sequence, decision) pairs with a sequence above ``after``; sequences only grow."""
        ...

    def count(self) -> dict[str, dict[str, int]]:
        """Return how many decisions there are: scenario id -> treatment -> count."""
        ...

    def erase(self, customer_keys: Sequence[str]) -> int:
        """Remove every decision about these customers and its receipt; returns how many decisions there were."""
        ...

    def save_receipts(self, receipts: Sequence[Receipt]) -> None:
        """Record that offers were handed over; one receipt per decision, the first stays."""
        ...

    def undelivered(self, limit: int) -> Sequence[Decision]:
        """Return treated decisions that have no receipt yet, oldest first."""
        ...


class StateStore(Protocol):
    """Small named values that survive a restart: cursors, snapshots, book versions."""

    def get(self, name: str) -> bytes | None:
        """Return the value last put, None where there is none."""
        ...

    def put(self, values: Mapping[str, bytes]) -> None:
        """Store all values together or none."""
        ...


class AccessLog(Protocol):
    """The hash-chained record of every read of a person's data; append-only."""

    def append(self, *, account: str, origin: str, subject: str, task: str, purpose: str, at_ms: int) -> AccessRecord:
        """Add one record to the chain."""
        ...

    def append_all(self, accesses: Sequence[Access]) -> list[AccessRecord]:
        """Add records to the chain in this order, all of them durable together or none."""
        ...

    def list(self, *, subject: str | None = None, limit: int = 1000) -> list[AccessRecord]:
        """Return records, newest first."""
        ...

    def verify(self) -> int | None:
        """Return the sequence of the first record that does not fit the chain, None when all fit."""
        ...


class KeyStore(Protocol):
    """API keys by digest. A key itself is shown once, at creation, and never stored."""

    def create(self, role: str, label: str, now_ms: int) -> tuple[str, ApiKey]:
        """Return the new secret and its stored form."""
        ...

    def find(self, secret: str) -> ApiKey | None:
        """Return the live key a secret belongs to."""
        ...

    def list(self) -> list[ApiKey]:
        """Return all keys, revoked ones too."""
        ...

    def revoke(self, key_id: str, now_ms: int) -> None:
        """End a key. Raises Permanent (``unknown_key``)."""
        ...


class ReviewStore(Protocol):
    """Stretches of calls that wait for a person's ear. Adding one twice keeps one."""

    def add(self, items: Sequence[ReviewItem]) -> int:
        """Store items; returns how many were new."""
        ...

    def list(self, *, is_done: bool | None = False, reason: str | None = None, limit: int = 100) -> list[ReviewItem]:
        """Return items, oldest first; by default those that wait."""
        ...

    def done(self, review_id: str, note: str, now_ms: int) -> None:
        """Record what came of an item. Raises Permanent (``unknown_review``)."""
        ...


class EvaluationStore(Protocol):
    """What each speech model scored, so that two can be compared on the same calls."""

    def save(self, evaluation: ModelEvaluation) -> None:
        """Store one; the same id again replaces it."""
        ...

    def list(self, *, model: str | None = None, corpus: str | None = None, limit: int = 100) -> list[ModelEvaluation]:
        """Return evaluations, newest first; ``model`` is its name or how it begins."""
        ...


class LineageStore(Protocol):
    """Which dataset versions each run read and wrote. Saving a run twice keeps one."""

    def save(self, run: LineageRun) -> None:
        """Store one run."""
        ...

    def runs(self, dataset: str | None = None, limit: int = 100) -> list[LineageRun]:
        """Return runs that wrote the dataset (or all runs), newest first."""
        ...


class Transcriber(Protocol):
    """Turns a recording into a transcript. Raises Permanent for audio that cannot be read."""

    @property
    def model(self) -> str:
        """Name of the model, as transcripts cite it."""
        ...

    def transcribe(self, path: Path, *, call_id: str, roles: Sequence[str], language: str | None = None) -> Transcript:
        """Transcribe every channel; ``roles`` names the channels in order (AGENT, CUSTOMER)."""
        ...


class MemoParser(Protocol):
    """Turns memo texts into facts; same text and version, same facts. Never raises on text."""

    @property
    def version(self) -> str:
        """Changes whenever the same text might be read differently."""
        ...

    def parse(self, memos: Sequence[str]) -> list[MemoFacts]:
        """Return one result per memo, in order."""
        ...


class CallReader(Protocol):
    """Finds facts in a transcript (intents, life events, complaints, products)."""

    @property
    def version(self) -> str:
        """Changes whenever the same transcript might be read differently."""
        ...

    def facts(self, transcript: Transcript, started_ms: int | None = None) -> list[CallFact]:
        """Return facts in order of time; sentences are redacted.

        Spoken days become dates where the start of the call is given.
        """
        ...


class CallEditor(Protocol):
    """Turns what a recogniser wrote into what may leave the vault; same transcript and version, same result."""

    @property
    def version(self) -> str:
        """Changes whenever the same transcript might be edited differently."""
        ...

    def edit(self, transcript: Transcript) -> RedactedCall:
        """Return the transcript in normal form, personal data masked, and where the recording gives it away."""
        ...

    def document(self, call: RedactedCall, facts: Sequence[CallFact]) -> dict[str, Any]:
        """Return Call Analytics' JSON of a redacted call."""
        ...

    def silence(self, recording: Path, folder: Path, call: RedactedCall, roles: Sequence[str]) -> Path:
        """Write the redacted copy of a recording into a folder and return it. Raises Permanent for unreadable audio."""
        ...


class Redactor(Protocol):
    """Finds and masks personal data in text. Never raises on text."""

    def find(self, text: str, language: str) -> list[Finding]:
        """Return findings in order of start, not overlapping."""
        ...

    def redact(self, text: str, language: str) -> str:
        """Return the text with each finding replaced by ``[KIND]``."""
        ...


class Recommender(Protocol):
    """Ranks products for a customer from feature values."""

    @property
    def version(self) -> str:
        """Name and version of the model, as decisions cite it."""
        ...

    def rank(self, features: Sequence[Mapping[str, Scalar]]) -> list[list[RankedProduct]]:
        """Return for each customer all products, best first."""
        ...


class Delivery(Protocol):
    """Hands one treated decision over to a channel.

    Promise: at least once; the decision id travels with the offer as the idempotency key.
    Raises Transient when the channel should be tried again.
    """

    @property
    def name(self) -> str:
        """The channel's name, as receipts cite it."""
        ...

    def hand_over(self, decision: Decision, now_ms: int) -> Receipt:
        """Hand the offer over; returns after the channel accepted it."""
        ...


class FeatureCatalog(Protocol):
    """All declared features."""

    def specs(self) -> list[FeatureSpec]:
        """Return every feature, in order of declaration."""
        ...
