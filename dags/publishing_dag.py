"""Publish resolved behaviour and feature values to the event log, where the scenario tier reads them."""

from __future__ import annotations

from airflow.sdk import dag, task

from infra.airflow.defaults import BEHAVIOR, DEFAULT_ARGS, FEATURES, PUBLISHED, SCORES, START, pool_of


@dag(
    schedule=(BEHAVIOR & (FEATURES | SCORES)),
    start_date=START,
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULT_ARGS,
    tags=["log"],
)
def publishing() -> None:
    """Publish what the log has not seen, in order of time."""

    @task(pool=pool_of("log.events"), outlets=[PUBLISHED])
    def publish() -> dict[str, int]:
        from infra.jobs import behavior

        return behavior.publish()

    publish()


publishing()
