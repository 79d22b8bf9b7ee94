"""Web, app and business-system logs: files as delivered, and what the collector took in."""

from __future__ import annotations

from airflow.sdk import Param, dag, task

from infra.airflow.defaults import DEFAULT_ARGS, LOGS, START, pool_of


@dag(
    schedule="*/15 * * * *",
    start_date=START,
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULT_ARGS,
    tags=["feed"],
    params={"source": Param("", type="string", description="File or folder of logs; empty: HUB_HOME/source/logs.")},
)
def logs() -> None:
    """Land files and collected events, then refine them."""

    @task(pool=pool_of("bronze.log_lines"))
    def land(params: dict[str, str] | None = None) -> dict[str, int]:
        from infra.jobs import feeds

        return feeds.land_logs((params or {}).get("source", ""))

    @task(pool=pool_of("bronze.log_lines"))
    def land_collected() -> dict[str, int]:
        from infra.jobs import feeds

        return feeds.land_collected()

    @task(pool=pool_of("silver.events"), outlets=[LOGS])
    def refine() -> dict[str, int]:
        from infra.jobs import feeds

        return feeds.refine_logs()

    [land(), land_collected()] >> refine()


logs()
