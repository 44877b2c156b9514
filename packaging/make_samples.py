#!/usr/bin/env python3
"""Builds the bundled sample calls: packaging/samples/<name>.toml -> resources/samples/<name>/.

    python packaging/make_samples.py [NAME...]      (no name: every dialogue in packaging/samples)

Each call becomes `call.opus` (stereo, left = own side, right = the other party), `transcript.json` (the words with
their times) and `truth.json` (the conversation statistics the sound really has, by the definitions of the metrics
table). Voices are synthetic, people and companies invented. The same dialogue and seed give the same files.

Needs the Debian packages flite, sox and ffmpeg (with libopus), and numpy. It never opens a network connection.

A dialogue file says who speaks and what is said, in order. Keys of one `[[lines]]` entry:
    speaker     a key of [speakers]
    text        the words as a transcript should show them
    say         what is synthesised, where that differs (numbers)
    pause_ms    silence before it, from the end of the latest running speech; negative = starts while that still goes on
    at_ms_into  instead of pause_ms: a short response laid inside the line before it, so many ms after its start
    tags        free notes for the editor, copied into the truth; "short" also makes the build check that it is one
The table [pronounce] holds words that are synthesised by another spelling wherever they occur.
"""

import argparse
import functools
import itertools
import json
import re
import subprocess
import tempfile
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Sound = npt.NDArray[np.float64]
Span = tuple[float, float]

ROOT = Path(__file__).resolve().parent.parent
SOURCES, TARGET = ROOT / "packaging" / "samples", ROOT / "resources" / "samples"

RATE_HZ = 16_000
FRAME = RATE_HZ // 100  # 10 ms
VOICED_BELOW_PEAK_DB = 40.0
BRIDGE_S = 0.3
EDGE_S = 0.02  # sound kept on either side of the voiced part of a line
SPEECH_DBFS = -23.0  # level of each speaker's voiced sound
ROOM_DBFS = -62.0  # level of the noise floor of each channel
DEFAULT_PAUSE_MS = 400
SHORT_MAX_S, SHORT_MAX_WORDS, MONOLOGUE_GAP_S = 1.0, 3, 2.0
OVERLAP_MIN_S = 0.2  # an earlier start than this counts as an overlapping start
SHORT_WORDS = (
    "uh|um|huh|hmm|mm|mhm|uh-huh|um-hum|mm-hmm|yeah|yes|yep|yup|no|nope|ok|okay|right|sure|oh|ah|well|so|really|wow|true|"
    "exactly|absolutely|definitely|totally|perfect|cool|great|good|nice|interesting|alright|i see|got it|gotcha|i know|"
    "that's right|that's true|that's great|i understand|i agree|makes sense|of course|fair enough|for sure"
)
SHORT_RESPONSE = re.compile(rf"(?:{SHORT_WORDS})(?: (?:{SHORT_WORDS}))*")


@dataclass(slots=True)
class Line:
    """One dialogue line, placed: times in seconds from the start of the call."""

    index: int
    speaker: str
    text: str
    sound: Sound  # mono, RATE_HZ, with EDGE_S of margin at both ends
    voiced: list[Span]  # voiced spans, relative to `start`
    tags: list[str] = field(default_factory=list)
    start: float = 0.0
    short: bool = False

    @property
    def end(self) -> float:
        """End of the voiced part, s."""
        return self.start + self.voiced[-1][1]

    @property
    def words(self) -> list[str]:
        """The words as written, lower case, without punctuation."""
        return [word.strip(".,?!") for word in self.text.lower().split()]


def merge(spans: Iterable[Span], gap: float = 0.0) -> list[Span]:
    """Union of spans; gaps of at most `gap` seconds are bridged."""
    out: list[Span] = []
    for start, end in sorted(spans):
        if out and start - out[-1][1] <= gap + 1e-9:
            out[-1] = (out[-1][0], max(out[-1][1], end))
        else:
            out.append((start, end))
    return out


def length(spans: Iterable[Span]) -> float:
    """Summed length of spans, s."""
    return sum(end - start for start, end in spans)


def run(*command: str, stdin: bytes = b"") -> bytes:
    """Runs one outside tool and returns what it wrote; its failure ends the build."""
    return subprocess.run(command, check=True, input=stdin, stdout=subprocess.PIPE).stdout


def frame_levels_db(sound: Sound) -> npt.NDArray[np.float64]:
    """Power of each whole 10 ms frame, dB."""
    count = len(sound) // FRAME
    power = (sound[: count * FRAME].reshape(count, FRAME) ** 2).mean(axis=1)
    return np.asarray(10 * np.log10(power + 1e-12), dtype=np.float64)


