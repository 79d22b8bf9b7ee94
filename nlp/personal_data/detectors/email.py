"""E-mail addresses, written and read aloud."""

from __future__ import annotations

from presidio_analyzer import Pattern, PatternRecognizer


class EmailRecognizer(PatternRecognizer):
    """Local part, at sign (골뱅이, ``at``), domain.

    Source: RFC 5321, section 4.1.2, without quoted local parts, which nobody says.
    """

    def __init__(self, language: str) -> None:
        super().__init__(
            supported_entity="EMAIL",
            supported_language=language,
            patterns=[
                Pattern(
                    "written",
                    r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){0,4}\.[A-Za-z]{2,24}",
                    0.95,
                ),
                Pattern(
                    "spoken_ko",
                    r"[A-Za-z0-9가-힣._]{1,30}(?:\s?[A-Za-z0-9._]{1,20}){0,3}\s?골뱅이\s?[A-Za-z가-힣0-9]{1,20}\s?(?:닷|점|쩜|\.)\s?(?:컴|씨오\s?점?\s?케이알|넷|com|co\.kr|net|kr)",
                    0.85,
                ),
                Pattern(
                    "spoken_en",
                    r"[A-Za-z0-9._]{2,30}\s+at\s+(?:gmail|naver|daum|hanmail|yahoo|outlook|hotmail|icloud|[a-z0-9]{2,20})\s+dot\s+(?:com|net|org|co|kr|edu)(?:\s+dot\s+kr)?",
                    0.85,
                ),
            ],
        )
