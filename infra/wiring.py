"""Settings -> parts. The only file that names concrete adapters; each is made when first asked for."""

from __future__ import annotations

import contextlib
import os
import secrets
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from hub.clock import Clock, SystemClock
from hub.errors import Misconfigured
from hub.ids import Pseudonymizer
from hub.ports import (
    CallEditor,
    CallReader,
    Delivery,
    EventLog,
    MemoParser,
    ObjectStore,
    OnlineStore,
    Redactor,
    Transcriber,
)
from hub.settings import CHECKOUT, Settings, load_settings

if TYPE_CHECKING:
    from catalog.engine import Catalog
    from ingest.collector import Collector
    from lakehouse.delta_tables import DeltaTables
    from lakehouse.session import SparkDoor
    from ml.registry import Registry
    from rules.book import Book

PSEUDONYM_KEY_BYTES = 32


@lru_cache(maxsize=1)
def current_hub() -> Hub:
    """Return this process's hub, from its environment."""
    return Hub(load_settings())


class Hub:
    """The parts of one hub. Cheap to make; a part is built on first use and kept."""

    def __init__(self, settings: Settings, clock: Clock | None = None) -> None:
        self.settings = settings
        self.home = settings.home.absolute()
        self.clock: Clock = clock or SystemClock()
        # A library that phones home has no business in a bank.
        os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
        os.environ.setdefault("DO_NOT_TRACK", "true")

    @property
    def run_dir(self) -> Path:
        """Where process ids, logs and the driver's token are."""
        return self.home / "run"

    def source(self, feed: str) -> Path:
        """Where a feed's files are delivered unless a task is told otherwise."""
        return self.home / "source" / feed

    @cached_property
    def objects(self) -> ObjectStore:
        """Blobs: the vault."""
        chosen = self.settings.object_store
        if chosen.kind == "s3":
            from ingest.object_store.s3 import S3ObjectStore

            store = S3ObjectStore(
                chosen.endpoint,
                chosen.bucket,
                chosen.region,
                chosen.access_key.get_secret_value(),
                chosen.secret_key.get_secret_value(),
            )
            store.ensure_bucket()
            return store
        from ingest.object_store.directory import DirectoryObjectStore

        return DirectoryObjectStore(self.home / "vault")

    @cached_property
    def event_log(self) -> EventLog:
        """The ordered log of behaviour."""
        chosen = self.settings.event_log
        if chosen.kind == "kafka":
            from ingest.event_log.kafka import KafkaEventLog

            if not chosen.bootstrap_servers:
                raise Misconfigured(
                    "HUB_EVENT_LOG__BOOTSTRAP_SERVERS is empty; name the Kafka brokers.", reason="no_brokers"
                )
            return KafkaEventLog(chosen.bootstrap_servers, chosen.topic_prefix, chosen.partitions)
        from ingest.event_log.sqlite import SqliteEventLog

        self.home.mkdir(parents=True, exist_ok=True)
        return SqliteEventLog(self.home / "events.db", chosen.partitions)

    @cached_property
    def online(self) -> OnlineStore:
        """Latest feature values."""
        chosen = self.settings.online_store
        if chosen.kind == "redis":
            from lakehouse.online.redis_store import RedisOnlineStore

            return RedisOnlineStore(chosen.url.get_secret_value())
        from lakehouse.online.lmdb_store import LmdbOnlineStore

        return LmdbOnlineStore(self.home / "online", chosen.map_size_mb)

    @cached_property
    def catalog(self) -> Catalog:
        """Decisions, dead letters, keys, access log, lineage, cursors."""
        from catalog.engine import open_catalog

        self.home.mkdir(parents=True, exist_ok=True)
        return open_catalog(self.settings.catalog.url.get_secret_value() or f"sqlite:///{self.home}/catalog.db")

    @cached_property
    def pseudonyms(self) -> Pseudonymizer:
        """Keyed pseudonyms; the key is made once and kept readable by its owner alone."""
        privacy = self.settings.privacy
        given = privacy.pseudonym_key.get_secret_value().encode()
        previous = {name: key.get_secret_value().encode() for name, key in privacy.previous_pseudonym_keys.items()}
        if given and len(given) < PSEUDONYM_KEY_BYTES:
            raise Misconfigured("HUB_PRIVACY__PSEUDONYM_KEY is shorter than 32 bytes.", reason="short_key")
        if privacy.pseudonym_key_id in previous:
            raise Misconfigured(
                "HUB_PRIVACY__PSEUDONYM_KEY_ID names a key of HUB_PRIVACY__PREVIOUS_PSEUDONYM_KEYS; a new key needs a new name.",
                reason="key_id_taken",
            )
        key = given or self._kept_secret("pseudonym.key")
        return Pseudonymizer(key, key_id=privacy.pseudonym_key_id, previous=previous)

    @cached_property
    def transcriber(self) -> Transcriber:
        """Speech to text."""
        from stt.transcriber import WhisperTranscriber
        from stt.vocabulary import DEFAULT_HINTS, load_vocabulary

        speech = self.settings.speech
        return WhisperTranscriber(
            speech.model,
            device=speech.device,
            compute_type=speech.compute_type,
            threads=speech.threads,
            beam_size=speech.beam_size,
            batch_size=speech.batch_size,
            hints=load_vocabulary(Path(speech.vocabulary)) if speech.vocabulary else DEFAULT_HINTS,
        )

    @cached_property
    def memo_parser(self) -> MemoParser:
        """Memos to facts."""
        from nlp.memos import SpacyMemoParser

        return SpacyMemoParser()

    @cached_property
    def redactor(self) -> Redactor:
        """Personal data in text."""
        from nlp.personal_data import PresidioRedactor

        return PresidioRedactor(self.settings.privacy.detectors)

    @cached_property
    def call_reader(self) -> CallReader:
        """Conversations to facts."""
        from nlp.insights import LexiconCallReader

        return LexiconCallReader(self.redactor, timezone_offset_hours=self.settings.timezone_offset_hours)

    @cached_property
    def call_editor(self) -> CallEditor:
        """Transcripts and recordings to what may leave the vault."""
        from stt.editing import TranscriptEditor

        chosen = self.settings.speech.categories
        return TranscriptEditor(self.redactor, Path(chosen) if chosen else None)

    @cached_property
    def tables(self) -> DeltaTables:
        """The lakehouse."""
        from infra.spark.session import open_tables

        return open_tables(self.settings, self.spark, self.clock, self.catalog.lineage)

    @cached_property
    def spark(self) -> SparkDoor:
        """The door to the one Spark driver."""
        from infra.spark.session import open_door

        return open_door(self.settings, self.run_dir)

    def leave_spark(self) -> None:
        """Close this process's session, where it has one, before its driver is stopped."""
        if "spark" in self.__dict__:
            self.spark.close()

    @cached_property
    def registry(self) -> Registry:
        """Model versions."""
        from ml.registry import Registry

        uri = self.settings.model.tracking_uri or f"sqlite:///{self.home}/mlflow.db"
        return Registry(uri, str(self.home / "mlartifacts"), self.settings.model.name)

    @cached_property
    def delivery(self) -> Delivery:
        """Where offers are handed over."""
        from rules.delivery import open_delivery

        rules = self.settings.rules
        return open_delivery(rules.delivery, offers_dir=self.home / "offers", webhook_url=rules.webhook_url)

    @cached_property
    def collector(self) -> Collector:
        """The core of the event collector."""
        from ingest.collector import Collector

        return Collector(
            log=self.event_log,
            online=self.online,
            objects=self.objects,
            dead_letters=self.catalog.dead_letters,
            pseudonymizer=self.pseudonyms,
        )

    @cached_property
    def book(self) -> Book:
        """The scenarios in force."""
        from lakehouse.features import feature_specs
        from rules.book import load_book

        percent = self.settings.rules.global_control_percent
        return load_book(self.scenarios_dir, feature_specs(), global_control_percent=percent)

    @property
    def scenarios_dir(self) -> Path:
        """The scenario files in force."""
        return (
            Path(self.settings.rules.catalog_dir) if self.settings.rules.catalog_dir else CHECKOUT / "rules" / "catalog"
        )

    def _kept_secret(self, name: str) -> bytes:
        folder = self.home / "keys"
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = folder / name
        if not path.exists():
            # Written whole under another name first: a process that starts beside us never reads half a key.
            mine = folder / f".{name}.{secrets.token_hex(8)}"
            with os.fdopen(os.open(mine, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(secrets.token_hex(PSEUDONYM_KEY_BYTES))
                file.flush()
                os.fsync(file.fileno())
            with contextlib.suppress(FileExistsError):
                os.link(mine, path)
            mine.unlink()
        return bytes.fromhex(path.read_text())