def synthesise(words: str, voice: dict[str, Any]) -> tuple[Sound, list[Span]]:
    """One line: sound cut to its voiced part plus EDGE_S, and the voiced spans counted from the first voiced frame."""
    pitch = ["pitch", str(voice["pitch_cents"])] if voice.get("pitch_cents") else []
    with tempfile.TemporaryDirectory() as folder:
        spoken, stretch = str(Path(folder, "line.wav")), f"duration_stretch={1 / float(voice['rate']):.3f}"
        run("flite", "-voice", str(voice["voice"]), "--setf", stretch, "-t", words, spoken)
        pcm = run("sox", "-D", spoken, *f"-t s16 -r {RATE_HZ} -c 1 -".split(), "gain", "-6", *pitch)
    sound = np.frombuffer(pcm, "<i2").astype(np.float64) / 32768
    levels = frame_levels_db(sound)
    on = np.flatnonzero(levels > levels.max() - VOICED_BELOW_PEAK_DB).tolist()
    edge = int(EDGE_S * RATE_HZ)
    first, last = on[0] * FRAME, (on[-1] + 1) * FRAME
    padded = np.concatenate([np.zeros(edge), sound, np.zeros(edge)])[first : last + 2 * edge].copy()
    ramp = np.linspace(0, 1, edge)
    padded[:edge] *= ramp
    padded[-edge:] *= ramp[::-1]
    voiced = merge((((k - on[0]) / 100, (k - on[0] + 1) / 100) for k in on), BRIDGE_S)
    return padded, voiced


def spelling(entry: dict[str, Any], pronounce: dict[str, str]) -> str:
    """The words of a line as the synthesiser should read them."""
    words = str(entry.get("say", entry["text"]))
    for written, spoken in pronounce.items():
        words = re.sub(rf"\b{re.escape(written)}\b", spoken, words, flags=re.IGNORECASE)
    return words


def place(dialogue: dict[str, Any]) -> list[Line]:
    """Synthesises every line and lays it on the time axis; the result is in dialogue order."""
    speakers, lines = dialogue["speakers"], list[Line]()
    host: Line | None = None  # the line short responses are laid into
    floor_end = dialogue["lead_in_ms"] / 1000 - DEFAULT_PAUSE_MS / 1000
    for index, entry in enumerate(dialogue["lines"]):
        name = str(entry["speaker"])
        sound, voiced = synthesise(spelling(entry, dialogue["pronounce"]), speakers[name])
        line = Line(index, name, entry["text"], sound, voiced, list(entry.get("tags", [])))
        if "at_ms_into" in entry:
            if host is None or host.speaker == name:
                raise ValueError(f"line {index}: at_ms_into needs the other side's line before it")
            line.start = host.start + entry["at_ms_into"] / 1000
        else:
            line.start = floor_end + entry.get("pause_ms", DEFAULT_PAUSE_MS) / 1000
            host, floor_end = line, max(floor_end, line.start + voiced[-1][1])
        line.start = round(line.start, 3)
        own = [other.end for other in lines if other.speaker == name]
        if own and line.start < max(own) + 0.05:
            raise ValueError(f"line {index} ({entry['text']!r}): {name} would speak over themselves")
        if "at_ms_into" in entry and host is not None and line.end > host.end + 0.25:
            raise ValueError(f"line {index} ({entry['text']!r}) ends {line.end - host.end:.2f} s after its host")
        lines.append(line)
    return lines


def is_short_response(line: Line, lines: list[Line]) -> bool:
    """All words from the list, at most three, at most 1.0 s, and not an answer to the other side's question."""
    before = max(
        (o for o in lines if o.speaker != line.speaker and o.start < line.start), key=lambda o: o.start, default=line
    )
    listed = SHORT_RESPONSE.fullmatch(" ".join(line.words)) is not None and len(line.words) <= SHORT_MAX_WORDS
    return listed and line.voiced[-1][1] <= SHORT_MAX_S and not before.text.endswith("?")


