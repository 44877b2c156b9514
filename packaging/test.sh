#!/bin/sh
# Checks this checkout: sh packaging/test.sh [--long] [PYTEST ARGUMENTS]. Stops at the first thing that is wrong.
# Style, types, the picture of the house, then the quick suite; with --long also the kill loops and scale.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
# shellcheck source=packaging/setup.sh
. "$root/packaging/setup.sh"
set_up dev

cd "$root"
unset PYTHONDONTWRITEBYTECODE
QT_QPA_PLATFORM=offscreen
export QT_QPA_PLATFORM

if [ "${1:-}" = --long ]; then
    shift
    set -- -o faulthandler_timeout=1800 "$@" # ten minutes in real time are not a standstill
else
    set -- -m 'not long' "$@"
fi
.venv/bin/python -m ruff check .
.venv/bin/python -m mypy
.venv/bin/lint-imports
exec .venv/bin/python -m pytest "$@"
