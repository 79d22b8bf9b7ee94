"""The parts of an API under test: the real catalogue and event log in a folder, the rest in memory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from api.parts import EventAnswer, Parts, ProductInfo, StageInfo
from catalog.engine import Catalog, open_catalog
from hub.clock import DAY_MS, HOUR_MS, SettableClock, parse_ms
from hub.errors import Transient
from hub.ids import Pseudonymizer, content_id, decision_id
from hub.ports import Recommender
from hub.records import (
    DatasetVersion,
    DeadLetter,
    Decision,
    Evidence,
    FeatureEvidence,
    FeatureRow,
    FeatureSpec,
    LineageRun,
    Provenance,
    RankedProduct,
    Scalar,
    TableInfo,
    Treatment,
)
from hub.settings import Settings, load_settings
from ingest.event_log.sqlite import SqliteEventLog
from rules.explanation.records import Names, ScenarioInfo

NOW_MS = parse_ms("2026-10-31T14:03:27+09:00")
PSEUDONYMS = Pseudonymizer(b"k" * 32)
KIM = PSEUDONYMS.customer("C000042")
LEE = PSEUDONYMS.customer("C000043")
ROLES = ("admin", "service", "collector", "marketer", "auditor", "viewer")

SPECS = [
    FeatureSpec(view="customer_profile", name="age", dtype="int", description="Age in years."),
    FeatureSpec(view="customer_profile", name="region", dtype="str", description="Region of residence."),
    FeatureSpec(
        view="customer_activity",
        name="loan_views_14d",
        dtype="int",
        description="Loan pages viewed in 14 days.",
        max_age_ms=2 * DAY_MS,
    ),
    FeatureSpec(view="customer_activity", name="life_event_30d", dtype="str", description="Latest life event."),
]


class MemoryOnlineStore:
    """``hub.ports.OnlineStore`` in a dictionary."""

    def __init__(self) -> None:
        self.rows: dict[tuple[str, str], FeatureRow] = {}
        self.links: dict[str, str] = {}
        self.is_away = False

    def write(self, rows: Iterable[FeatureRow]) -> int:
        """Store rows."""
        written = list(rows)
        self.rows |= {(row.view, row.customer_key): row for row in written}
        return len(written)

    def read(self, view: str, customer_keys: Sequence[str]) -> list[FeatureRow | None]:
        """Return rows, or fail while away."""
        if self.is_away:
            raise Transient("The online store is away.", reason="online_store_away")
        return [self.rows.get((view, key)) for key in customer_keys]

    def link(self, links: Mapping[str, str]) -> None:
        """Remember links."""
        self.links |= links

    def resolve(self, ids: Sequence[str]) -> list[str | None]:
        """Return linked customers."""
        return [self.links.get(one) for one in ids]


class Specs:
    """``hub.ports.FeatureCatalog`` of the specs above."""

    def specs(self) -> list[FeatureSpec]:
        """Return them."""
        return SPECS


class FixedRanking:
    """``hub.ports.Recommender`` that prefers loans to whoever looks at loans."""

    version = "7"

    def rank(self, features: Sequence[Mapping[str, Scalar]]) -> list[list[RankedProduct]]:
        """Return two products."""
        return [self._ranked(float(values.get("loan_views_14d") or 0)) for values in features]

    def _ranked(self, loan_views: float) -> list[RankedProduct]:
        scores = {"LN01": loan_views / 10, "SV01": 0.2}
        order = sorted(scores, key=lambda product: -scores[product])
        return [RankedProduct(product_id=p, score=scores[p], model_version=self.version) for p in order]


class Collected:
    """A collector that keeps what it was given and refuses messages without any id."""

    def __init__(self) -> None:
        self.calls: list[tuple[list[object], str, int]] = []
        self.is_away = False

    def __call__(self, messages: Sequence[object], *, source: str, received_ms: int) -> list[EventAnswer]:
        """Keep the messages."""
        if self.is_away:
            raise Transient("The event log is away.", reason="event_log_away")
        self.calls.append((list(messages), source, received_ms))
        return [self._answer(message) for message in messages]

    def _answer(self, message: object) -> EventAnswer:
        if isinstance(message, dict) and (message.get("userId") or message.get("anonymousId")):
            return EventAnswer(message_id=str(message.get("messageId", "")), status="accepted")
        return EventAnswer(message_id="", status="quarantined", reason="no_id", message="No userId, no anonymousId.")


@dataclass
class Desk:
    """An API's parts with handles on what tests turn and look at."""

    parts: Parts
    catalog: Catalog
    clock: SettableClock
    online: MemoryOnlineStore
    collected: Collected
    secrets: dict[str, str]

    def headers(self, role: str) -> dict[str, str]:
        """Return the header that authenticates as a role."""
        return {"X-API-Key": self.secrets[role]}


