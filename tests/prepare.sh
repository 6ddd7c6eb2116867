#!/usr/bin/env bash
# What the tests need beside Python: a browser. Says what is missing and how to get it.
set -euo pipefail
cd "$(dirname "$0")/.."

found() { [ -n "${BLALJUS_CHROMIUM:-}" ] || command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null; }

if ! found; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        echo "Installing Chromium with apt-get …"
        apt-get update -qq >/dev/null && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null
    else
        echo "Fetching a browser with playwright …"
        .venv/bin/playwright install chromium
    fi
fi
