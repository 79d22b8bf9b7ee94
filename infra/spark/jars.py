"""Fetch the jars that Spark lacks into a folder, once: ``python -m infra.spark.jars DIR [--s3]``.

The list is closed and hash-pinned. Ivy, which the pip package of Spark carries, fetches exactly these files and nothing
they depend on: Delta drags Hadoop clients, Parquet, log4j and Jackson that are older than Spark's own. Where Ivy looks is
its own default, or a company's mirror through ``--ivy-settings``.
"""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from xml.sax.saxutils import quoteattr

from hub.errors import HubError, Misconfigured, Transient
from infra.spark.jar_lock import DELTA_JARS, S3_JARS, Jar
from infra.spark.java import find_java

FETCH_TIMEOUT_S = 900


def wanted(s3: bool) -> tuple[Jar, ...]:
    """Return the jars to have: Delta's, and those of s3a where the tables live on S3."""
    return DELTA_JARS + S3_JARS if s3 else DELTA_JARS


def fetch_jars(folder: Path, *, s3: bool = False, ivy_settings: Path | None = None) -> int:
    """Bring every missing jar into the folder; returns how many were fetched.

    A second call only compares sizes. Two processes at once fetch once.

    Raises:
        Misconfigured: Java is missing, or a fetched jar is not the one that was pinned.
        Transient: the registry cannot be reached.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with _locked(folder / ".lock"):
        missing = missing_jars(folder, s3=s3)
        if missing:
            _fetch(folder, missing, ivy_settings)
        return len(missing)


def missing_jars(folder: Path, *, s3: bool = False) -> list[Jar]:
    """Return the jars that are not in the folder with their pinned size."""
    return [jar for jar in wanted(s3) if not _has(folder / jar.file_name, jar.size_bytes)]


def spark_jars() -> Path:
    """Return the folder of Spark's own jars in the pip package."""
    spec = find_spec("pyspark")
    if spec is None or spec.origin is None:
        raise Misconfigured("The package pyspark is not installed; run make setup", reason="pyspark_missing")
    return Path(spec.origin).parent / "jars"


def _has(path: Path, size_bytes: int) -> bool:
    return path.is_file() and path.stat().st_size == size_bytes


def _fetch(folder: Path, jars: Sequence[Jar], ivy_settings: Path | None) -> None:
    with tempfile.TemporaryDirectory(dir=folder, prefix=".fetch-") as scratch:
        work = Path(scratch)
        _run_ivy(work, jars, ivy_settings)
        for jar in jars:
            _adopt(work / "out" / jar.file_name, folder / jar.file_name, jar)


def _run_ivy(work: Path, jars: Sequence[Jar], ivy_settings: Path | None) -> None:
    module = work / "ivy.xml"
    module.write_text(_module_xml(jars), encoding="utf-8")
    ivy = next(iter(spark_jars().glob("ivy-*.jar")), None)
    if ivy is None:
        raise Misconfigured("Spark's own Ivy jar is missing; reinstall pyspark", reason="ivy_missing")
    command = [str(find_java()), "-cp", str(ivy), "org.apache.ivy.Main", "-ivy", str(module), "-warn"]
    command += ["-cache", str(work / "cache"), "-retrieve", str(work / "out" / "[artifact]-[revision].[ext]")]
    if ivy_settings is not None:
        command += ["-settings", str(ivy_settings)]
    try:
        answer = subprocess.run(command, capture_output=True, text=True, timeout=FETCH_TIMEOUT_S, check=False)
    except subprocess.TimeoutExpired:
        raise Transient(f"Fetching Spark's jars took over {FETCH_TIMEOUT_S} s; try again", reason="slow") from None
    if answer.returncode != 0:
        names = ", ".join(jar.file_name for jar in jars)
        raise Transient(f"The jar registry did not deliver {names}; try again or use --ivy-settings", reason="no_jars")


def _module_xml(jars: Sequence[Jar]) -> str:
    lines = "".join(
        f"<dependency org={quoteattr(jar.organisation)} name={quoteattr(jar.name)} rev={quoteattr(jar.version)} "
        'conf="default->default" transitive="false"/>\n'
        for jar in jars
    )
    return (
        '<ivy-module version="2.0"><info organisation="hub" module="jars"/>'
        f'<configurations><conf name="default"/></configurations>\n<dependencies>\n{lines}</dependencies></ivy-module>'
    )


def _adopt(fetched: Path, target: Path, jar: Jar) -> None:
    if not fetched.is_file():
        raise Transient(f"The jar registry did not deliver {jar.file_name}; try again", reason="no_jars")
    with fetched.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    if digest != jar.sha256:
        raise Misconfigured(f"{jar.file_name} is not the file that was pinned; check the mirror", reason="jar_hash")
    shutil.move(fetched, target)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield


def main(arguments: Sequence[str] | None = None) -> int:
    """Fetch from the command line: 0 done, 1 try again, 2 misconfigured."""
    parser = argparse.ArgumentParser(prog="python -m infra.spark.jars", description="Fetch the jars that Spark lacks.")
    parser.add_argument("folder", type=Path, help="where the jars are kept")
    parser.add_argument("--s3", action="store_true", help="also the jars for tables on S3")
    parser.add_argument("--ivy-settings", type=Path, help="an Ivy settings file naming a mirror")
    options = parser.parse_args(arguments)
    try:
        count = fetch_jars(options.folder, s3=options.s3, ivy_settings=options.ivy_settings)
    except HubError as error:
        print(error, file=sys.stderr)
        return 2 if isinstance(error, Misconfigured) else 1
    if count:
        print(f"{count} jars fetched into {options.folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
