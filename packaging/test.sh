#!/bin/sh
# Checks this checkout: sh packaging/test.sh [--long] [PYTEST ARGUMENTS]. Stops at the first thing that is wrong.
# Style, types, the picture of the house, then the quick suite on all cores, and what runs in real time alone; with --long
# everything in one row, the kill loops and scale as well.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
# shellcheck source=packaging/setup.sh
. "$root/packaging/setup.sh"
set_up dev

cd "$root"
unset PYTHONDONTWRITEBYTECODE
QT_QPA_PLATFORM=offscreen
export QT_QPA_PLATFORM

.venv/bin/python -m ruff check .
.venv/bin/python -m mypy
.venv/bin/lint-imports
if [ "${1:-}" = --long ]; then
    shift
    exec .venv/bin/python -m pytest -o faulthandler_timeout=1800 "$@" # ten minutes in real time are not a standstill
elif [ $# -gt 0 ]; then
    exec .venv/bin/python -m pytest -m 'not long' "$@"
fi
.venv/bin/python -m pytest -n auto --dist loadfile -m 'not long and not alone'
exec .venv/bin/python -m pytest -m 'alone and not long'
