"""Settings: environment variables ``HUB_<SECTION>__<NAME>``, typed, each with its description.

``load_settings`` refuses any ``HUB_*`` name it does not know and names the nearest one it does.
"""

from __future__ import annotations

import difflib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from hub.errors import Misconfigured

CHECKOUT = Path(__file__).resolve().parent.parent


class Section(BaseModel):
    """A group of settings that forbids names it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ObjectStoreSettings(Section):
    """Where blobs live: raw recordings, raw files, refused records."""

    kind: Literal["local", "s3"] = Field("local", description="`local` (a directory under HUB_HOME) or `s3`.")
    endpoint: str = Field("", description="S3 endpoint URL; empty for the provider's own.")
    bucket: str = Field("hub", description="S3 bucket.")
    region: str = Field("us-east-1", description="S3 region.")
    access_key: SecretStr = Field(SecretStr(""), description="S3 access key.")
    secret_key: SecretStr = Field(SecretStr(""), description="S3 secret key.")


class LakeSettings(Section):
    """The Delta lakehouse and the Spark driver that writes it."""

    root: str = Field("", description="Root of the tables: a directory or `s3a://bucket/path`; empty: HUB_HOME/lake.")
    spark_remote: str = Field(
        "", description="Spark Connect address `sc://host:port`; empty: a local driver is started."
    )
    spark_token: SecretStr = Field(
        SecretStr(""), description="Spark Connect bearer token of a driver that is not ours."
    )
    spark_cores: int = Field(2, ge=1, description="Threads of the local driver.")
    spark_memory_mb: int = Field(1_536, ge=512, description="Heap of the local driver, MiB.")
    shuffle_partitions: int = Field(2, ge=1, description="`spark.sql.shuffle.partitions` of the local driver.")
    spark_idle_s: int = Field(
        0, ge=0, description="Stop the local driver after this many idle seconds; 0: with `hub down`."
    )


class EventLogSettings(Section):
    """The ordered log that the scenario tier reads."""

    kind: Literal["sqlite", "kafka"] = Field("sqlite", description="`sqlite` (a file under HUB_HOME) or `kafka`.")
    partitions: int = Field(4, ge=1, le=1_024, description="Partitions; fixed for the life of the log.")
    bootstrap_servers: str = Field("", description="Kafka brokers, `host:port,host:port`.")
    topic_prefix: str = Field("hub.", description="Prefix of Kafka topic names.")


class OnlineStoreSettings(Section):
    """Where the API reads features."""

    kind: Literal["lmdb", "redis"] = Field("lmdb", description="`lmdb` (a file under HUB_HOME) or `redis`.")
    url: SecretStr = Field(SecretStr(""), description="Redis or Valkey URL, `redis://:password@host:port/0`.")
    map_size_mb: int = Field(4_096, ge=64, description="Largest size of the LMDB file, MiB (sparse).")


class CatalogSettings(Section):
    """Decisions, dead letters, keys, access log, lineage, cursors."""

    url: SecretStr = Field(
        SecretStr(""),
        description="SQLAlchemy URL of the catalogue; empty: SQLite under HUB_HOME. PostgreSQL: `postgresql+psycopg://…`.",
    )


class SpeechSettings(Section):
    """Speech to text."""

    model: str = Field("demo", description="`demo` (in the repository), a Whisper name such as `large-v3`, or a path.")
    device: Literal["auto", "cpu", "cuda"] = Field("auto", description="Where the model runs.")
    compute_type: str = Field("auto", description="CTranslate2 compute type; `auto`: int8 on CPU, float16 on GPU.")
    threads: int = Field(2, ge=1, description="CPU threads of one worker.")
    beam_size: int = Field(5, ge=1, description="Beam width.")
    batch_size: int = Field(8, ge=1, description="Speech windows decoded together.")
    language: str = Field("", description="`ko`, `en`, or empty: detect for each call.")
    vocabulary: str = Field(
        "",
        description="File of the bank's own words (YAML, or one a line) that the model is told; without a `prompt` in it "
        "the language's own is used (`stt/prompts.yaml`).",
    )
    categories: str = Field(
        "", description="File of rule categories of calls (YAML); empty: the catalogue that ships with the hub."
    )
    settle_s: float = Field(
        10.0, ge=0, description="A scheduled run leaves files alone that were written to within so many seconds."
    )
    queue: str = Field(
        "",
        description="Airflow queue whose workers transcribe, e.g. `gpu`, with a pool of its own; empty: the default.",
    )
    workers: int = Field(1, ge=1, description="Batches transcribed at the same time: slots of the queue's pool.")
    fresh_hours: float = Field(
        24.0, gt=0, description="Calls that started less than so many hours ago go before older ones."
    )
    backfill_minutes: float = Field(
        20.0, gt=0, description="A scheduled run starts no batch of older calls after so many minutes."
    )
    review_below: float = Field(0.6, ge=0, le=1, description="Turns of a lower confidence may go to the review queue.")
    review_percent: float = Field(
        5.0, ge=0, le=100, description="Share of the calls whose unsure turns go to the review queue, percent."
    )


class PrivacySettings(Section):
    """Pseudonyms, and what counts as personal data."""

    pseudonym_key: SecretStr = Field(
        SecretStr(""),
        description="HMAC key of pseudonyms, 32 bytes or more; empty: made once and kept in HUB_HOME/keys.",
    )
    pseudonym_key_id: str = Field("1", description="Name of that key; give a new key a new name.")
    previous_pseudonym_keys: dict[str, SecretStr] = Field(
        {}, description="Earlier keys by name, JSON: what was written under them is found until it is re-keyed."
    )
    detectors: tuple[str, ...] = Field(
        (), description="Modules or packages with the bank's own detectors of personal data, separated by commas."
    )


class ApiSettings(Section):
    """The HTTP door: API, collector and console."""

    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8080, ge=1, le=65_535, description="Port to listen on.")
    max_body_bytes: int = Field(512_000, ge=1_024, description="Largest request body, decompressed.")
    mounts: tuple[str, ...] = Field(
        ("console.app:mount",), description="Callables given the application at start, `module:function`."
    )
    rules_in_process: bool = Field(
        True, description="Run the scenario tier beside the API in one process group (`hub up`)."
    )


class RulesSettings(Section):
    """The scenario tier."""

    catalog_dir: str = Field("", description="Folder of scenario files; empty: the catalogue that ships with the hub.")
    batch_size: int = Field(2_000, ge=1, description="Log records handled between two snapshots of the state.")
    poll_ms: int = Field(50, ge=1, description="Pause between two looks at an idle log, milliseconds.")
    tick_s: float = Field(
        1.0, gt=0, description="An idle partition with timers pending gets a tick this often, seconds."
    )
    global_control_percent: float = Field(
        5.0, ge=0, le=100, description="Customers in no campaign at all, by stable hash, percent."
    )
    delivery: Literal["file", "webhook", "console"] = Field("file", description="Where offers are handed over.")
    webhook_url: str = Field("", description="URL for `webhook` delivery.")


class ModelSettings(Section):
    """Recommendation models."""

    tracking_uri: str = Field("", description="MLflow tracking URI; empty: SQLite under HUB_HOME.")
    name: str = Field("product-propensity", description="Registered model name.")


class AirflowSettings(Section):
    """The orchestrator."""

    home: str = Field("", description="AIRFLOW_HOME; empty: HUB_HOME/airflow.")


class Settings(BaseSettings):
    """All settings of the hub."""

    model_config = SettingsConfigDict(env_prefix="HUB_", env_nested_delimiter="__", extra="forbid", frozen=True)

    home: Path = Field(CHECKOUT / ".hub", description="Everything the hub keeps; delete it and you start anew.")
    timezone_offset_hours: float = Field(9.0, description="UTC offset of source files that name none (Korea: 9).")
    object_store: ObjectStoreSettings = Field(default_factory=ObjectStoreSettings)
    lake: LakeSettings = Field(default_factory=LakeSettings)
    event_log: EventLogSettings = Field(default_factory=EventLogSettings)
    online_store: OnlineStoreSettings = Field(default_factory=OnlineStoreSettings)
    catalog: CatalogSettings = Field(default_factory=CatalogSettings)
    speech: SpeechSettings = Field(default_factory=SpeechSettings)
    privacy: PrivacySettings = Field(default_factory=PrivacySettings)
    api: ApiSettings = Field(default_factory=ApiSettings)
    rules: RulesSettings = Field(default_factory=RulesSettings)
    model: ModelSettings = Field(default_factory=ModelSettings)
    airflow: AirflowSettings = Field(default_factory=AirflowSettings)

    @property
    def lake_root(self) -> str:
        """Root location of the tables."""
        return self.lake.root or str(self.home / "lake")


def known_names() -> set[str]:
    """Return every environment variable name the hub understands."""
    names: set[str] = set()
    for name, field in Settings.model_fields.items():
        section = field.annotation
        if isinstance(section, type) and issubclass(section, Section):
            names |= {f"HUB_{name}__{inner}".upper() for inner in section.model_fields}
            names.add(f"HUB_{name}".upper())
        else:
            names.add(f"HUB_{name}".upper())
    return names


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read settings from the environment.

    Raises:
        Misconfigured: an unknown ``HUB_*`` name, or a value of the wrong form. The message
            names the variable; it never repeats a value, which may be a secret.
    """
    given = os.environ if environ is None else environ
    known = known_names()
    for name in sorted(given):
        if name.upper().startswith("HUB_") and name.upper() not in known:
            near = difflib.get_close_matches(name.upper(), sorted(known), n=1)
            hint = f"; did you mean {near[0]}?" if near else "; docs/settings.md lists every name"
            raise Misconfigured(f"Unknown setting {name}{hint}", reason="unknown_setting")
    try:
        return _parse(given)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        name = "HUB_" + "__".join(str(part) for part in first["loc"]).upper()
        raise Misconfigured(f"Setting {name}: {first['msg']}", reason="bad_setting") from None


def _parse(given: Mapping[str, str]) -> Settings:
    tree: dict[str, object] = {}
    for name, value in given.items():
        upper = name.upper()
        if not upper.startswith("HUB_"):
            continue
        path = upper.removeprefix("HUB_").lower().split("__")
        if len(path) == 1:
            tree[path[0]] = value
        else:
            section = tree.setdefault(path[0], {})
            if isinstance(section, dict):
                section[path[1]] = _of_form(path, value)
    return _Explicit.model_validate(tree)


def _of_form(path: list[str], value: str) -> object:
    """Return the list or mapping that a setting's text stands for; any other text as it is."""
    if path in (["api", "mounts"], ["privacy", "detectors"]):
        return [name.strip() for name in value.split(",") if name.strip()]
    if path != ["privacy", "previous_pseudonym_keys"]:
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


class _Explicit(Settings):
    """Settings from the values given and nothing else: the process environment is not read a second time."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Take the values given to the constructor alone."""
        return (init_settings,)
