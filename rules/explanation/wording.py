"""How events, reasons and treatments are called in Korean and English."""

from __future__ import annotations

from datetime import timedelta, timezone

from hub.clock import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, from_ms
from hub.event_types import EVENT_TYPES
from hub.records import Treatment
from rules.explanation.records import Names

EVENT_NAMES_KO: dict[str, str] = {
    "session.started": "접속 시작",
    "session.ended": "접속 종료",
    "screen.viewed": "화면 조회",
    "product.viewed": "상품 페이지 조회",
    "application.started": "가입 신청 시작",
    "product.subscribed": "상품 가입",
    "product.enquired": "상품 문의",
    "quote.requested": "보험료 산출",
    "quote.followed_up": "산출 후 가입 문의",
    "customer.identified": "로그인",
    "contact.changed": "연락처·비밀번호 변경",
    "closing_page.viewed": "해지 화면 조회",
    "transaction.posted": "거래",
    "card.limit_exceeded": "카드 한도 초과",
    "security.traded": "증권 체결",
    "call.ended": "상담 통화 종료",
    "intent.expressed": "통화에서 밝힌 의도",
    "life_event.detected": "생애 사건 감지",
    "complaint.made": "통화 중 불만",
    "claim.filed": "보험금 청구",
    "claim.reviewed": "보험금 심사",
    "payout.enquired": "지급·해약 문의",
    "branch_visit.ended": "지점 방문",
    "loan_review.started": "대출 심사 시작",
    "document.received": "서류 접수",
    "remittance.started": "외화 송금 시작",
    "consent.granted": "동의",
    "consent.withdrawn": "동의 철회",
    "features.updated": "특성값 갱신",
    "offer.delivered": "제안 전달",
    "offer.opened": "제안 열람",
    "offer.accepted": "제안 수락",
    "offer.declined": "제안 거절",
}

TREATMENTS: dict[Treatment, Names] = {
    Treatment.TREATED: Names(ko="제안함", en="Offer made"),
    Treatment.CONTROL: Names(ko="대조군", en="Control group"),
    Treatment.SUPPRESSED: Names(ko="보류", en="Held back"),
}

PURPOSES: dict[str, Names] = {
    "marketing_offers": Names(ko="마케팅 제안", en="marketing offers"),
    "profiling": Names(ko="프로파일링", en="profiling"),
    "service": Names(ko="서비스 제공", en="service"),
}

LIFE_EVENTS: dict[str, Names] = {
    "marriage": Names(ko="결혼", en="marriage"),
    "moving": Names(ko="이사", en="moving"),
    "birth": Names(ko="출산", en="birth"),
    "study_abroad": Names(ko="유학", en="studying abroad"),
    "job_change": Names(ko="이직", en="job change"),
    "retirement": Names(ko="은퇴", en="retirement"),
}


def event_name(event_type: str) -> Names:
    """Return what an event type is called; a custom type keeps its own name."""
    words = event_type.replace("_", " ").replace(".", " ")
    known = EVENT_TYPES.get(event_type)
    return Names(ko=EVENT_NAMES_KO.get(event_type, event_type), en=words.capitalize() if known else event_type)


def purpose_name(purpose: str) -> Names:
    """Return what a consent purpose is called."""
    return PURPOSES.get(purpose, Names(ko=purpose, en=purpose))


def local_time(epoch_ms: int, offset_hours: float) -> str:
    """Return ``2026-10-31 14:03:27`` in local time."""
    zone = timezone(timedelta(hours=offset_hours))
    return from_ms(epoch_ms).astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")


def second_range(start_ms: int, end_ms: int | None) -> str:
    """Return where in a recording something was said, e.g. ``0:12.4 – 0:15.1``."""
    start = _position(start_ms)
    return start if end_ms is None else f"{start} – {_position(end_ms)}"


def _position(position_ms: int) -> str:
    minutes, rest_ms = divmod(max(position_ms, 0), MINUTE_MS)
    return f"{minutes}:{rest_ms / SECOND_MS:04.1f}"


def duration(duration_ms: int) -> Names:
    """Return a duration rounded to its largest unit."""
    units = ((DAY_MS, "일", "day"), (HOUR_MS, "시간", "hour"), (MINUTE_MS, "분", "minute"), (SECOND_MS, "초", "second"))
    for unit_ms, ko, en in units:
        if duration_ms >= unit_ms:
            count = duration_ms // unit_ms
            return Names(ko=f"{count}{ko}", en=f"{count} {en}{'' if count == 1 else 's'}")
    return Names(ko="1초 미만", en="less than a second")


def shown(value: object) -> Names:
    """Return a feature value or property as people write it."""
    if value is None:
        return Names(ko="없음", en="none")
    if isinstance(value, bool):
        return Names(ko="예" if value else "아니요", en="yes" if value else "no")
    if isinstance(value, int):
        return _same(f"{value:,}")
    if isinstance(value, float):
        return _same(f"{value:,.4g}" if abs(value) < 1_000 else f"{value:,.0f}")
    return LIFE_EVENTS.get(str(value), _same(str(value)))


def _same(text: str) -> Names:
    return Names(ko=text, en=text)
