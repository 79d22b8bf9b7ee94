"""What the console says, in Korean and English."""

from __future__ import annotations

LANGUAGES = ("ko", "en")
DEFAULT_LANGUAGE = "ko"

WORDS: dict[str, tuple[str, str]] = {
    "product": ("음성·로그 데이터 허브", "Speech-log hub"),
    "tagline": (
        "고객의 말과 거래, 클릭이 하나의 행동 기록이 되고, 모든 결정은 그 이유까지 보여 줍니다.",
        "What customers say, pay and click becomes one record, and every decision shows its reasons.",
    ),
    # navigation
    "overview": ("현황", "Overview"),
    "decisions": ("결정", "Decisions"),
    "customers": ("고객", "Customers"),
    "scenarios": ("시나리오", "Scenarios"),
    "dead_letters": ("거부된 행", "Dead letters"),
    "log_out": ("로그아웃", "Log out"),
    "switch": ("English", "한국어"),
    # login
    "log_in": ("로그인", "Log in"),
    "api_key": ("API 키", "API key"),
    "key_help": (
        "`hub keys create --role admin` 으로 만들 수 있습니다.",
        "Create one with `hub keys create --role admin`.",
    ),
    "key_kept": ("키는 서버의 메모리에만 머무릅니다.", "The key stays in the server's memory only."),
    # overview
    "overview_sub": ("녹음에서 실시간 결정까지, 지금 이 순간", "From recording to live decision, right now"),
    "calls": ("상담 통화", "Calls"),
    "memos": ("거래 메모", "Memos"),
    "clicks": ("클릭·로그", "Clicks and logs"),
    "refused": ("거부된 행", "Refused rows"),
    "behavior_events": ("통합 행동 이벤트", "Behaviour events"),
    "customer_count": ("식별된 고객", "Customers resolved"),
    "features": ("특성", "Features"),
    "live_events": ("실시간 로그", "Live log"),
    "linked_ids": ("연결된 식별자 {n}개", "{n} ids linked"),
    "feature_rows": ("이력 {n}행", "{n} rows of history"),
    "none_refused": ("모두 처리되었습니다", "Everything was accepted"),
    "some_refused": ("이유와 함께 보관 중", "Kept with their reasons"),
    "by_scenario": ("시나리오별 결정", "Decisions by scenario"),
    "by_scenario_sub": ("제안 · 대조군 · 보류", "Offered, control and held back"),
    "live_feed": ("실시간 결정", "Decisions as they happen"),
    "live": ("실시간", "Live"),
    "waiting": ("다음 결정을 기다리고 있습니다", "Waiting for the next decision"),
    "tables": ("테이블", "Tables"),
    "tables_sub": ("행 수와 마지막 기록 시각", "Rows and when they were last written"),
    "rows": ("행", "rows"),
    "no_tables": ("아직 테이블이 없습니다. `make demo` 로 시작하세요.", "No tables yet. Start with `make demo`."),
    "no_decisions": ("아직 결정이 없습니다", "No decisions yet"),
    "stages": ("처리 단계", "Stages"),
    # treatments
    "treated": ("제안함", "Offered"),
    "control": ("대조군", "Control"),
    "suppressed": ("보류", "Held back"),
    "all": ("전체", "All"),
    # decision
    "decisions_sub": ("최근 결정부터, 이유까지 한 번에", "Newest first, each with its reasons"),
    "decision": ("결정", "Decision"),
    "why": ("왜 이런 결정이 나왔나요?", "Why was this decided?"),
    "customer": ("고객", "Customer"),
    "scenario": ("시나리오", "Scenario"),
    "when": ("시각", "When"),
    "result": ("결과", "Result"),
    "campaign": ("캠페인", "Campaign"),
    "version": ("버전", "Version"),
    "model": ("모델", "Model"),
    "offer": ("제안 내용", "Offer"),
    "looked_at": ("결정에 쓰인 특성값", "Feature values looked at"),
    "source": ("출처", "Source"),
    "latest": ("최근 결정 보기", "See recent decisions"),
    # customers
    "customers_sub": ("한 고객의 특성과 추천", "One customer's features and recommendations"),
    "customer_hint": ("고객 키(cus_…) 또는 고객 번호", "Customer key (cus_…) or customer number"),
    "show": ("조회", "Show"),
    "recently_decided": ("최근 결정이 있었던 고객", "Customers with recent decisions"),
    "recommendations": ("추천 상품", "Recommendations"),
    "as_of": ("{t} 기준", "as of {t}"),
    "on_record": ("이 조회는 열람 기록에 남았습니다.", "This read has been put on record."),
    "unknown_value": ("값 없음", "no value"),
    "stale": ("오래됨", "stale"),
    "their_decisions": ("이 고객의 결정", "Decisions for this customer"),
    # scenarios
    "scenarios_sub": ("무엇을 보고, 누구에게, 무엇을 하는지", "What is watched, for whom, and what is done"),
    "owner": ("담당", "Owner"),
    "priority": ("우선순위", "Priority"),
    "control_share": ("대조군 {n}%", "{n}% control"),
    "consent": ("동의", "Consent"),
    "no_scenarios": ("시나리오가 없습니다", "No scenarios"),
    "pattern": ("조건", "Pattern"),
    "audience": ("대상", "Audience"),
    # dead letters
    "letters_sub": (
        "받아들이지 못한 것은 이유와 함께 남아 다시 처리할 수 있습니다",
        "Whatever was refused is kept with its reason and can be replayed",
    ),
    "no_letters": ("거부된 행이 없습니다", "Nothing was refused"),
    "open": ("대기", "open"),
    "replayed": ("재처리됨", "replayed"),
    "discarded": ("폐기됨", "discarded"),
    "received": ("받은 때", "Received"),
    "never": ("기록 없음", "not on record"),
    "not_allowed": ("이 키로는 볼 수 없습니다", "Your key may not see this"),
    "trouble": ("불러오지 못했습니다", "This could not be loaded"),
}


