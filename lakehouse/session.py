"""The one door to Spark: a Spark Connect session of this process, opened when first needed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import quote

from hub.errors import Transient

if TYPE_CHECKING:
    from pyspark.sql.connect.session import SparkSession

Address = tuple[str, str]


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
                self._session = open_session(*self._find_address())
            return self._session

    def close(self) -> None:
        """End the session; the driver lives on."""
        with self._lock:
            if self._session is not None and not self._session.is_stopped:
                self._session.stop()
            self._session = None


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
    except PySparkException as error:
        reason = type(error).__name__
        raise Transient(f"Spark does not answer at {remote} ({reason})", reason="spark_away") from None
    return session
