"""Airflow DAGs: schedule and order. The work of each task is a function of ``infra.jobs``."""
