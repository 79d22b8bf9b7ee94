#!/usr/bin/env bash
# Make a fresh checkout ready: Java checked, .venv/ from the lock, the Delta jars for Spark. Does nothing the second time.
#   infra/setup.sh           what `make demo` needs
#   infra/setup.sh --tests   also what the tests and `make check` need
set -euo pipefail
cd "$(dirname "$0")/.."

lock=requirements.lock
[ "${1:-}" = "--tests" ] && lock=requirements-test.lock

java_major() {
  local java=java
  [ -n "${JAVA_HOME:-}" ] && java="$JAVA_HOME/bin/java"
  "$java" -version 2>&1 | sed -n 's/.*version "\([0-9]*\).*/\1/p' | head -1
}
major=$(java_major || true)
if [ -z "$major" ] || [ "$major" -lt 17 ]; then
  echo "Java 17 or newer is needed (Spark runs on it): install one, for instance 'apt-get install openjdk-17-jre-headless', or set JAVA_HOME." >&2
  exit 2
fi

python=""
for candidate in python3.11 python3.12 python3.13 python3; do
  if command -v "$candidate" >/dev/null && "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    python=$candidate
    break
  fi
done
[ -n "$python" ] || { echo "Python 3.11 or newer is needed." >&2; exit 2; }

digest=$(cat "$lock" pyproject.toml infra/setup.lock | sha256sum | cut -d' ' -f1)
done_file=.venv/.ready-$(basename "$lock" .lock)
if [ "$(cat "$done_file" 2>/dev/null)" != "$digest" ]; then
  echo "setup: Python packages from $lock"
  [ -x .venv/bin/python ] || "$python" -m venv .venv || {
    echo "The Python venv module is missing: install it, for instance 'apt-get install python3-venv'." >&2; exit 2; }
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r infra/setup.lock
  .venv/bin/uv pip install --quiet --python .venv/bin/python --require-hashes -r "$lock"
  .venv/bin/uv pip install --quiet --python .venv/bin/python --no-deps --no-build-isolation -e .
  echo "$digest" > "$done_file"
fi
echo "setup: jars for Spark"
.venv/bin/python -m infra.spark.jars .jars
echo "setup: ready"
