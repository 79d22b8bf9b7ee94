"""The bank's own words - products, branches, brands - as hints that make a Whisper model spell them right.

A vocabulary is a YAML file (a list, or lists under headings such as ``products``; ``prompt`` may hold a sentence) or a
text file with one term a line. Whisper reads hints as if they had been said before: they cost room and time in every window,
so they are cut to a budget, and terms of another script are left out, because they pull a call into another language.
Where a bank gives no prompt of its own, ``prompts.yaml`` has one for the language: a style to write numbers in.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import yaml

from hub.errors import Misconfigured

BUDGET_TOKENS = 96
LONGEST_TERM = 80
PROMPT = "prompt"
SUFFIXES = frozenset({".yaml", ".yml"})
_HANGUL = re.compile(r"[가-힣]")
_UNWRITABLE = re.compile(r"[\x00-\x1f\x7f]|<\|")


@dataclass(frozen=True, slots=True)
class Hints:
    """What a model is told before it listens: a sentence in the style of the calls, and terms, the most important first.

    Without a prompt (None) the language's own is taken, where the model is one that reads prompts; "" is none at all.
    """

    initial_prompt: str | None = None
    hotwords: tuple[str, ...] = ()

    def within(self, language: str, count_tokens: Callable[[str], int], budget: int = BUDGET_TOKENS) -> Hints:
        """Return what suits calls in a language and fits into a budget of tokens; terms that do not fit are left out."""
        prompt = self.initial_prompt if _suits(self.initial_prompt or "", language) else None
        left = budget - (count_tokens(prompt) if prompt else 0)
        if left < 0:
            prompt, left = "", budget
        kept: list[str] = []
        for term in self.hotwords:
            if not _suits(term, language):
                continue
            cost = count_tokens(f" {term},")
            if cost > left:
                continue
            kept.append(term)
            left -= cost
        return Hints(prompt, tuple(kept))

    def in_style(self, language: str) -> Hints:
        """Return these hints with the language's prompt of ``prompts.yaml`` when they have none; it costs no budget."""
        return replace(self, initial_prompt=_prompts().get(language, "")) if self.initial_prompt is None else self

    @property
    def terms_text(self) -> str:
        """Return the terms as one text."""
        return ", ".join(self.hotwords)


NO_HINTS = Hints("")
DEFAULT_HINTS = Hints()


def load_vocabulary(path: Path) -> Hints:
    """Read a vocabulary file; a term that stands twice counts once.

    Raises:
        Misconfigured: there is no such file, or it is not a vocabulary.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise _unreadable(path, "it cannot be read as UTF-8 text") from error
    if path.suffix.lower() not in SUFFIXES:
        lines = (line.split("#", 1)[0].strip() for line in text.splitlines())
        return Hints(None, _terms(path, (line for line in lines if line)))
    try:
        tree = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise _unreadable(path, "it is not YAML") from error
    prompt = tree.pop(PROMPT, None) if isinstance(tree, dict) else None
    if not isinstance(prompt, str | None):
        raise _unreadable(path, "`prompt` is not a sentence")
    return Hints(
        _checked(path, " ".join(prompt.split())) if prompt else prompt, _terms(path, _leaves(path, tree or []))
    )


def _leaves(path: Path, tree: Any) -> Iterator[str]:  # noqa: ANN401 - whatever the file holds
    if isinstance(tree, dict):
        for branch in tree.values():
            yield from _leaves(path, branch)
    elif isinstance(tree, list):
        for item in tree:
            yield from _leaves(path, item)
    elif isinstance(tree, bool) or not isinstance(tree, str | int | float):
        raise _unreadable(path, f"it holds {type(tree).__name__}, where a term is expected")
    else:
        yield str(tree)


def _terms(path: Path, found: Iterator[str]) -> tuple[str, ...]:
    terms = (_checked(path, " ".join(term.split())) for term in found)
    return tuple(dict.fromkeys(term for term in terms if term))


def _checked(path: Path, term: str) -> str:
    if len(term) > LONGEST_TERM * 3 or _UNWRITABLE.search(term):
        raise _unreadable(path, "a term is too long or holds characters that cannot be spoken")
    return term


@cache
def _prompts() -> dict[str, str]:
    prompts: dict[str, str] = yaml.safe_load(
        resources.files("stt").joinpath("prompts.yaml").read_text(encoding="utf-8")
    )
    return prompts


def _suits(text: str, language: str) -> bool:
    return language in ("ko", "") or not _HANGUL.search(text)


def _unreadable(path: Path, why: str) -> Misconfigured:
    return Misconfigured(
        f"Vocabulary {path.name}: {why}; HUB_SPEECH__VOCABULARY names a YAML list or a file with one term a line",
        reason="bad_vocabulary",
    )