TABLES = [
    TableInfo(name="bronze.calls", zone="bronze", location="lake/bronze/calls", version=1, rows=412),
    TableInfo(name="bronze.memos", zone="bronze", location="lake/bronze/memos", version=45, rows=18_204),
    TableInfo(name="bronze.log_lines", zone="bronze", location="lake/bronze/log_lines", version=45, rows=96_310),
    TableInfo(name="silver.customers", zone="silver", location="lake/silver/customers", version=3, rows=200),
    TableInfo(name="silver.transcripts", zone="silver", location="lake/silver/transcripts", version=4, rows=5_117),
    TableInfo(
        name="gold.customer_behavior", zone="gold", location="lake/gold/customer_behavior", version=12, rows=121_930
    ),
    TableInfo(name="gold.identities", zone="gold", location="lake/gold/identities", version=12, rows=871),
    TableInfo(name="gold.feature_history", zone="gold", location="lake/gold/feature_history", version=9, rows=24_480),
]

SCENARIOS = [
    ScenarioInfo(
        scenario_id="loan-life-event",
        version=3,
        name=Names(ko="생애 사건 뒤 대출 관심", en="Loan interest after a life event"),
        owner="retail-lending",
        status="live",
        description=Names(
            ko="통화나 메모에서 생애 사건이 보이고 14일 안에 대출 화면을 보면 맞춤 금리를 제안합니다.",
            en="A life event in a call or memo and loan pages within 14 days earn a personal rate.",
        ),
        pattern="sequence(life_event.detected, product.viewed[product_type = loan]) within 14d",
        audience="loan_propensity > 0.3",
        consent_purpose="marketing_offers",
        priority=70,
        campaign="lending-2026",
        channel="app_push",
        control_percent=10,
        caps=("1 per 30d",),
    ),
    ScenarioInfo(
        scenario_id="card-coffee-regular",
        version=1,
        name=Names(ko="커피 단골 보상", en="Reward for coffee regulars"),
        owner="cards",
        status="live",
        description=Names(ko="한 달에 커피를 10번 이상 결제한 고객.", en="Ten coffees or more within a month."),
        pattern="count(transaction.posted[category = cafe]) >= 10 within 30d",
        consent_purpose="marketing_offers",
        priority=20,
        campaign="cards-2026",
        channel="sms",
        control_percent=10,
    ),
]

STAGES = [
    StageInfo(name="memos.refine", state="done", done=18_204),
    StageInfo(name="calls.refine", state="running", done=380, total=412),
    StageInfo(name="learning.score", state="waiting"),
    StageInfo(name="decisions.decide", state="failed", message="The event log is away."),
]

PRODUCTS = {
    "LN01": ProductInfo(
        product_id="LN01", name=Names(ko="새출발 신용대출", en="Fresh-start loan"), product_type="loan"
    ),
    "SV01": ProductInfo(product_id="SV01", name=Names(ko="매일 적금", en="Daily savings"), product_type="savings"),
}


def loan_decision(customer_key: str = KIM, treatment: Treatment = Treatment.TREATED, at_ms: int = NOW_MS) -> Decision:
    """Return a decision that needed a call and a click together."""
    trigger = content_id("click", customer_key, at_ms)
    return Decision(
        decision_id=decision_id("loan-life-event", 3, customer_key, trigger),
        scenario_id="loan-life-event",
        scenario_version=3,
        customer_key=customer_key,
        decided_ms=at_ms,
        trigger_event_id=trigger,
        treatment=treatment,
        reason={"treated": "matched", "control": "control_campaign", "suppressed": "cap_scenario"}[treatment.value],
        campaign="lending-2026",
        action={
            "channel": "app_push",
            "offer": "personal-loan-rate",
            "priority": 80,
            "message": "고객님만을 위한 대출 금리를 확인하세요.",
            "product_id": "LN01",
            "expires_ms": at_ms + 14 * DAY_MS,
        },
        evidence=(
            Evidence(
                event_id=content_id("life", customer_key),
                type="life_event.detected",
                channel="call",
                event_time_ms=at_ms - 3 * DAY_MS,
                role="life_event",
                properties={"life_event": "moving", "sentence": "다음 달에 이사를 가게 됐어요", "call_id": "call-0007"},
                provenance=Provenance(dataset="bronze.calls", object="calls/ab12", start_ms=12_400, end_ms=15_100),
            ),
            Evidence(
                event_id=trigger,
                type="product.viewed",
                channel="web",
                event_time_ms=at_ms - 400,
                role="loan_view",
                properties={"product_id": "LN01", "product_type": "loan", "page": "detail"},
                provenance=Provenance(dataset="bronze.log_lines", object="web-2026-10-31.jsonl", offset=4_711),
            ),
        ),
        features=(
            FeatureEvidence(name="age", value=34, as_of_ms=at_ms - 14 * HOUR_MS, version="1"),
            FeatureEvidence(name="loan_propensity", value=0.4182, as_of_ms=at_ms - 14 * HOUR_MS, version="7"),
            FeatureEvidence(name="best_product", value=None, as_of_ms=None),
        ),
        consent_purpose="marketing_offers",
        model_version="7",
        measure_until_ms=at_ms + 14 * DAY_MS,
        log_partition=2,
        log_offset=1_207,
    )


