#!/usr/bin/env bash
# Build MinIO from source into DIR/bin: infra/minio/install.sh DIR
# Does nothing when this version is there. Needs Go; the first build takes two to three minutes on two cores.
set -euo pipefail

version="v0.0.0-20260212201848-7aac2a2c5b7c"
folder="$(mkdir -p "${1:?usage: infra/minio/install.sh DIR}" && cd "$1" && pwd)"
stamp="$folder/minio.version"

if [[ -x "$folder/bin/minio" && "$(cat "$stamp" 2>/dev/null)" == "$version" ]]; then
    exit 0
fi
if ! command -v go >/dev/null; then
    echo "MinIO is built with Go: install Go 1.24 or newer (https://go.dev/dl), then run this again." >&2
    exit 2
fi

echo "building MinIO $version (two to three minutes the first time)" >&2
started=$SECONDS
GOBIN="$folder/bin" GOFLAGS=-buildvcs=false CGO_ENABLED=0 go install "github.com/minio/minio@$version"
echo "$version" >"$stamp"
echo "built MinIO in $((SECONDS - started)) s" >&2
