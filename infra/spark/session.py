"""The lakehouse as the settings describe it."""

from __future__ import annotations

from pathlib import Path

from hub.clock import Clock
from hub.ports import LineageStore
from hub.settings import CHECKOUT, Settings
from infra.spark.configuration import DriverOptions, S3Access
from infra.spark.driver import ensure_driver
from lakehouse.delta_tables import DeltaTables
from lakehouse.session import Address, SparkDoor

JARS_DIR = CHECKOUT / ".jars"


def open_door(settings: Settings, run_dir: Path, jars: Path = JARS_DIR) -> SparkDoor:
    """Return the door to Spark; the driver is found or started when it is first opened."""
    return SparkDoor(lambda: _address(settings, run_dir, jars))


def open_tables(settings: Settings, door: SparkDoor, clock: Clock, lineage: LineageStore) -> DeltaTables:
    """Return the lake's tables."""
    return DeltaTables(
        door,
        settings.lake_root,
        clock,
        lineage,
        timezone_offset_hours=settings.timezone_offset_hours,
        storage_options=_storage_options(settings),
    )


def driver_options(settings: Settings) -> DriverOptions:
    """Return the sizes of the local driver, and its way to S3 where the tables live there."""
    lake = settings.lake
    return DriverOptions(
        cores=lake.spark_cores,
        memory_mb=lake.spark_memory_mb,
        shuffle_partitions=lake.shuffle_partitions,
        idle_s=lake.spark_idle_s,
        s3=_s3_access(settings) if _on_s3(settings) else None,
    )


def _address(settings: Settings, run_dir: Path, jars: Path) -> Address:
    if settings.lake.spark_remote:
        return settings.lake.spark_remote, settings.lake.spark_token.get_secret_value()
    driver = ensure_driver(run_dir, jars, driver_options(settings))
    return driver.remote, driver.token


def _on_s3(settings: Settings) -> bool:
    return settings.lake_root.startswith("s3a://")


def _s3_access(settings: Settings) -> S3Access:
    store = settings.object_store
    return S3Access(
        endpoint=store.endpoint,
        region=store.region,
        access_key=store.access_key.get_secret_value(),
        secret_key=store.secret_key.get_secret_value(),
    )


def _storage_options(settings: Settings) -> dict[str, str] | None:
    if not _on_s3(settings):
        return None
    access = _s3_access(settings)
    options = {"AWS_REGION": access.region}
    if access.access_key:
        options |= {"AWS_ACCESS_KEY_ID": access.access_key, "AWS_SECRET_ACCESS_KEY": access.secret_key}
    if access.endpoint:
        options |= {"AWS_ENDPOINT_URL": access.endpoint}
        options |= {"AWS_ALLOW_HTTP": "true"} if access.endpoint.startswith("http://") else {}
    return options
