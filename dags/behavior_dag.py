"""The unified table and its features: whenever a feed has brought something new."""

from __future__ import annotations

from airflow.sdk import dag, task

from infra.airflow.defaults import BEHAVIOR, CALLS, DEFAULT_ARGS, FEATURES, LOGS, MASTER, MEMOS, SCORES, START, pool_of


@dag(
    schedule=(MASTER | MEMOS | LOGS | CALLS),
    start_date=START,
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULT_ARGS,
    tags=["gold"],
)
def behavior() -> None:
    """Resolve identities, build the behaviour table, its features and their scores, fill the online store."""

    @task(pool=pool_of("gold.customer_behavior"), outlets=[BEHAVIOR])
    def unify() -> dict[str, int]:
        from infra.jobs import behavior

        return behavior.unify()

    @task(pool=pool_of("gold.feature_history"), outlets=[FEATURES])
    def build_features() -> dict[str, int]:
        from infra.jobs import behavior

        return behavior.build_features()

    @task(pool=pool_of("gold.feature_history"), outlets=[SCORES])
    def score() -> dict[str, int]:
        from infra.jobs import learning

        return learning.score()

    @task
    def materialize() -> dict[str, int]:
        from infra.jobs import behavior

        return behavior.materialize()

    unify() >> build_features() >> score() >> materialize()


behavior()
