#!/bin/sh
# Runs CoachDesk from this checkout: sh packaging/run.sh [WORDS]. Without words it runs the demo; `window` opens the window.
# Sets itself up the first time. Works from any folder and stays there, so relative file names mean what they say.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
# shellcheck source=packaging/setup.sh
. "$root/packaging/setup.sh"
set_up run

[ $# -gt 0 ] || set -- demo
[ "$1" != window ] || shift # `coachdesk` without words opens the window
exec "$root/.venv/bin/coachdesk" "$@"
