"""Who is who on a call: the channels' names, and what people say that gives them away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

AGENT, CUSTOMER, UNKNOWN = "AGENT", "CUSTOMER", "UNKNOWN"
USUAL_ROLES = (AGENT, CUSTOMER)
SURE = 2.0
"""So much more must one side sound like an agent before what it says outweighs what is usual."""
CONTRADICTION = 4.0
"""And so much more before a sidecar's word is put in doubt."""
SPOKE_FIRST = 1.0
"""Whoever answers a bank's telephone greets."""

Cues = Mapping[str, float]
_CUES: dict[str, Cues] = {
    "ko": {
        "고객센터": 3, "상담원": 1.5, "상담사": 1.5, "은행입니다": 3, "고객님": 2, "도와드": 2, "무엇을도": 2, "안내해드": 2,
        "안내드": 2, "확인해드": 2, "처리해드": 2, "말씀해주": 1.5, "본인확인": 2, "문의주셔서": 2, "전화주셔서": 2,
        "잠시만기다": 1.5, "더필요하신": 2, "궁금하신": 1.5, "좋은하루": 1.5, "하시겠습니까": 1.5, "주시겠습니까": 1.5,
        "주시겠어요": 1, "접수해": 1, "죄송합니다만": 0.5, "보내드": 1.5,
        "문의드립니다": -2, "문의하려": -2, "여쭤": -1.5, "싶어서": -1.5, "싶은데": -1.5, "싶어요": -1.5, "싶습니다": -1,
        "제번호": -2, "제이름": -1.5, "제가": -1, "저는": -0.5, "제통장": -1.5, "제카드": -1.5, "제계좌": -1.5,
        "얼마예요": -1, "얼마인가요": -1, "되나요": -1, "인가요": -0.5, "알려주세요": -1, "해주세요": -1, "수고하세요": -2,
        "여보세요": -0.5, "짜증": -1.5, "왜이렇게": -1.5, "불만": -1,
    },
    "en": {
        "how may i help": 3, "how can i help": 3, "thank you for calling": 3, "happy bank": 1.5, "speaking": 0.5,
        "may i have your": 2, "can i have your": 2, "please tell me your": 2, "could you tell me your": 2,
        "verify your": 2, "for verification": 2, "let me check": 2, "i can help": 2, "anything else": 2,
        "please hold": 1.5, "one moment": 1, "i will send you": 1, "have a nice day": 0.5, "we will": 0.5,
        "i want": -2, "i would like": -1.5, "i'd like": -1.5, "i need": -1.5, "my card": -2, "my account": -2,
        "my number": -2, "my name is": -0.5, "i lost": -2, "i am calling": -1.5, "i'm calling": -1.5, "can you": -1,
        "how much": -1, "my phone number": -1.5,
    },
}  # fmt: skip
"""Positive: an agent says so. Korean is compared without spaces, which recognisers set as they please."""


def name_channels(count: int, roles: Sequence[str]) -> tuple[str, ...]:
    """Return one role per channel: a mono recording of two people is ``UNKNOWN``, a third channel ``CHANNEL_3``.

    Args:
        count: channels of the recording.
        roles: what the sidecar says; without it, what is usual.
    """
    said = tuple(roles) or USUAL_ROLES
    if count == 1 and len(said) != 1:
        return (UNKNOWN,)
    return said[:count] + tuple(f"CHANNEL_{number}" for number in range(len(said) + 1, count + 1))


def sounds_like_agent(text: str, language: str) -> float:
    """Return how much more a text sounds like a bank's agent than like its customer; 0 for unknown languages."""
    cues = _CUES.get(language, {})
    folded = text.lower()
    heard = "".join(folded.split()) if language == "ko" else " ".join(folded.split())
    return sum(weight * min(3, heard.count(cue)) for cue, weight in cues.items())


def lean(first: str, second: str, language: str) -> float:
    """Return how much more the first of two speakers sounds like the agent than the second does."""
    return sounds_like_agent(first, language) - sounds_like_agent(second, language)
