#!/bin/sh
# Regenerates the pinned requirement files, two from pyproject.toml. For maintainers, with network; run.sh never calls it.
#
# The result carries the sha256 of every file of every release, for all platforms, and no address: `pip install
# --require-hashes` then works with whatever index this machine is set up for (uv.lock would name its index in each line).
set -eu

here=$(cd -- "$(dirname -- "$0")" && pwd)
cd "$here/.."

uv=.venv/bin/uv
[ -x "$uv" ] || uv=$(command -v uv) || {
    echo "requirements.sh needs uv: .venv/bin/python -m pip install uv" >&2
    exit 1
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM

# What `pip install --no-build-isolation -e .` builds the checkout with. Pinned like the rest, in both files.
printf '%s\n' 'hatchling>=1.27' 'editables>=0.5' >"$work/build.in"

# compile OUTPUT INPUT...: versions already pinned in OUTPUT stay unless --upgrade is given.
compile() {
    output=$1
    shift
    kept=packaging/$output
    [ ! -f "$kept" ] || cp "$kept" "$work/$output"
    # shellcheck disable=SC2086 # $upgrade is one option or nothing
    "$uv" pip compile "$@" "$work/build.in" --output-file "$work/$output" --quiet $upgrade \
        --generate-hashes --universal --python-version 3.11 \
        --no-header --no-annotate --no-emit-index-url --no-emit-find-links
    if grep -nE '://|@ |^-' "$work/$output"; then
        echo "requirements.sh: $output would name an address; nothing was changed." >&2
        exit 1
    fi
    cp "$work/$output" "$kept"
}

upgrade=''
[ "${1:-}" != "--upgrade" ] || upgrade=--upgrade

compile requirements.txt pyproject.toml
# The run-time pins bind the development set as well, so that what is tested is what is run.
compile requirements-dev.txt pyproject.toml --extra dev --constraint packaging/requirements.txt
# The voices of a mixed channel are told apart with the weights that this wheel carries (17 MB, Apache-2.0). Its own code is
# never run: it would bring PyTorch, librosa and a C compiler. So it is installed alone, and the program does without it.
printf '%s\n' 'resemblyzer>=0.1.4' >"$work/voices.in"
# shellcheck disable=SC2086 # $upgrade is one option or nothing
"$uv" pip compile --no-deps "$work/voices.in" --output-file packaging/requirements-voices.txt --quiet $upgrade \
    --generate-hashes --universal --python-version 3.11 \
    --no-header --no-annotate --no-emit-index-url --no-emit-find-links
echo "Written: packaging/requirements.txt, packaging/requirements-dev.txt, packaging/requirements-voices.txt"
