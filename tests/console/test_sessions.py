"""Sessions end, tickets work once, words exist in both languages."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from console.app import base_url, storage_secret
from console.sessions import IDLE_S, TICKET_S, Sessions
from console.words import TERMS, WORDS, ago, say
from hub.settings import load_settings


class Hand:
    """A clock moved by hand."""

    def __init__(self) -> None:
        self.now_s = 1_000.0

    def __call__(self) -> float:
        return self.now_s


def test_a_ticket_becomes_one_session() -> None:
    sessions = Sessions(Hand())
    ticket = sessions.ticket("key", "admin", "me")
    session_id = sessions.redeem(ticket)
    assert session_id and session_id != ticket
    assert sessions.redeem(ticket) is None
    found = sessions.find(session_id)
    assert found and found.key == "key"


def test_a_ticket_is_too_old_after_half_a_minute() -> None:
    hand = Hand()
    sessions = Sessions(hand)
    ticket = sessions.ticket("key", "admin", "me")
    hand.now_s += TICKET_S
    assert sessions.redeem(ticket) is None


def test_a_session_lives_while_it_is_used() -> None:
    hand = Hand()
    sessions = Sessions(hand)
    session_id = sessions.redeem(sessions.ticket("key", "admin", "me")) or ""
    for _ in range(3):
        hand.now_s += IDLE_S - 1
        assert sessions.find(session_id)
    hand.now_s += IDLE_S
    assert sessions.find(session_id) is None


def test_logging_out_forgets_the_key() -> None:
    sessions = Sessions(Hand())
    session_id = sessions.redeem(sessions.ticket("key", "admin", "me")) or ""
    sessions.end(session_id)
    assert sessions.find(session_id) is None


def test_the_cookie_secret_is_made_once_and_private(tmp_path: Path) -> None:
    secret = storage_secret(tmp_path)
    assert storage_secret(tmp_path) == secret
    assert stat.S_IMODE((tmp_path / "keys" / "console.secret").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("host", "url"),
    [("127.0.0.1", "http://127.0.0.1:8080"), ("0.0.0.0", "http://127.0.0.1:8080"), ("::1", "http://[::1]:8080")],
)
def test_the_console_finds_its_own_api(host: str, url: str) -> None:
    assert base_url(load_settings({"HUB_API__HOST": host})) == url


def test_every_word_is_said_in_both_languages() -> None:
    assert [word for word, both in {**WORDS, **TERMS}.items() if not all(both)] == []
    assert say("ko", "linked_ids", n=3) == "연결된 식별자 3개"
    assert [ago(language, 7_200_000) for language in ("ko", "en")] == ["2시간 전", "2 h ago"]
