"""Emoji, mixed scripts, control and invisible characters, homoglyphs, right-to-left text, 10 KB, empty: defined results."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.records import Transcript, Turn

LONG = 10_240
STRANGE = {
    "emoji": "😀👨‍👩‍👧 카드 잃어버렸어요 🙏🏽",
    "mixed scripts": "카드card カード 卡 карта بطاقة",
    "control characters": "카드를\x00\x07 잃어\x1b[31m버렸어요\r\n\t",
    "right to left": "مرحبا أريد قرض \u202eabc\u202c שלום",
    "combining marks": "결\u0301혼 Z\u0351\u036b\u0343a\u0310\u0312l\u0321g\u0322o",
    "only spaces": " \u3000\u00a0\u2003\n",
    "lone surrogates and unassigned": "\ud800 \U000e0001\uffff",
    "ten kilobytes of digits": "1" * LONG,
    "ten kilobytes of hyphens and digits": "1-" * (LONG // 2),
    "ten kilobytes of spoken digits": "일이삼사오 " * (LONG // 6),
    "ten kilobytes of words": "a " * (LONG // 2),
    "ten kilobytes of dots and ats": "a.@" * (LONG // 3),
    "ten kilobytes of towns": "서울시 강남구 " * (LONG // 8),
    "ten kilobytes without a space": "김철수" * (LONG // 3),
    "ten kilobytes of english numbers": "double five " * (LONG // 12),
    "empty": "",
}


@pytest.mark.parametrize("language", ["ko", "en", "", "xx"])
@pytest.mark.parametrize("text", STRANGE.values(), ids=STRANGE.keys())
def test_any_text_has_findings_inside_it_in_order_and_apart(redactor, text, language):
    findings = redactor.find(text, language)
    ends = [0, *(finding.end for finding in findings)]
    assert all(end <= f.start < f.end <= len(text) for end, f in zip(ends, findings, strict=False))
    redacted = redactor.redact(text, language)
    assert redacted.count("[") >= len(findings)
    assert redacted.encode().decode() == redacted


@pytest.mark.parametrize("text", STRANGE.values(), ids=STRANGE.keys())
def test_any_conversation_can_be_read(call_reader, text):
    said = Turn(turn_id=0, role="CUSTOMER", text=text, start_ms=0, end_ms=4_000)
    call = Transcript(call_id="c", language="ko", duration_ms=4_000, model="m", turns=(said,))
    for fact in call_reader.facts(call, 1_770_000_000_000):
        assert 0 <= fact.start_ms <= fact.end_ms <= 4_000
        assert 0 <= fact.confidence <= 1


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize(
    "text", ["xyzzy", "Привет, как дела", "مرحبا أريد قرض", "a" * LONG, "uh huh", "Guten Tag", "[PHONE]"]
)
def test_what_is_no_sentence_of_a_known_language_is_no_wish_and_no_event(call_reader, text, language):
    said = Turn(turn_id=0, role="CUSTOMER", text=text, start_ms=0, end_ms=4_000)
    call = Transcript(call_id="c", language=language, duration_ms=4_000, model="m", turns=(said,))
    assert not [f for f in call_reader.facts(call, 1_770_000_000_000) if f.kind in ("intent", "life_event", "issue")]


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("전화 ０１０－１２３４－５６７８요", "PHONE", "０１０－１２３４－５６７８"),
        ("전화 010\u200b-1234\u200b-5678요", "PHONE", "010\u200b-1234\u200b-5678"),
        ("전화 010‑1234‑5678요", "PHONE", "010‑1234‑5678"),
        ("전화 ⓪①⓪-①②③④-⑤⑥⑦⑧요", "PHONE", "⓪①⓪-①②③④-⑤⑥⑦⑧"),
        ("전화 𝟎𝟏𝟎-𝟏𝟐𝟑𝟒-𝟓𝟔𝟕𝟖요", "PHONE", "𝟎𝟏𝟎-𝟏𝟐𝟑𝟒-𝟓𝟔𝟕𝟖"),
        ("전화 O1O-1234-5678요", "PHONE", "O1O-1234-5678"),
        ("전화 0l0-1234-5678요", "PHONE", "0l0-1234-5678"),
        ("전화 ٠١٠-١٢٣٤-٥٦٧٨요", "PHONE", "٠١٠-١٢٣٤-٥٦٧٨"),
        ("메일 kіm@naver.com 이요", "EMAIL", "kіm@naver.com"),
        ("😀 제 번호는 010-1234-5678이에요 😀", "PHONE", "010-1234-5678"),
        ("\u202e번호는 010-1234-5678\u202c", "PHONE", "010-1234-5678"),
    ],
    ids=[
        "full width",
        "zero width",
        "hyphens",
        "circled",
        "mathematical",
        "letter O",
        "letter l",
        "arabic digits",
        "cyrillic i",
        "emoji",
        "right to left",
    ],
)
def test_tricks_with_characters_hide_nothing(redactor, text, kind, value):
    assert (kind, value) in [(f.kind, text[f.start : f.end]) for f in redactor.find(text, "ko")]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=200), st.sampled_from(["CUSTOMER", "AGENT", "", "고객"]), st.sampled_from(["ko", "en", ""]))
def test_no_text_makes_the_reader_stumble(call_reader, text, role, language):
    said = Turn(turn_id=3, role=role, text=text, start_ms=1_000, end_ms=2_000)
    call = Transcript(call_id="c", language=language, duration_ms=2_000, model="m", turns=(said,))
    facts = call_reader.facts(call)
    assert all(1_000 <= f.start_ms <= f.end_ms <= 2_000 and f.turn_id == 3 for f in facts)
    assert facts == call_reader.facts(call)
