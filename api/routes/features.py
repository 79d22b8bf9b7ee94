"""The feature server, as Feast speaks it, and the catalogue of features."""

from __future__ import annotations

from collections import Counter

import msgspec
from fastapi import APIRouter, Request
from starlette.responses import Response

from api.answers import JsonAnswer
from api.body import read_body
from api.customers import accesses, customer_keys
from api.deps import CustomerReader, MetersDep, OperationReader, PartsDep, RecorderDep, purpose_of
from api.journal import Meters
from api.online import FeatureAnswer, FeaturePlans, FeatureRequest, answer, entity_values, read_views
from hub.errors import Permanent

router = APIRouter(tags=["features"])
_decoder = msgspec.json.Decoder(FeatureRequest)


@router.post("/get-online-features")
async def get_online_features(
    request: Request, account: CustomerReader, parts: PartsDep, recorder: RecorderDep, meters: MetersDep
) -> Response:
    """Return the latest values of features for customers, after the read is on record."""
    asked = _parse(await read_body(request, parts.settings.api.max_body_bytes))
    plans: FeaturePlans = request.app.state.plans
    plan = plans.plan(asked)
    names = entity_values(asked)
    lookup = parts.online if len(parts.pseudonyms.key_ids) > 1 else None
    keys = customer_keys(names, account, parts.pseudonyms, lookup, plan.views)
    purpose = purpose_of(request, account)
    recorded = recorder.submit(accesses(account, keys, "get-online-features", purpose, parts.clock))
    # The store is read while the record reaches the disk; nothing is answered before both are done.
    rows = read_views(parts.online, plan, keys)
    result = answer(plan, names, rows, parts.clock.now_ms())
    await recorded
    _count(meters, result, len(set(keys)))
    return JsonAnswer(result)


@router.get("/v1/features")
def list_features(request: Request, account: OperationReader, parts: PartsDep) -> Response:
    """List every declared feature and the feature services."""
    plans: FeaturePlans = request.app.state.plans
    return JsonAnswer({"features": parts.features.specs(), "services": plans.services()})


def _parse(body: bytes) -> FeatureRequest:
    try:
        return _decoder.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Permanent(
            "The body must be JSON with entities {customer_id: [...]} and features or feature_service.",
            reason="bad_request",
        ) from None


def _count(meters: Meters, result: FeatureAnswer, people: int) -> None:
    statuses = Counter(status for column in result.results[1:] for status in column.statuses)
    for status, count in statuses.items():
        meters.features_read.labels(status).inc(count)
    meters.people_read.labels("get-online-features").inc(people)