def mix(lines: list[Line], dialogue: dict[str, Any], seconds: float) -> Sound:
    """The stereo call, (samples, 2): each speaker on the own channel at SPEECH_DBFS over a quiet room."""
    rng = np.random.default_rng(dialogue["seed"])
    samples = round(seconds * RATE_HZ)
    stereo = np.zeros((samples, 2))
    for name, speaker in dialogue["speakers"].items():
        own = [line for line in lines if line.speaker == name]
        levels = np.concatenate([frame_levels_db(line.sound) for line in own])
        loud = 10 ** (levels[levels > levels.max() - VOICED_BELOW_PEAK_DB] / 10)
        gain = 10 ** (SPEECH_DBFS / 20) / np.sqrt(loud.mean())
        for line in own:
            at = round((line.start - EDGE_S) * RATE_HZ)
            stereo[at : at + len(line.sound), speaker["channel"]] += gain * line.sound
    for channel in (0, 1):
        spectrum = np.fft.rfft(rng.standard_normal(samples)) / np.sqrt(np.arange(1, samples // 2 + 2))
        spectrum[: round(20 * seconds)] = 0  # nothing below 20 Hz
        noise = np.fft.irfft(spectrum, samples)
        stereo[:, channel] += noise / np.sqrt((noise**2).mean()) * 10 ** (ROOM_DBFS / 20)
    if np.abs(stereo).max() > 0.98:
        raise ValueError("the mix clips: lower SPEECH_DBFS")
    return stereo


def turns_of(lines: list[Line]) -> list[dict[str, Any]]:
    """Consecutive lines of one speaker; short responses neither are turns nor break one. Times in s."""
    spoken = sorted((line for line in lines if not line.short), key=lambda line: line.start)
    turns = []
    for name, group in itertools.groupby(spoken, key=lambda line: line.speaker):
        own = list(group)
        turns.append({"speaker": name, "start": own[0].start, "end": own[-1].end, "n": len(own)})
    return turns


def longest_monologue(name: str, lines: list[Line]) -> Span:
    """Longest stretch (start, end), s: a pause > 2.0 s or the other side's turn of three words or more ends it."""
    best, current = (0.0, 0.0), (0.0, 0.0)
    broken = True
    for line in sorted((line for line in lines if not line.short), key=lambda line: line.start):
        if line.speaker != name:
            broken = broken or len(line.words) >= 3
            continue
        broken = broken or line.start - current[1] > MONOLOGUE_GAP_S
        current = (line.start if broken else current[0], line.end)
        broken = False
        best = max(best, current, key=lambda span: span[1] - span[0])
    return best


def side_truth(name: str, lines: list[Line], activity: dict[str, list[Span]]) -> dict[str, Any]:
    """Figures of one speaker; seconds, or counts."""
    own, turns = [line for line in lines if line.speaker == name], turns_of(lines)
    talk, words = length(activity[name]), sum(len(line.words) for line in own)
    gaps = [(b["start"], b["start"] - a["end"]) for a, b in itertools.pairwise(turns) if b["speaker"] == name]
    early = [{"at": at, "overlap_s": round(-gap, 3)} for at, gap in gaps if gap < -OVERLAP_MIN_S]
    waits = [gap for _, gap in gaps if gap >= 0]
    sentences = [s for line in own for s in re.findall(r"[^.?!]+\?", line.text)]
    monologue = longest_monologue(name, lines)
    return {
        "talk_s": round(talk, 3),
        "active_s": round(sum(length(line.voiced) for line in own), 3),
        "talk_ratio": round(talk / sum(map(length, activity.values())), 4),
        "words": words,
        "wpm": round(words / talk * 60, 1),
        "questions": sum(len(sentence.split()) >= 3 for sentence in sentences),
        "longest_monologue_s": round(monologue[1] - monologue[0], 3),
        "longest_monologue_at": monologue[0],
        "turns": sum(turn["speaker"] == name for turn in turns),
        "backchannels": sum(line.short for line in own),
        "patience_mean_s": round(float(np.mean(waits)), 3) if waits else None,
        "patience_median_s": round(float(np.median(waits)), 3) if waits else None,
        "interruptions": len(early),
        "interruption_list": early,
    }


def truth_of(lines: list[Line], dialogue: dict[str, Any], seconds: float) -> dict[str, Any]:
    """What a perfect ear would measure. The other side goes by the role of the dialogue (prospect, candidate)."""
    speakers = dialogue["speakers"]
    activity = {
        name: merge(((u.start + a, u.start + b) for u in lines if u.speaker == name for a, b in u.voiced), BRIDGE_S)
        for name in speakers
    }
    speech = length(merge(span for spans in activity.values() for span in spans))
    return {
        "duration_s": round(seconds, 3),
        "speakers": {name: side_truth(name, lines, activity) for name in speakers},
        "utterances": [
            {"id": u.index, "speaker": u.speaker, "start": u.start, "end": round(u.end, 3), "text": u.text,
             "tags": u.tags, "active_s": round(length(u.voiced), 3), "backchannel": u.short}
            for u in sorted(lines, key=lambda u: u.start)
        ],
        "switches": len(turns_of(lines)) - 1,
        "speech_s": round(speech, 3),
        "silence_s": round(seconds - speech, 3),
        "overlap_s": round(sum(map(length, activity.values())) - speech, 3),
        "turns": [{**turn, "end": round(turn["end"], 3)} for turn in turns_of(lines)],
        "title": dialogue["title"],
        "channels": {str(speaker["channel"]): name for name, speaker in speakers.items()},
        "voices": {name: f"flite:{speaker['voice']}" for name, speaker in speakers.items()},
    }  # fmt: skip


def transcript_of(lines: list[Line], dialogue: dict[str, Any]) -> dict[str, Any]:
    """The words for the app, times in whole ms; labels are rep (own side) and other."""
    label = {name: "rep" if s["channel"] == 0 else "other" for name, s in dialogue["speakers"].items()}
    return {
        "format": "coachdesk.transcript/1",
        **{key: dialogue[key] for key in ("title", "account", "playbook", "started_at", "language")},
        "speakers": [
            {"label": label[name], "name": s["name"], "channel": s["channel"], "role": label[name]}
            for name, s in dialogue["speakers"].items()
        ],
        "utterances": [
            {"speaker": label[u.speaker], "start_ms": round(u.start * 1000), "end_ms": round(u.end * 1000),
             "text": u.text}
            for u in sorted(lines, key=lambda u: u.start)
        ],
    }  # fmt: skip


def encode(stereo: Sound, target: Path, bitrate: str) -> None:
    """Writes Ogg Opus; bitexact flags keep the stream number and the tags the same from build to build."""
    pcm = (np.clip(stereo, -1, 1) * 32767).round().astype("<i2").tobytes()
    given = f"-y -v error -f s16le -ar {RATE_HZ} -ac 2 -i -".split()
    opus = f"-c:a libopus -b:a {bitrate} -vbr constrained -map_metadata -1 -fflags +bitexact -flags:a +bitexact".split()
    run("ffmpeg", *given, *opus, str(target), stdin=pcm)


def report(name: str, truth: dict[str, Any], size: int) -> str:
    """A few lines of figures to read after a build."""
    shorts = [u["end"] - u["start"] for u in truth["utterances"] if u["backchannel"]]
    early = [o["overlap_s"] for side in truth["speakers"].values() for o in side["interruption_list"]]
    keys = ("talk_ratio", "wpm", "longest_monologue_s", "longest_monologue_at", "turns", "backchannels", "questions")
    out = [f"{name}: {truth['duration_s']:.2f} s, speech {truth['speech_s']:.1f} s, {size / 1e6:.2f} MB"]
    out += [f"{who}: " + ", ".join(f"{key} {side[key]}" for key in keys) for who, side in truth["speakers"].items()]
    out += [f"{len(shorts)} short responses, longest {max(shorts):.2f} s; {truth['switches']} switches"]
    out += [f"{len(early)} other overlapping starts {early} s; both speak for {truth['overlap_s']:.1f} s in all"]
    return "\n  ".join(out)


def build(name: str) -> str:
    """Builds one sample call and returns its figures."""
    dialogue = tomllib.loads((SOURCES / f"{name}.toml").read_text("utf-8"))
    lines = place(dialogue)
    for line in lines:
        line.short = is_short_response(line, lines)
        if "short" in line.tags and not line.short:
            raise ValueError(f"line {line.index} ({line.text!r}, {line.voiced[-1][1]:.2f} s) is no short response")
    seconds = round(max(line.end for line in lines) + dialogue["tail_ms"] / 1000, 2)
    target = TARGET / name
    target.mkdir(parents=True, exist_ok=True)
    truth = truth_of(lines, dialogue, seconds)
    write = functools.partial(json.dumps, indent=1, ensure_ascii=False)
    (target / "truth.json").write_text(write(truth) + "\n", "utf-8")
    (target / "transcript.json").write_text(write(transcript_of(lines, dialogue)) + "\n", "utf-8")
    encode(mix(lines, dialogue, seconds), target / "call.opus", dialogue["bitrate"])
    return report(name, truth, (target / "call.opus").stat().st_size)


def main() -> None:
    """Command line: rebuilds the named samples, or all."""
    parser = argparse.ArgumentParser(description="Rebuild the bundled sample calls.")
    known = sorted(path.stem for path in SOURCES.glob("*.toml"))
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of: {', '.join(known)} (default: all)")
    names = parser.parse_args().names or known
    if unknown := sorted(set(names) - set(known)):
        parser.error(f"no such dialogue: {', '.join(unknown)}")
    for name in names:
        print(build(name))


if __name__ == "__main__":
    main()