TERMS: dict[str, tuple[str, str]] = {
    "live": ("운영 중", "live"),
    "draft": ("작성 중", "draft"),
    "paused": ("멈춤", "paused"),
    "retired": ("종료", "retired"),
    "marketing_offers": ("마케팅 제안 동의", "consent: marketing offers"),
    "profiling": ("프로파일링 동의", "consent: profiling"),
    "service": ("서비스 동의", "consent: service"),
    "app_push": ("앱 푸시", "app push"),
    "push": ("앱 푸시", "app push"),
    "sms": ("문자", "SMS"),
    "email": ("이메일", "e-mail"),
    "message": ("메시지", "message"),
    "messenger": ("메신저", "messenger"),
    "call": ("전화", "call"),
    "agent_call": ("상담원 전화", "agent call"),
    "telemarketing": ("텔레마케팅", "telemarketing"),
    "consultant": ("담당 상담사", "consultant"),
    "staff": ("직원 화면", "staff screen"),
    "moving": ("이사", "moving"),
    "marriage": ("결혼", "marriage"),
    "birth": ("출산", "birth"),
    "study_abroad": ("유학", "study abroad"),
    "job_change": ("이직", "job change"),
    "retirement": ("은퇴", "retirement"),
    "master.land": ("기준 정보 수집", "Land master data"),
    "master.refine": ("기준 정보 정제", "Refine master data"),
    "memos.land": ("메모 수집", "Land memos"),
    "memos.refine": ("메모 해석", "Parse memos"),
    "logs.land": ("로그 수집", "Land logs"),
    "logs.land_collected": ("실시간 로그 적재", "Land collected"),
    "logs.refine": ("로그 정제", "Refine logs"),
    "calls.land": ("녹음 수집", "Land calls"),
    "calls.refine": ("음성 인식·분석", "Transcribe calls"),
    "behavior.unify": ("고객 통합", "Unify"),
    "behavior.features": ("특성 계산", "Compute features"),
    "learning.retrain": ("모델 학습", "Retrain"),
    "learning.score": ("점수 계산", "Score"),
    "behavior.materialize": ("특성 서빙 적재", "Materialize"),
    "behavior.publish": ("이벤트 발행", "Publish events"),
    "decisions.decide": ("결정", "Decide"),
    "decisions.land": ("결정 적재", "Land decisions"),
    "decisions.outcomes": ("성과 적재", "Land outcomes"),
    "mass": ("일반", "mass"),
    "affluent": ("우수", "affluent"),
    "vip": ("VIP", "VIP"),
    "M": ("남", "male"),
    "F": ("여", "female"),
}
"""Codes of the hub that people read as words."""


def term(language: str, code: str) -> str:
    """Return the word for a code, the code itself where there is none."""
    korean, english = TERMS.get(code, (code, code))
    return korean if language == "ko" else english


def say(language: str, word: str, **values: object) -> str:
    """Return a word in a language."""
    korean, english = WORDS[word]
    return (korean if language == "ko" else english).format(**values)


_AGO = ((86_400, "일", "d"), (3_600, "시간", "h"), (60, "분", "min"), (1, "초", "s"))


def ago(language: str, age_ms: int) -> str:
    """Return how long ago something was, in its largest unit."""
    age_s = age_ms // 1_000
    for unit_s, korean, english in _AGO:
        if age_s >= unit_s:
            count = age_s // unit_s
            return f"{count}{korean} 전" if language == "ko" else f"{count} {english} ago"
    return "방금" if language == "ko" else "just now"