def make_desk(home: Path, environ: Mapping[str, str] | None = None) -> Desk:
    """Put an API's parts together in a folder."""
    settings: Settings = load_settings({"HUB_HOME": str(home), **(environ or {})})
    catalog = open_catalog(f"sqlite:///{home / 'catalog.db'}")
    clock = SettableClock(NOW_MS)
    online = MemoryOnlineStore()
    _fill(catalog, online)
    collected = Collected()
    ranking: Recommender = FixedRanking()
    parts = Parts(
        settings=settings,
        clock=clock,
        pseudonyms=PSEUDONYMS,
        keys=catalog.keys,
        access=catalog.access_log,
        decisions=catalog.decisions,
        dead_letters=catalog.dead_letters,
        lineage=catalog.lineage,
        online=online,
        features=Specs(),
        log=SqliteEventLog(home / "events.db", settings.event_log.partitions),
        collect=collected,
        recommender=lambda: ranking,
        tables_info=lambda: TABLES,
        scenarios=lambda: SCENARIOS,
        stages=lambda: STAGES,
        products=lambda: PRODUCTS,
        probes={"catalog": catalog.keys.list, "online_store": lambda: online.read("customer_profile", [KIM])},
    )
    secrets = {role: catalog.keys.create(role, f"{role} key", NOW_MS)[0] for role in ROLES}
    return Desk(parts, catalog, clock, online, collected, secrets)


def _fill(catalog: Catalog, online: MemoryOnlineStore) -> None:
    catalog.decisions.save([loan_decision(), loan_decision(LEE, Treatment.CONTROL, NOW_MS - HOUR_MS)])
    online.write(_rows(KIM, 34, 6, "moving"))
    online.link({PSEUDONYMS.phone("010-1234-5678"): KIM})
    catalog.dead_letters.add([_letter()])
    for job, source, target in (
        ("land_calls", "source.calls", "bronze.calls"),
        ("refine_calls", "bronze.calls", "silver.transcripts"),
        ("unify", "silver.transcripts", "gold.customer_behavior"),
    ):
        catalog.lineage.save(_run(job, source, target))


def _rows(key: str, age: int, loan_views: int, life_event: str | None) -> list[FeatureRow]:
    day = NOW_MS - 14 * HOUR_MS
    profile: dict[str, Scalar] = {"age": age, "region": "서울"}
    activity: dict[str, Scalar] = {"loan_views_14d": loan_views, "life_event_30d": life_event}
    return [
        FeatureRow(view=view, customer_key=key, event_time_ms=day, created_ms=day, values=values, version="1")
        for view, values in (("customer_profile", profile), ("customer_activity", activity))
    ]


def _letter() -> DeadLetter:
    return DeadLetter(
        letter_id=content_id("letter"),
        feed="memos",
        stage="land",
        reason="missing_column",
        message="Row 17 has 11 of 12 columns.",
        payload_key="dead/ab12",
        provenance=Provenance(dataset="bronze.memos", object="memos-2026-10-03.csv", offset=17),
        received_ms=NOW_MS - DAY_MS,
    )


def _run(job: str, source: str, target: str) -> LineageRun:
    return LineageRun(
        run_id=content_id("run", job),
        job=job,
        started_ms=NOW_MS - HOUR_MS,
        ended_ms=NOW_MS - HOUR_MS + 30_000,
        inputs=(DatasetVersion(name=source, version=1),),
        outputs=(DatasetVersion(name=target, version=2, rows=10),),
    )
