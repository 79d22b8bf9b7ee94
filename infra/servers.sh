#!/usr/bin/env bash
# Install the servers and the browser that the test suite starts: infra/servers.sh [DIR], DIR is .servers/ of the checkout.
# Debian packages: redis-server, postgresql, chromium with Korean fonts. Into DIR: MinIO and Kafka.
# The second run does nothing and takes a moment.
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
folder="${1:-$(dirname "$here")/.servers}"

has_postgres() { compgen -G "/usr/lib/postgresql/*/bin/initdb" >/dev/null || command -v initdb >/dev/null; }
has_chromium() { command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null; }
has_korean_font() { [[ -n "$(fc-list :lang=ko family 2>/dev/null | head -1)" ]]; }

as_root() {
    if [[ "$(id -u)" == 0 ]]; then
        "$@"
    else
        sudo "$@"
    fi
}

missing=()
command -v redis-server >/dev/null || missing+=(redis-server)
has_postgres || missing+=(postgresql)
has_chromium || missing+=(chromium)
has_korean_font || missing+=(fonts-noto-cjk fontconfig)
# A bare machine may lack what the two builds below need.
command -v mvn >/dev/null || [[ -f "$folder/kafka/pom.sha256" ]] || missing+=(maven)

if ((${#missing[@]})); then
    if ! command -v apt-get >/dev/null; then
        echo "Install these, then run this again: ${missing[*]}" >&2
        exit 2
    fi
    if [[ "$(id -u)" != 0 ]] && ! command -v sudo >/dev/null; then
        echo "As root, run: apt-get install ${missing[*]}" >&2
        exit 2
    fi
    echo "installing ${missing[*]}" >&2
    as_root apt-get update --quiet=2 >&2
    # Debian starts what it installs; the tests start their own on free ports.
    as_root env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install --quiet=2 --yes --no-install-recommends "${missing[@]}" >&2
fi

"$here/kafka/install.sh" "$folder"
"$here/minio/install.sh" "$folder"
