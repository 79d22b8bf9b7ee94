"""Feast's feature server: what a request asks for and how the answer is laid out.

Source: Feast's ``GetOnlineFeaturesResponse`` as its HTTP server writes it: entities first,
then one column per feature, each with values, statuses and event timestamps across entities.
Beyond Feast, ``metadata.views`` gives as-of, age and producer version of every view and entity.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from hub.clock import iso
from hub.errors import Permanent
from hub.ports import FeatureCatalog, OnlineStore
from hub.records import FeatureRow, FeatureSpec, Record

ENTITY = "customer_id"
EVERYTHING = "customer"
MAX_ENTITIES = 1_000
MAX_FEATURES = 500
MAX_PLANS = 256
NEVER = "1970-01-01T00:00:00Z"

PRESENT, NULL_VALUE, NOT_FOUND, OUTSIDE_MAX_AGE = "PRESENT", "NULL_VALUE", "NOT_FOUND", "OUTSIDE_MAX_AGE"


class FeatureRequest(msgspec.Struct, frozen=True):
    """The body of ``POST /get-online-features``; fields of newer clients are ignored."""

    entities: dict[str, list[str | int | None]]
    features: list[str] | None = None
    feature_service: str | None = None
    full_feature_names: bool = False


class Column(msgspec.Struct, frozen=True):
    """One item of ``results``."""

    values: list[Any]
    statuses: list[str]
    event_timestamps: list[str]


class ViewFreshness(msgspec.Struct, frozen=True):
    """As-of, age and producer of one view, one item per entity."""

    as_of: list[str | None]
    age_ms: list[int | None]
    versions: list[str]


class FeatureMetadata(msgspec.Struct, frozen=True):
    """The names of the columns and how fresh their views are."""

    feature_names: list[str]
    views: dict[str, ViewFreshness]


class FeatureAnswer(msgspec.Struct, frozen=True):
    """The body of the answer."""

    metadata: FeatureMetadata
    results: list[Column]


class Plan(Record, frozen=True, kw_only=True):
    """A resolved list of features: the views to read and the columns to write."""

    specs: tuple[FeatureSpec, ...]
    views: tuple[str, ...]
    names: tuple[str, ...]


class FeaturePlans:
    """Resolves what is asked for against the declared features and remembers the result."""

    def __init__(self, catalog: FeatureCatalog) -> None:
        self._catalog = catalog
        self._specs: dict[str, FeatureSpec] = {}
        self._views: dict[str, list[str]] = {}
        self._plans: dict[tuple[str | None, tuple[str, ...], bool], Plan] = {}

    def plan(self, request: FeatureRequest) -> Plan:
        """Return the plan of a request.

        Raises:
            Permanent: an unknown feature, view or service, or nothing asked for.
        """
        key = (request.feature_service, tuple(request.features or ()), request.full_feature_names)
        plan = self._plans.get(key)
        if plan is None:
            plan = self._make_plan(*key)
            if len(self._plans) >= MAX_PLANS:
                self._plans.clear()
            self._plans[key] = plan
        return plan

    def services(self) -> dict[str, list[str]]:
        """Return every feature service: one per view, and ``customer`` with all of them."""
        self._load()
        return {EVERYTHING: list(self._specs), **self._views}

    def _load(self) -> None:
        if not self._specs:
            self._specs = {spec.ref: spec for spec in self._catalog.specs()}
            for ref, spec in self._specs.items():
                self._views.setdefault(spec.view, []).append(ref)

    def _make_plan(self, service: str | None, features: tuple[str, ...], full_names: bool) -> Plan:
        self._load()
        refs = self._service(service) if service else list(features)
        if not refs:
            raise Permanent("Name features or a feature_service.", reason="no_features")
        if len(refs) > MAX_FEATURES:
            raise Permanent(f"At most {MAX_FEATURES} features a request.", reason="too_many_features")
        specs = tuple(self._spec(ref) for ref in refs)
        names = tuple(f"{s.view}__{s.name}" if full_names else s.name for s in specs)
        if len(set(names)) != len(names):
            raise Permanent("A feature is named twice; use full_feature_names.", reason="ambiguous_features")
        return Plan(specs=specs, views=tuple(dict.fromkeys(s.view for s in specs)), names=names)

    def _service(self, service: str) -> list[str]:
        services = self.services()
        if service not in services:
            known = ", ".join(sorted(services))
            raise Permanent(f"There is no such feature service; there are {known}.", reason="unknown_service")
        return services[service]

    def _spec(self, ref: str) -> FeatureSpec:
        view, separator, name = ref.partition(":")
        if not separator:
            raise Permanent("A feature is named view:name.", reason="bad_feature")
        if view not in self._views:
            raise Permanent(f"There is no feature view {view[:80]!r}.", reason="unknown_view")
        if ref not in self._specs:
            raise Permanent(f"Feature view {view} has no feature {name[:80]!r}.", reason="unknown_feature")
        return self._specs[ref]


def entity_values(request: FeatureRequest) -> list[str]:
    """Return the customers asked for, as text.

    Raises:
        Permanent: another entity than ``customer_id``, an empty value, or too many.
    """
    if set(request.entities) != {ENTITY}:
        raise Permanent(f"The entity of every view is {ENTITY}.", reason="unknown_entity")
    values = request.entities[ENTITY]
    if len(values) > MAX_ENTITIES:
        raise Permanent(f"At most {MAX_ENTITIES} customers a request.", reason="too_many_entities")
    if any(value is None or value == "" for value in values):
        raise Permanent(f"Every {ENTITY} needs a value.", reason="bad_entity")
    return [str(value) for value in values]


def answer(plan: Plan, asked: Sequence[str], rows: dict[str, list[FeatureRow | None]], now_ms: int) -> FeatureAnswer:
    """Lay out the rows of the store as Feast's columns."""
    views = {view: _freshness(rows[view], now_ms) for view in plan.views}
    entity = Column(list(asked), [PRESENT] * len(asked), [NEVER] * len(asked))
    columns = [_column(spec, rows[spec.view], views[spec.view]) for spec in plan.specs]
    return FeatureAnswer(FeatureMetadata([ENTITY, *plan.names], views), [entity, *columns])


def read_views(online: OnlineStore, plan: Plan, customer_keys: Sequence[str]) -> dict[str, list[FeatureRow | None]]:
    """Read every view of a plan once."""
    return {view: online.read(view, customer_keys) for view in plan.views}


def _freshness(rows: Sequence[FeatureRow | None], now_ms: int) -> ViewFreshness:
    return ViewFreshness(
        as_of=[iso(row.event_time_ms) if row else None for row in rows],
        age_ms=[now_ms - row.event_time_ms if row else None for row in rows],
        versions=[row.version if row else "" for row in rows],
    )


def _column(spec: FeatureSpec, rows: Sequence[FeatureRow | None], fresh: ViewFreshness) -> Column:
    values: list[Any] = []
    statuses: list[str] = []
    for row, age_ms in zip(rows, fresh.age_ms, strict=True):
        value = row.values.get(spec.name) if row else None
        values.append(value)
        statuses.append(_status(spec, row, value, age_ms))
    return Column(values, statuses, [as_of or NEVER for as_of in fresh.as_of])


def _status(spec: FeatureSpec, row: FeatureRow | None, value: object, age_ms: int | None) -> str:
    if row is None:
        return NOT_FOUND
    if spec.max_age_ms is not None and age_ms is not None and age_ms > spec.max_age_ms:
        return OUTSIDE_MAX_AGE
    return NULL_VALUE if value is None else PRESENT
