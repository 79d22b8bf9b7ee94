"""The one door to Spark: a Spark Connect session of this process, opened when first needed."""

from __future__ import annotations

import atexit
import socket
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import quote

from hub.errors import Transient

if TYPE_CHECKING:
    from pyspark.sql.connect.dataframe import DataFrame
    from pyspark.sql.connect.session import SparkSession

Address = tuple[str, str]
DEFAULT_PORT = 15_002


class SparkDoor:
    """Opens one Spark Connect session and keeps it; safe to share between threads.

    Args:
        find_address: returns ``(sc://host:port, token)``; called when a session is first needed, so that
            nothing is started for a process that never touches a table.
    """

    def __init__(self, find_address: Callable[[], Address]) -> None:
        self._find_address = find_address
        self._lock = threading.Lock()
        self._session: SparkSession | None = None

    def __call__(self) -> SparkSession:
        """Return the open session."""
        with self._lock:
            if self._session is None or self._session.is_stopped:
                remote, token = self._find_address()
                self._session = open_session(remote, token)
                atexit.register(self._leave, remote)
            return self._session

    def close(self) -> None:
        """End the session; the driver lives on."""
        with self._lock:
            if self._session is not None and not self._session.is_stopped:
                self._session.stop()
            self._session = None

    def _leave(self, remote: str) -> None:
        """Give the session back at the end of the process, unless the driver has gone before us."""
        if _answers(remote):
            self.close()


def _answers(remote: str) -> bool:
    host, _, port = remote.removeprefix("sc://").partition("/")[0].partition(":")
    try:
        with socket.create_connection((host, int(port or DEFAULT_PORT)), timeout=1.0):
            return True
    except OSError:
        return False


def open_session(remote: str, token: str) -> SparkSession:
    """Connect to a Spark Connect server.

    Raises:
        Transient: the server does not answer.
    """
    from pyspark.errors import PySparkException
    from pyspark.sql.connect.session import SparkSession

    url = f"{remote}/;token={quote(token, safe='')}" if token else remote
    try:
        session: SparkSession = SparkSession.builder.remote(url).create()
        session.version  # noqa: B018 - the first call that reaches the server
        # The client's own exit hook calls a server that may be gone, again and again, and keeps the process from ending.
        atexit.unregister(session.client._on_exit)
    except PySparkException as error:
        reason = type(error).__name__
        raise Transient(f"Spark does not answer at {remote} ({reason})", reason="spark_away") from None
    return session


def kept(frame: DataFrame) -> DataFrame:
    """Compute a frame once and keep it on the driver: ``localCheckpoint``, in the frame's own session.

    PySpark 4.2 hands the kept frame to whichever session the thread holds active, which in a
    process with two drivers is now and then another one's.
    """
    from pyspark.sql.connect.session import SparkSession

    active = SparkSession._active_session
    before = getattr(active, "session", None)
    active.session = frame.sparkSession
    try:
        return frame.localCheckpoint()
    finally:
        active.session = before
