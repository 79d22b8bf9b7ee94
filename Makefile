# Two commands on a fresh machine: `make demo` and `make test`. Everything else is for people who change the hub.
SHELL := /bin/bash
PYTHON := .venv/bin/python

.PHONY: demo test setup check setup-tests servers lint slow bench docs clean

demo: ## the main job on the embedded defaults, then API and console until interrupted
	@bash infra/setup.sh
	@.venv/bin/hub demo $(ARGS)

test: setup-tests servers ## the servers the tests need, then the whole suite: what CI runs. A failed test runs once more, and the summary says so
	$(PYTHON) -m pytest -p no:cacheprovider -m "not benchmark" -n 2 --dist loadfile --reruns 1 --durations 25 $(ARGS)

setup: ## .venv/, jars; does nothing the second time
	@bash infra/setup.sh

setup-tests:
	@bash infra/setup.sh --tests

servers: ## MinIO, Kafka, Redis, PostgreSQL and Chromium for the contract suites, under .servers/
	@bash infra/servers.sh

check: setup-tests lint ## ruff, mypy, import-linter and the fast tests
	$(PYTHON) -m pytest -p no:cacheprovider -q -m "not slow and not spark and not servers and not e2e and not benchmark"

lint:
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports

docs: ## the pages that are written from declarations: settings, tables, features
	$(PYTHON) -m infra.docs

bench: ## every figure of docs/benchmarks.md, one JSON line each
	@for script in benchmarks/*.py; do case $$script in */__init__.py) ;; *) $(PYTHON) $$script ;; esac; done

clean: ## forget everything the hub keeps; the next demo starts anew
	-@.venv/bin/hub down
	rm -rf .hub
