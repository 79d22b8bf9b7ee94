"""What the local Spark driver is told: sizes for a laptop, Delta, one address, one token."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec

SERVER_CLASS = "org.apache.spark.sql.connect.service.SparkConnectServer"
LARGE_HEAP_MB = 4_096
LOG_CONFIGURATION = Path(__file__).with_name("log4j2.properties")


class S3Access(msgspec.Struct, frozen=True, kw_only=True):
    """How s3a reaches the bucket of an ``s3a://`` root."""

    endpoint: str = ""
    region: str = "us-east-1"
    access_key: str = ""
    secret_key: str = ""


class DriverOptions(msgspec.Struct, frozen=True, kw_only=True):
    """Sizes of the local driver; ``s3`` where the tables live on S3."""

    cores: int = 2
    memory_mb: int = 1_536
    shuffle_partitions: int = 2
    idle_s: int = 0
    s3: S3Access | None = None


def driver_properties(options: DriverOptions, *, jars: Path, scratch: Path, port: int, token: str) -> dict[str, str]:
    """Return every Spark property of the driver."""
    properties = {
        "spark.master": f"local[{options.cores}]",
        "spark.app.name": "hub-lakehouse",
        "spark.driver.memory": f"{options.memory_mb}m",
        "spark.driver.extraClassPath": f"{jars}/*",
        "spark.driver.extraJavaOptions": _java_options(scratch, options.memory_mb),
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.local.dir": str(scratch / "local"),
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.connect.grpc.binding.address": "127.0.0.1",
        "spark.connect.grpc.binding.port": str(port),
        "spark.connect.authenticate.token": token,
        **_sql_properties(options, scratch),
        **_delta_properties(),
    }
    return properties | (_s3_properties(options.s3) if options.s3 else {})


def properties_text(properties: Mapping[str, str]) -> str:
    """Return the properties file; backslashes are the format's escape character."""
    return "".join(f"{name} {_escaped(value)}\n" for name, value in sorted(properties.items()))


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\")


def _java_options(scratch: Path, memory_mb: int) -> str:
    """Return the JVM's options. A cold driver spends its time on loading 30,000 classes: most of these are about that."""
    options = [
        f"-Xms{memory_mb // 2}m",
        "-XX:+UseParallelGC",
        "-XX:+ExitOnOutOfMemoryError",
        # Without room for classes from the start, each growth of it is a full collection.
        "-XX:MetaspaceSize=384m",
        # One compiler alone gets 48 MB by default, and then spends its time on throwing code away.
        "-XX:ReservedCodeCacheSize=256m",
        # The jars are pinned by hash; verifying their bytecode took 12 % of a cold run.
        "-XX:+IgnoreUnrecognizedVMOptions",
        "-XX:+UnlockDiagnosticVMOptions",
        "-XX:-BytecodeVerificationRemote",
        "-Duser.timezone=UTC",
        f'"-Djava.io.tmpdir={scratch / "tmp"}"',
        f'"-Dlog4j2.configurationFile={LOG_CONFIGURATION}"',
    ]
    # A small heap means small tables: what the second compiler costs there, it never earns back.
    return " ".join([*(["-XX:TieredStopAtLevel=1"] if memory_mb < LARGE_HEAP_MB else []), *options])


def _sql_properties(options: DriverOptions, scratch: Path) -> dict[str, str]:
    return {
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": str(options.shuffle_partitions),
        "spark.sql.warehouse.dir": str(scratch / "warehouse"),
        "spark.sql.execution.arrow.maxRecordsPerBatch": "10000",
        "spark.sql.parquet.compression.codec": "zstd",
        "spark.sql.ansi.enabled": "true",
        # One task where two would each compile the same code and write half a small file: half the CPU of a write.
        "spark.sql.leafNodeDefaultParallelism": "1",
        "spark.sql.adaptive.coalescePartitions.parallelismFirst": "false",
    }


def _delta_properties() -> dict[str, str]:
    # Delta's defaults are for clusters: 50 partitions for a snapshot of ten files.
    return {
        "spark.sql.extensions": "io.delta.sql.DeltaSparkSessionExtension",
        "spark.sql.catalog.spark_catalog": "org.apache.spark.sql.delta.catalog.DeltaCatalog",
        "spark.databricks.delta.snapshotPartitions": "1",
        # Sources of our merges are read once or kept already; Delta need not keep them again.
        "spark.databricks.delta.merge.materializeSource": "none",
        "spark.databricks.delta.schema.autoMerge.enabled": "false",
    }


def _s3_properties(access: S3Access) -> dict[str, str]:
    properties = {
        "spark.hadoop.fs.s3a.endpoint.region": access.region,
        "spark.hadoop.fs.s3a.path.style.access": "true" if access.endpoint else "false",
        "spark.hadoop.fs.s3a.connection.ssl.enabled": "false" if access.endpoint.startswith("http://") else "true",
    }
    if access.endpoint:
        properties["spark.hadoop.fs.s3a.endpoint"] = access.endpoint
    if access.access_key:
        properties["spark.hadoop.fs.s3a.access.key"] = access.access_key
        properties["spark.hadoop.fs.s3a.secret.key"] = access.secret_key
    return properties
