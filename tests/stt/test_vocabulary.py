"""The bank's own words: read, cut to a budget, and never heard where nobody said them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from hub.errors import Misconfigured
from stt.evaluate import LabelledCall
from stt.gates import Heard, is_echo, refuse_sentence
from stt.hearing import CallAudio
from stt.models import choose, load
from stt.recognition import Recognizer
from stt.scoring import score
from stt.speech_spans import Span
from stt.transcriber import WhisperTranscriber
from stt.vocabulary import DEFAULT_HINTS, NO_HINTS, Hints, load_vocabulary
from tests.stt.conftest import KOREAN

YAML = """
prompt: 행복은행 상담 통화입니다.
products: [행복 체크카드, 꿈 적금, "Happy Card"]
branches:
  seoul: [강남지점, 행복 체크카드]
"""
KOREAN_HINTS = Hints("행복은행 고객센터입니다.", ("행복 체크카드", "꿈 적금", "강남지점", "신용대출", "행복은행"))


def heard(text: str, **changes: float) -> Heard:
    facts = {
        "duration_s": 3.0,
        "average_log_probability": -0.1,
        "no_speech_probability": 0.0,
        "compression_ratio": 1.0,
        "level_db": -25.0,
    }
    return Heard(text=text, **{**facts, **changes})


def test_a_yaml_file_gives_its_terms_once_and_in_order(tmp_path: Path) -> None:
    path = tmp_path / "bank.yaml"
    path.write_text(YAML, encoding="utf-8")
    hints = load_vocabulary(path)
    assert hints.initial_prompt == "행복은행 상담 통화입니다."
    assert hints.hotwords == ("행복 체크카드", "꿈 적금", "Happy Card", "강남지점")


def test_a_text_file_has_one_term_a_line(tmp_path: Path) -> None:
    path = tmp_path / "bank.txt"
    path.write_text("\ufeff# products\n행복  체크카드\n\nHappy Card # the blue one\n", encoding="utf-8")
    assert load_vocabulary(path).hotwords == ("행복 체크카드", "Happy Card")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.yaml", b"products: ["),
        ("b.yaml", b"products: [true]"),
        ("c.yaml", b"products: [null]"),
        ("d.yaml", b"prompt: [a, b]"),
        ("e.txt", "행복".encode("cp949")),
        ("f.txt", b"<|endoftext|>"),
        ("g.txt", b"x" * 1_000),
        ("h.yaml", b'products: ["a\\u0000b"]'),
    ],
)
def test_what_is_no_vocabulary_is_a_misconfiguration_that_names_the_setting(
    tmp_path: Path, name: str, content: bytes
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(Misconfigured, match="HUB_SPEECH__VOCABULARY"):
        load_vocabulary(tmp_path / name)


def test_a_missing_file_is_a_misconfiguration(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="HUB_SPEECH__VOCABULARY"):
        load_vocabulary(tmp_path / "none.yaml")


def test_an_empty_file_leaves_the_default(tmp_path: Path) -> None:
    (tmp_path / "empty.yaml").touch()
    assert load_vocabulary(tmp_path / "empty.yaml") == DEFAULT_HINTS


def test_hints_keep_to_their_budget_and_to_the_language() -> None:
    hints = Hints("안녕하세요", (*(f"상품{n}" for n in range(500)), "Happy Card"))
    cut = hints.within("ko", len, budget=60)
    assert len(cut.initial_prompt or "") + sum(len(f" {term},") for term in cut.hotwords) <= 60
    assert cut.hotwords[0] == "상품0"
    assert hints.within("en", len, budget=60) == Hints(None, ("Happy Card",))
    assert Hints("x" * 100, ("a",)).within("en", len, budget=60) == Hints("", ("a",))


def test_a_bank_without_a_prompt_gets_the_language_s_own_and_may_refuse_it(tmp_path: Path) -> None:
    (tmp_path / "terms.txt").write_text("Happy Card\n", encoding="utf-8")
    (tmp_path / "none.yaml").write_text("prompt: ''\nproducts: [Happy Card]\n", encoding="utf-8")
    english = load_vocabulary(tmp_path / "terms.txt").in_style("en")
    assert "$1,250" in (english.initial_prompt or "") and english.hotwords == ("Happy Card",)
    assert load_vocabulary(tmp_path / "none.yaml").in_style("en") == Hints("", ("Happy Card",))
    assert DEFAULT_HINTS.in_style("xx") == NO_HINTS
    assert KOREAN_HINTS.within("en", len).in_style("en") == DEFAULT_HINTS.in_style("en")


def test_the_hints_read_back_are_an_echo_and_a_customer_who_names_a_product_is_not() -> None:
    hints = Hints("행복은행 상담 통화입니다.", ("행복 체크카드", "꿈 적금", "강남지점", "내집 대출"))
    assert is_echo(heard("행복 체크카드, 꿈 적금, 강남지점"), hints)
    assert is_echo(heard("꿈 적금, 강남지점,", average_log_probability=-1.2), hints)
    assert is_echo(heard("행복은행 상담 통화입니다.", level_db=-58.0), hints)
    assert refuse_sentence(heard("행복 체크카드 꿈 적금 강남지점 내집 대출"), hints) == "prompt_echo"
    assert not is_echo(heard("꿈 적금 강남지점"), hints)
    assert not is_echo(heard("행복 체크카드를 꿈 적금과 함께 강남지점에서 만들고 싶어요"), hints)
    assert not is_echo(heard("행복은행 상담 통화입니다."), hints)
    assert not is_echo(heard("꿈 적금", average_log_probability=-1.2), NO_HINTS)


def test_noise_and_silence_with_hints_say_nothing_of_them() -> None:
    model = load(choose("demo", device="cpu", compute_type="auto", threads=1))
    rng = np.random.default_rng(5)
    sound = [(rng.standard_normal((1, 80_000)) * level).astype(np.float32) for level in (0.0, 1e-4, 3e-3, 3e-2)]
    spans = [(place, Span(0, 0, 80_000)) for place in range(len(sound))]
    found = Recognizer(model, 5, 8).recognize(spans, sound, "ko", KOREAN_HINTS)
    said = " ".join(word.text for words in found.words.values() for word in words)
    assert not any(term in said for term in KOREAN_HINTS.hotwords), said


def test_hints_do_the_demo_model_no_harm(korean_call: Path) -> None:
    roles = ("AGENT", "CUSTOMER")
    said = {role: " ".join(line.text for line in KOREAN if line.who == who) for who, role in enumerate(roles)}
    call = LabelledCall(CallAudio(korean_call, "k", roles, "ko"), said, "ko")
    errors = []
    for hints in (NO_HINTS, KOREAN_HINTS):
        transcriber = WhisperTranscriber("demo", threads=1, hints=hints)
        transcript = transcriber.transcribe(korean_call, call_id="k", roles=roles, language="ko")
        errors.append(score([(call, transcript)])[-1].cer)
    assert errors[1] <= errors[0] + 2.0, errors
