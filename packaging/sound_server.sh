#!/bin/sh
# Runs a command with a sound server of its own and no hardware: sh packaging/sound_server.sh COMMAND...
#
# The command finds one pair of speakers (what is played there can be recorded from `speakers.monitor`) and one
# microphone `mic` (what is played to the sink `micfeed` is heard in it); both also as ALSA devices, for PortAudio.
# All state lies in one temporary folder; a sound server of the person's own is neither used nor disturbed. Needs
# pulseaudio, pulseaudio-utils and, for PortAudio, libportaudio2 and libasound2-plugins; works as root.
# Ends with the command's exit status; 69 where there is no pulseaudio, 70 where it does not come up.
set -eu

[ $# -gt 0 ] || { echo "sound_server.sh: which command?" >&2; exit 64; }
for tool in pulseaudio pactl; do
    command -v "$tool" >/dev/null || { echo "sound_server.sh: $tool is not installed." >&2; exit 69; }
done

home=$(mktemp -d)
server=''
running=''

# shellcheck disable=SC2317 # called by the traps
tidy() {
    [ -z "$running" ] || kill "$running" 2>/dev/null || true
    if [ -n "$server" ] && kill "$server" 2>/dev/null; then
        # The watchdog is for a server that was stopped, by a test of what happens then.
        { sleep 2 && kill -KILL "$server"; } </dev/null >/dev/null 2>&1 &
        wait "$server" 2>/dev/null || true
        kill $! 2>/dev/null || true
    fi
    rm -rf "$home"
}
trap tidy EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

mkdir -m 700 "$home/run" "$home/run/pulse" "$home/state" "$home/config"
export XDG_RUNTIME_DIR="$home/run" PULSE_RUNTIME_PATH="$home/run/pulse"
export PULSE_STATE_PATH="$home/state" PULSE_CONFIG_PATH="$home/config"
export PULSE_SERVER="unix:$home/run/pulse/native" PULSE_COOKIE="$home/cookie"
export ALSA_CONFIG_PATH="/usr/share/alsa/alsa.conf:$home/asound.conf" JACK_NO_START_SERVER=1
unset PULSE_SINK PULSE_SOURCE

cat >"$home/devices.pa" <<'PA'
load-module module-native-protocol-unix auth-anonymous=1
load-module module-null-sink sink_name=speakers rate=48000 channels=2 sink_properties=device.description=Speakers
load-module module-null-sink sink_name=micfeed rate=48000 channels=1 sink_properties=device.description=MicFeed
load-module module-remap-source source_name=mic master=micfeed.monitor source_properties=device.description=Microphone
set-default-sink speakers
set-default-source mic
PA
cat >"$home/asound.conf" <<'ALSA'
pcm.speakers_monitor { type pulse device "speakers.monitor" }
pcm.mic { type pulse device "mic" }
ALSA

# -n -F: these devices and nothing of the system's configuration. Should this script be killed outright, the server
# ends by itself after ten minutes without a client.
pulseaudio -n -F "$home/devices.pa" --daemonize=no --use-pid-file=no --exit-idle-time=600 --disallow-exit=yes \
    --realtime=no --high-priority=no --log-target="file:$home/server.log" </dev/null 2>/dev/null &
server=$!
export COACHDESK_SOUND_SERVER="$server" # its process id: tests take the server away in the middle of a call

tries=0
until pactl list short sources 2>/dev/null | grep -q 'speakers\.monitor'; do
    tries=$((tries + 1))
    if [ "$tries" -gt 100 ] || ! kill -0 "$server" 2>/dev/null; then
        echo "sound_server.sh: pulseaudio does not come up." >&2
        cat "$home/server.log" >&2 || true
        exit 70
    fi
    sleep 0.1
done

# In the background, so that a signal to this script is obeyed at once and not after the command; with the script's own
# input, which a shell otherwise takes from what runs there.
exec 3<&0
"$@" <&3 3<&- &
running=$!
status=0
wait "$running" || status=$?
running=''
exit "$status"
