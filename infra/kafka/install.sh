#!/usr/bin/env bash
# Fetch the Kafka broker's jars into DIR/kafka/libs: infra/kafka/install.sh DIR
# Does nothing when the jars of this pom.xml are there. Needs Maven and Java 17.
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
folder="$(mkdir -p "${1:?usage: infra/kafka/install.sh DIR}/kafka" && cd "$1/kafka" && pwd)"
stamp="$folder/pom.sha256"
wanted="$(sha256sum "$here/pom.xml" | cut -d' ' -f1)"

if [[ "$(cat "$stamp" 2>/dev/null)" == "$wanted" ]]; then
    exit 0
fi
if ! command -v mvn >/dev/null; then
    echo "Kafka's jars are fetched with Maven: install Maven 3 (Debian: apt-get install maven), then run this again." >&2
    exit 2
fi

echo "fetching Kafka" >&2
started=$SECONDS
rm -rf "$folder/libs" "$stamp"
# A repository of its own: what Maven leaves in ~/.m2 makes Spark's resolver fail.
mvn --quiet --batch-mode -Dstyle.color=never --file "$here/pom.xml" "-Dmaven.repo.local=$folder/m2" \
    dependency:copy-dependencies "-DoutputDirectory=$folder/libs" -DincludeScope=runtime
rm -rf "$folder/m2"
echo "$wanted" >"$stamp"
echo "fetched Kafka in $((SECONDS - started)) s" >&2
