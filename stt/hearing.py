"""A call while it is being heard: blocks go in, words are gathered, a transcript comes out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from hub.records import Loudness, Transcript, Word
from stt.audio import RATE_HZ, SILENT_PEAK, Survey
from stt.blocks import Block
from stt.diarisation.voices import SAME_VOICE, SURELY_OTHER_VOICE, Speakers, Voices
from stt.gates import Dropped
from stt.loudness import LoudnessMeter
from stt.roles import AGENT, CONTRADICTION, CUSTOMER, SPOKE_FIRST, SURE, USUAL_ROLES, lean, name_channels
from stt.words import build_turns

UNSURE_LANGUAGE = 0.6
UNKNOWN_LANGUAGE = "und"


@dataclass(frozen=True, slots=True)
class CallAudio:
    """A recording to transcribe. ``roles`` names its channels in order; empty: nobody has said."""

    path: Path
    call_id: str
    roles: tuple[str, ...] = USUAL_ROLES
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Recognition:
    """A transcript, and the text that the gates kept out of it."""

    transcript: Transcript
    dropped: tuple[Dropped, ...]


@dataclass(slots=True)
class Hearing:
    """What is known of a call so far. ``voices`` tells speakers apart where only one channel has sound."""

    call: CallAudio
    survey: Survey
    voices: Voices | None = None
    language: str | None = None
    language_probability: float = 1.0
    notes: list[str] = field(default_factory=list)
    words: dict[int, list[Word]] = field(default_factory=dict)
    dropped: dict[int, list[Dropped]] = field(default_factory=dict)
    meter: LoudnessMeter = field(init=False)
    speaking: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        tracks = self.survey.kept_channels if self.lone_channel is None else 2
        self.meter = LoudnessMeter([str(track) for track in range(tracks)])

    @property
    def lone_channel(self) -> int | None:
        """Return the only channel with sound where two people may speak on it: mono, or a pair with one dead side."""
        count, said = self.survey.kept_channels, self.call.roles or USUAL_ROLES
        if count == 1:
            return 0 if len(said) != 1 else None
        alive = [channel for channel, peak in enumerate(self.survey.peaks) if peak >= SILENT_PEAK]
        return alive[0] if count == 2 and len(alive) == 1 else None

    def take(self, block: Block) -> None:
        """Measure a block before it is recognised."""
        lone = self.lone_channel
        self.meter.add(block.samples if lone is None else block.samples[lone : lone + 1])
        self.speaking |= {span.channel for span in block.spans}
        if self.voices is not None and lone is not None:
            self.voices.add(block.start, block.samples[lone], [s for s in block.spans if s.channel == lone])

    def hear(self, block: Block, channel: int, words: Iterable[Word], dropped: Iterable[Dropped]) -> None:
        """Take what was recognised in a block, at its place in the call."""
        shift = round(block.start * 1_000 / RATE_HZ)
        self.words.setdefault(channel, []).extend(_shifted(word, shift) for word in words)
        self.dropped.setdefault(channel, []).extend(
            replace(text, start_ms=text.start_ms + shift, end_ms=text.end_ms + shift) for text in dropped
        )

    def recognition(self, model: str) -> Recognition:
        """Return the transcript, once every block has been heard."""
        language = self.language or UNKNOWN_LANGUAGE
        cast = self._cast(language)
        dropped = tuple(
            replace(text, role=cast.role_at(channel, text.start_ms, text.end_ms))
            for channel, texts in sorted(self.dropped.items())
            for text in texts
        )
        transcript = Transcript(
            call_id=self.call.call_id,
            language=language,
            duration_ms=self.survey.duration_ms,
            model=model,
            turns=build_turns(cast.words(self.words), language),
            warnings=self._warnings(cast, dropped),
            loudness=tuple(
                Loudness(role=role, per_second_db=track.per_second_db)
                for role, track in zip(cast.loudness_roles, self.meter.loudness(), strict=False)
            ),
        )
        return Recognition(transcript, dropped)

    def _cast(self, language: str) -> Cast:
        lone = self.lone_channel
        if lone is None:
            return self._cast_channels(language)
        names = name_channels(self.survey.kept_channels, self.call.roles)
        expected = SAME_VOICE if len(names) == 1 else SURELY_OTHER_VOICE
        speakers = self.voices.separate(expected) if self.voices is not None else None
        if speakers is None:
            dead = [f"dead_channel:{name}" for index, name in enumerate(names) if index != lone]
            note = "one_voice" if self.voices is not None else "speakers_not_separated"
            return Cast(names, notes=tuple(dead) if dead or not self.speaking else (note,), lone=lone)
        first, second = (
            "".join(f" {w.text}" for w in said) for said in _by_speaker(self.words.get(lone, []), speakers)
        )
        evidence = lean(first, second, language)
        roles = (AGENT, CUSTOMER) if evidence + SPOKE_FIRST >= 0 else (CUSTOMER, AGENT)
        notes = ["speakers_by_voice"] + (["roles_uncertain"] if abs(evidence + SPOKE_FIRST) < SURE else [])
        return Cast(names, notes=tuple(notes), lone=lone, speakers=speakers, speaker_roles=roles)

    def _cast_channels(self, language: str) -> Cast:
        """Name the channels as the sidecar does; where it says nothing, by what is said on them."""
        names = name_channels(self.survey.kept_channels, self.call.roles)
        if sorted(names) != [AGENT, CUSTOMER] or len(self.speaking) < 2:
            assumed = ("roles_assumed",) if not self.call.roles and self.speaking else ()
            return Cast(names, notes=assumed)
        said = [" ".join(word.text for word in self.words.get(names.index(role), [])) for role in (AGENT, CUSTOMER)]
        evidence = lean(said[0], said[1], language)
        if self.call.roles:
            return Cast(names, notes=("roles_contradict_speech",) if evidence <= -CONTRADICTION else ())
        if abs(evidence) < SURE:
            return Cast(names, notes=("roles_assumed",))
        return Cast(names if evidence > 0 else names[::-1], notes=("roles_by_speech",))

    def _warnings(self, cast: Cast, dropped: Sequence[Dropped]) -> tuple[str, ...]:
        warnings = [*self.survey.warnings, *cast.notes, *self.notes]
        if cast.speakers is None:
            silent = [name for channel, name in enumerate(cast.names) if channel not in self.speaking]
            warnings += [f"no_speech:{name}" for name in silent]
        if self.language_probability < UNSURE_LANGUAGE:
            warnings.append("language_uncertain")
        counts = Counter(text.reason for text in dropped)
        return tuple(warnings + [f"dropped_{reason}:{count}" for reason, count in sorted(counts.items())])


@dataclass(frozen=True, slots=True)
class Cast:
    """Who speaks: a name per channel, or, where ``speakers`` were told apart on the lone channel, by their voices."""

    names: tuple[str, ...]
    notes: tuple[str, ...] = ()
    lone: int | None = None
    speakers: Speakers | None = None
    speaker_roles: tuple[str, str] = USUAL_ROLES

    @property
    def loudness_roles(self) -> tuple[str, ...]:
        """Return whose the measured tracks are; a lone channel without known speakers has one track that counts."""
        if self.lone is None:
            return self.names
        return self.speaker_roles if self.speakers is not None else (self.names[self.lone],)

    def role_at(self, channel: int, start_ms: int, end_ms: int) -> str:
        """Return who speaks on a channel at a time."""
        if self.speakers is None or channel != self.lone:
            return self.names[channel]
        return self.speaker_roles[self.speakers.who(start_ms, end_ms)]

    def words(self, by_channel: dict[int, list[Word]]) -> list[tuple[str, list[Word]]]:
        """Return every role's words in order of time."""
        if self.speakers is None:
            return [(name, by_channel.get(channel, [])) for channel, name in enumerate(self.names)]
        found = _by_speaker(by_channel.get(self.lone or 0, []), self.speakers)
        return list(zip(self.speaker_roles, found, strict=True))


def _by_speaker(words: Sequence[Word], speakers: Speakers) -> tuple[list[Word], list[Word]]:
    found: tuple[list[Word], list[Word]] = ([], [])
    for word in words:
        found[speakers.who(word.start_ms, word.end_ms)].append(word)
    return found


def _shifted(word: Word, by_ms: int) -> Word:
    if not by_ms:
        return word
    return Word(
        text=word.text, start_ms=word.start_ms + by_ms, end_ms=word.end_ms + by_ms, probability=word.probability
    )
