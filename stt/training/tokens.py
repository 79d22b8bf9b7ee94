"""The demo model's tokenizer: bytes, one token per Hangul syllable, a few English pieces, Whisper's specials.

Order of ids, as CTranslate2 and faster-whisper expect it: text, the empty string (its presence
makes CTranslate2 call the model multilingual), end of text, start of transcript, languages,
translate, transcribe, start of lm, start of prev, no speech, no timestamps, then the timestamps.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

from hub.errors import Misconfigured

LANGUAGES = ("en", "ko")
SPECIALS = (
    "<|endoftext|>",
    "<|startoftranscript|>",
    *(f"<|{language}|>" for language in LANGUAGES),
    "<|translate|>",
    "<|transcribe|>",
    "<|startoflm|>",
    "<|startofprev|>",
    "<|nospeech|>",
    "<|notimestamps|>",
)
TIMESTAMPS = tuple(f"<|{step * 0.02:.2f}|>" for step in range(1_501))
_ENGLISH_PIECES = 260
_ENGLISH_PIECE_LETTERS = 5
_SPACED = "0123456789-'\"(.?%ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_HANGUL = ("가", "힣")


def _byte_characters() -> dict[int, str]:
    """Return the printable stand-in of every byte, as in GPT-2's byte-level BPE."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    characters = dict(zip(printable, map(chr, printable), strict=True))
    hidden = (byte for byte in range(256) if byte not in characters)
    characters.update({byte: chr(256 + number) for number, byte in enumerate(hidden)})
    return characters


_BYTES = _byte_characters()
_SPACE = _BYTES[32]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The tokenizer with the ids the trainer needs."""

    tokenizer: Tokenizer
    text_tokens: int

    @classmethod
    def from_json(cls, text: str) -> Vocabulary:
        """Read tokenizer.json."""
        tokenizer = Tokenizer.from_str(text)
        return cls(tokenizer, _id(tokenizer, SPECIALS[0]) - 1)

    @property
    def size(self) -> int:
        """Return the number of ids."""
        return self.text_tokens + 1 + len(SPECIALS) + len(TIMESTAMPS)

    @property
    def first_timestamp(self) -> int:
        """Return the id of ``<|0.00|>``."""
        return self.text_tokens + 1 + len(SPECIALS)

    def id(self, token: str) -> int:
        """Return the id of a special token."""
        return _id(self.tokenizer, token)

    def encode(self, text: str) -> tuple[list[int], list[str]]:
        """Return the ids of a text and their tokens, without specials."""
        encoding = self.tokenizer.encode(text, add_special_tokens=False)
        return list(encoding.ids), list(encoding.tokens)

    def tokens(self) -> list[str]:
        """Return every token in order of its id, as CTranslate2's vocabulary."""
        names = {index: token for token, index in self.tokenizer.get_vocab(with_added_tokens=True).items()}
        return [names.get(index, "") for index in range(self.size)]

    def to_json(self) -> str:
        """Return tokenizer.json."""
        return str(self.tokenizer.to_str())


def _id(tokenizer: Tokenizer, token: str) -> int:
    index = tokenizer.token_to_id(token)
    if index is None:
        raise Misconfigured(f"The tokenizer has no {token}; it is not the demo model's", reason="wrong_tokenizer")
    return int(index)


def build_vocabulary(korean: Iterable[str], english: Iterable[str], previous: Vocabulary | None = None) -> Vocabulary:
    """Make a vocabulary that spells these texts well.

    Given a previous vocabulary, its pieces stay and only missing syllables are added, so that a
    checkpoint trained with it can go on.
    """
    merges = _previous_merges(previous) if previous else _first_merges(english)
    known = {left + right for left, right in merges}
    syllables = sorted({c for text in korean for c in text if _HANGUL[0] <= c <= _HANGUL[1]})
    for merge in _syllable_merges(syllables):
        if merge[0] + merge[1] not in known:
            known.add(merge[0] + merge[1])
            merges.append(merge)
    pieces = list(dict.fromkeys([_BYTES[byte] for byte in range(256)] + [left + right for left, right in merges]))
    return _with_specials(pieces, merges)


def _first_merges(english: Iterable[str]) -> list[tuple[str, str]]:
    # A space before a mark is one piece, or faster-whisper, which suppresses encode(" -")[0], suppresses every space.
    spaced = [(_SPACE, _BYTES[ord(character)]) for character in _SPACED] + [(_SPACE, _BYTES[0xE2])]
    return list(dict.fromkeys(spaced + _learn_english(english)))


def _learn_english(texts: Iterable[str]) -> list[tuple[str, str]]:
    learner = Tokenizer(models.BPE())
    learner.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=True)
    learner.train_from_iterator(
        texts,
        trainers.BpeTrainer(
            vocab_size=256 + _ENGLISH_PIECES,
            initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
            show_progress=False,
        ),
    )
    learnt = [(left, right) for left, right in json.loads(learner.to_str())["model"]["merges"]]
    return [(a, b) for a, b in learnt if _is_short_word_piece(a + b)]


def _is_short_word_piece(piece: str) -> bool:
    letters = piece.removeprefix(_SPACE)
    return letters.isalpha() and len(letters) <= _ENGLISH_PIECE_LETTERS


def _syllable_merges(syllables: Iterable[str]) -> list[tuple[str, str]]:
    merges = []
    for syllable in syllables:
        first, second, third = (_BYTES[byte] for byte in syllable.encode())
        merges += [(first, second), (first + second, third), (_SPACE, first + second + third)]
    return merges


def _previous_merges(previous: Vocabulary) -> list[tuple[str, str]]:
    return [(left, right) for left, right in json.loads(previous.to_json())["model"]["merges"]]


def _with_specials(pieces: list[str], merges: list[tuple[str, str]]) -> Vocabulary:
    tokenizer = Tokenizer(models.BPE(vocab={piece: i for i, piece in enumerate(pieces)}, merges=merges))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tree: dict[str, Any] = json.loads(tokenizer.to_str())
    specials = {token: len(pieces) + 1 + i for i, token in enumerate((*SPECIALS, *TIMESTAMPS))}
    tree["model"]["vocab"].update({"": len(pieces), **specials})
    tree["added_tokens"] = [
        {
            "id": index,
            "content": token,
            "single_word": False,
            "lstrip": False,
            "rstrip": False,
            "normalized": False,
            "special": token in SPECIALS,
        }
        for token, index in specials.items()
    ]
    return Vocabulary.from_json(json.dumps(tree, ensure_ascii=False))
