"""Identifiers depend on content and on nothing else."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.ids import Pseudonymizer, bucket, content_id, decision_id, partition_of

KEY = b"k" * 32


@given(st.lists(st.text(), min_size=1, max_size=4), st.lists(st.text(), min_size=1, max_size=4))
def test_ids_are_equal_exactly_when_their_parts_are(left: list[str], right: list[str]) -> None:
    assert (content_id(*left) == content_id(*right)) == (left == right)


def test_moving_a_boundary_between_parts_changes_the_id() -> None:
    assert content_id("ab", "c") != content_id("a", "bc")


def test_a_decision_is_the_same_whoever_computes_it() -> None:
    assert decision_id("s", 1, "cus_1", "e") == decision_id("s", 1, "cus_1", "e")
    assert decision_id("s", 1, "cus_1", "e") != decision_id("s", 2, "cus_1", "e")


def test_buckets_spread_evenly_and_salts_are_independent() -> None:
    counts = Counter(bucket(f"cus_{i}", "global", 10) for i in range(20_000))
    assert max(counts.values()) < 1.1 * min(counts.values()) + 200
    both = sum(bucket(f"cus_{i}", "a", 10) == 0 and bucket(f"cus_{i}", "b", 10) == 0 for i in range(20_000))
    assert 120 < both < 280


def test_a_key_keeps_its_partition() -> None:
    assert {partition_of("cus_1", 8) for _ in range(5)} == {partition_of("cus_1", 8)}
    assert all(0 <= partition_of(f"cus_{i}", 8) < 8 for i in range(100))


@pytest.mark.parametrize(
    "written", ["010-1234-5678", "01012345678", "+82 10-1234-5678", "+82-10-1234-5678", "(010) 1234 5678"]
)
def test_a_phone_has_one_pseudonym_however_it_is_written(written: str) -> None:
    assert Pseudonymizer(KEY).phone(written) == Pseudonymizer(KEY).phone("01012345678")


def test_pseudonyms_need_the_key_and_tell_kinds_apart() -> None:
    ours, theirs = Pseudonymizer(KEY), Pseudonymizer(b"x" * 32)
    assert ours.customer("123") != theirs.customer("123")
    assert ours.customer("123") != ours.account("123")
    assert "123" not in ours.customer("123")


def test_after_a_rotation_the_old_pseudonym_is_still_known() -> None:
    before = Pseudonymizer(KEY)
    after = Pseudonymizer(b"x" * 32, key_id="2", previous={"1": KEY})
    assert after.every("phone", "+82 10-1234-5678") == [after.phone("01012345678"), before.phone("01012345678")]
    assert after.key_ids == ("2", "1")


def test_while_keys_rotate_a_number_is_found_under_the_key_it_was_written_with() -> None:
    ring = Pseudonymizer(b"x" * 32, key_id="2", previous={"1": KEY})
    old = Pseudonymizer(KEY).customer("C1")
    assert ring.known("customer", "C1", {old}.__contains__) == old
    assert ring.known("customer", "C1", lambda _: False) == ring.customer("C1")
    assert ring.known("customer", "C1", lambda _: True) == ring.customer("C1")
