#!/usr/bin/env bash
# What the tests need beside Python: a browser, libical, and three calendar programs in
# environments of their own. Says what is missing and how to get it.
set -euo pipefail
cd "$(dirname "$0")/.."

may_install() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }
install() { apt-get update -qq >/dev/null && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null; }

browser() { [ -n "${BLALJUS_CHROMIUM:-}" ] || command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null; }
libical() { .venv/bin/python -c 'import ctypes; ctypes.CDLL("libical.so.3")' 2>/dev/null; }

if ! browser; then
    if may_install; then
        echo "Installing Chromium with apt-get …"
        install chromium
    else
        echo "Fetching a browser with playwright …"
        .venv/bin/playwright install chromium
    fi
fi

if ! libical; then
    if may_install; then
        echo "Installing libical with apt-get …"
        install libical3
    else
        echo "The tests read calendars with libical 3 too: install the package libical3." >&2
        exit 1
    fi
fi

# They need other releases of what we use ourselves. Same command, same releases, or the tests say so.
if [ ! -x .venv/calendars/bin/khal ]; then
    echo "Installing vdirsyncer and khal …"
    .venv/bin/python -m venv .venv/calendars
    .venv/calendars/bin/pip install --quiet --disable-pip-version-check 'vdirsyncer==0.21.0' 'khal==0.14.1'
fi

if [ ! -x .venv/radicale/bin/radicale ]; then
    echo "Installing Radicale …"
    .venv/bin/python -m venv .venv/radicale
    .venv/radicale/bin/pip install --quiet --disable-pip-version-check 'radicale==3.9.0'
fi
