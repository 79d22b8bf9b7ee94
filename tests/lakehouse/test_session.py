"""Frames that are kept on the driver belong to the session they came from."""

from __future__ import annotations

import pytest
from pyspark.sql.connect.session import SparkSession

from lakehouse.session import SparkDoor, kept

pytestmark = pytest.mark.spark


def test_a_kept_frame_stays_in_its_session_whichever_session_the_thread_holds_active(door: SparkDoor) -> None:
    own = door()
    second = SparkDoor(door._find_address)
    other = second()
    before = getattr(SparkSession._active_session, "session", None)
    SparkSession._active_session.session = other
    try:
        frame = kept(own.range(3))
        assert frame.sparkSession is own
        assert frame.selectExpr("count(*) AS rows").collect()[0]["rows"] == 3
        assert SparkSession._active_session.session is other
    finally:
        SparkSession._active_session.session = before
        second.close()
