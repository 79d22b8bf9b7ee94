"""Which calls are transcribed first, and where."""

from __future__ import annotations

import pytest

from infra.airflow.defaults import on_speech_workers, speech_pool
from infra.jobs.feeds import MOST_BATCHES, fresh_batches, old_batches

HOUR_MS = 3_600_000
NOW_MS = 1_790_000_000_000


def test_fresh_calls_go_before_a_backfill_of_ten_thousand_each_exactly_once() -> None:
    old = [(f"old{number:05d}", NOW_MS - 100_000 * HOUR_MS + number) for number in range(10_000)]
    fresh = [(f"new{number}", NOW_MS - HOUR_MS + number) for number in range(95)]
    first = fresh_batches([*old, *fresh], NOW_MS - 24 * HOUR_MS, 40)
    assert [call for batch in first for call in batch] == [call for call, _ in fresh]
    assert [len(batch) for batch in first] == [40, 40, 15]
    later = old_batches([*old, *fresh], 40, first)
    assert [call for batch in later for call in batch] == [call for call, _ in reversed(old)]


def test_a_call_that_ages_between_the_two_plans_is_in_one_of_them() -> None:
    waiting = [("a", 10), ("b", 20), ("c", 30)]
    first = fresh_batches(waiting, 20, 1)
    assert old_batches(waiting, 1, first) == [["a"]]
    assert old_batches(waiting, 2) == [["c", "b"], ["a"]]


def test_no_plan_is_longer_than_airflow_maps() -> None:
    waiting = [(str(number), number) for number in range(MOST_BATCHES + 50)]
    first = fresh_batches(waiting, 0, 1)
    assert len(first) == MOST_BATCHES
    assert len(old_batches(waiting, 1, first)) == 50


def test_one_setting_moves_transcription_to_a_queue_with_a_pool_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HUB_SPEECH__QUEUE", raising=False)
    assert on_speech_workers() == {"pool": "speech"}
    monkeypatch.setenv("HUB_SPEECH__QUEUE", "gpu")
    assert on_speech_workers() == {"pool": "speech_gpu", "queue": "gpu"}
    assert speech_pool() == "speech_gpu"


def test_calls_to_read_again_come_behind_those_nobody_has_heard() -> None:
    waiting = [("a", 10), ("b", 20)]
    assert old_batches(waiting, 2, [["b"]], [("c", 5), ("d", 30)]) == [["a", "d"], ["c"]]
