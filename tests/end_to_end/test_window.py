"""The window as a person meets it: a real screen, a real process, the keyboard alone; from a recording to a result.

Three ways in: files chosen in the dialog, the sample of the first run, a meeting program's folder. What was done is read
from the history on disk afterwards, by another process.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from coachdesk.desk.desk import Desk, open_desk
from coachdesk.gui import theme
from coachdesk.gui.pages.review_view import Moment, moments
from tests.conftest import ROOT, SAMPLES
from tests.end_to_end.screen import Picture, Program, Screen, missing, until

Document = dict[str, Any]
COLOURS = 200  # a picture of the window has more than this; an empty or broken one has not
TEXT, OWN = (tuple(bytes.fromhex(shade[1:])) for shade in (theme.LIGHT.text, theme.LIGHT.own))

pytestmark = [
    pytest.mark.alone,
    pytest.mark.skipif(
        bool(missing()) and "COACHDESK_CI" not in os.environ, reason=f"not on this machine: {', '.join(missing())}"
    ),
]


@pytest.fixture
def screen(tmp_path: Path) -> Iterator[Screen]:
    (tmp_path / "screen").mkdir()
    opened = Screen(tmp_path / "screen")
    yield opened
    opened.keep(tmp_path / "left.png")  # what there was to see where a test failed
    opened.close()


@pytest.fixture
def history(own_home: Path) -> Iterator[Desk]:
    """The history on disk, seen by another process than the window's."""
    with open_desk(str(own_home)) as desk:
        yield desk


def settle_in(home: Path, **settings: object) -> None:
    """A home whose first questions were answered."""
    home.mkdir(exist_ok=True)
    lines = [f"{name} = {json.dumps(value)}" for name, value in {"welcomed": True, **settings}.items()]
    (home / "settings.toml").write_text("\n".join(lines), "utf-8")


def wait_for_first_actions(screen: Screen) -> None:
    """Until the empty library shows what can be done first, one action framed for the keyboard."""
    until(lambda: any(400 < run < 900 for run in own_rows(screen)), "the first actions")


def wait_for_questions(screen: Screen) -> None:
    """Until the first questions are there: the library's blue button is gone from the top, and "Continue" is seen."""
    until(lambda: not any(own_rows(screen)[:120]) and any(own_rows(screen)), "the first questions")


def own_rows(screen: Screen) -> list[int]:
    """How much of each row of the window has the colour of what has the keyboard."""
    _left, top = screen.corner
    return (screen.picture()[top:] == OWN).all(axis=2).sum(axis=1).tolist()  # type: ignore[no-any-return]


class Sitting:
    """One call before one person: what they press, and what the history says of it."""

    def __init__(self, screen: Screen, history: Desk) -> None:
        self.screen, self.history = screen, history
        self.call = ""
        self._corner: tuple[int, int] | None = None
        self._start_x = 0.0

    def document(self) -> Document:
        return msgspec.to_builtins(self.history.review(self.call))  # type: ignore[no-any-return]

    def wait_for_call(self) -> None:
        """Until a call with its words is in the history."""
        ready = until(lambda: [c for c in self.history.calls() if c["state"] == "transcribed"], "a call with its words")
        self.call = ready[0]["id"]

    def wait_for(self, what: str, holds: Any) -> Document:
        """Until the history says so."""
        until(lambda: holds(self.document()), what, most_s=15)
        return self.document()

    # --- hearing

    def playhead_ms(self) -> int:
        """Where the pin of the timeline stands; -1 where there is none."""
        left, top = self._corner = self._corner or self.screen.corner
        begin, end = left + 176 + 24 + 8, left + 1280 - 24 - 8 - 1
        strip = self.screen.picture()[top + 100 : top + 126, begin:end]
        for row in (strip == TEXT).all(axis=2):
            pin = row.nonzero()[0]
            if len(pin) >= 5 and pin[-1] - pin[0] == len(pin) - 1:  # a stretch of nothing but the text's colour
                return self._time_of((pin[0] + pin[-1]) / 2, end - begin - 12)
        return -1

    def _time_of(self, x: float, right: float) -> int:
        self._start_x = self._start_x or x  # a call is opened at its beginning
        share = (x - self._start_x) / (right - self._start_x)
        return round(share * self.history.find(self.call).duration_ms)

    def wait_until_shown(self) -> None:
        until(lambda: self.playhead_ms() == 0, "the review of the call")

    def plays_and_pauses(self) -> None:
        self.screen.press("space")
        until(lambda: self.playhead_ms() > 1_000, "the pin moves while it plays")
        self.screen.press("space")
        self.screen.settled()

    def plays_evidence(self) -> None:
        """The next moment plays from where it begins."""
        doc, at = self.document(), self.playhead_ms()
        following: Moment = next(m for m in moments(doc) if m.start_ms > at + 1_000)
        self.screen.press("Right")
        a_pixel = 800
        until(lambda: self.playhead_ms() >= following.start_ms - a_pixel, "the pin at the moment", most_s=5)
        self.screen.press("space")
        assert self.playhead_ms() < following.start_ms + 5_000
        self.screen.settled()

    # --- setting right

    def corrects_words(self, text: str) -> None:
        """The first line says something else from now on."""
        self.screen.press("Home", "F2", "ctrl+a")
        self.screen.type(text)
        self.screen.press("Return")
        doc = self.wait_for("the corrected words", lambda doc: doc["transcript"]["utterances"][0]["text"] == text)
        assert doc["transcript"]["utterances"][0]["corrected"]

    def opens_answers(self, rule: str) -> None:
        """C leads to the coaching, Tab on to "Not right?" of a finding; and its menu."""
        before = self.screen.settled()
        for n, stop in enumerate(stops(self.document(), unfolded=rule)):
            self.screen.press("Tab" if n else "c")
            if stop == f"unfold {rule}":
                before = self.screen.settled(before)
                self.screen.press("space")
            if stop == f"answer {rule}":
                break
        before = self.screen.settled(before)
        self.screen.press("space")
        self.screen.settled(before)

    def answers(self, rule: str, fact: str) -> None:
        """Choose one of the answers to a finding."""
        doc = self.document()
        self.opens_answers(rule)
        finding = next(f for f in (*doc["suggestions"], *doc["review_flags"]) if f["rule"] == rule)
        self.screen.press(*["Down"] * (finding["may_be_answered"].index(fact) + 1), "Return")

    def shows_where(self, rule: str, line: int) -> int:
        """It is here: a line of the transcript, chosen with the arrows; returns its time."""
        before = self.screen.settled()
        self.answers(rule, "present")
        self.screen.settled(before)
        self.screen.press("Home", *["Down"] * (line + 1), "Up", "m")
        return int(self.document()["transcript"]["utterances"][line]["start_ms"])

    # --- deciding

    def chooses_result(self, digit: int) -> None:
        """R, and the digit that stands before the result."""
        self.screen.press("r", str(digit))
        word = list(self.document()["labels"]["results"])[digit - 1]
        self.wait_for("the result", lambda doc: doc["call"]["result"] == word)

    def confirms_step(self) -> None:
        self.screen.press("n")
        self.wait_for("the next step", lambda doc: [s for s in doc["next_steps"] if s["source"] == "person"])

    def is_done(self) -> None:
        self.screen.press("d")
        self.wait_for("the call reviewed", lambda doc: doc["reviewed"])


def stops(doc: Document, unfolded: str = "") -> list[str]:
    """What Tab comes to in the coaching, in the order in which it is read."""
    found: list[str] = []

    def moments_of(finding: Document) -> list[str]:
        n = len(finding["evidence"])
        return ["play"] * min(n, 2) + ["more"] * (n > 2)

    def body_of(finding: Document, tried: bool) -> list[str]:
        well = ["play"] * len(finding["went_well"])
        return [*moments_of(finding), *well, *["try"] * tried, "goal", "not now", f"answer {finding['rule']}"]

    for finding in doc["praise"]:
        found += moments_of(finding)
    for finding in sorted(doc["suggestions"], key=lambda s: not s["focus"]):
        if not finding["focus"]:
            found.append(f"unfold {finding['rule']}")
        if finding["focus"] or finding["rule"] == unfolded:
            found += body_of(finding, tried=True)
    for finding in doc["review_flags"]:
        found += body_of(finding, tried=False)
    return found


def end(screen: Screen, program: Program, picture: Path) -> None:
    """A picture to look at, then Ctrl+Q: ended well, nothing left, nothing said."""
    before: Picture = screen.settled()
    assert before.any()
    assert screen.keep(picture) > COLOURS
    screen.press("ctrl+q")
    assert program.ended() == 0
    assert program.left_behind() == []
    assert "Traceback" not in program.said, program.said


def shown(home: Path, call: str) -> Document:
    """What the command line says of the call."""
    command = [sys.executable, "-m", "coachdesk", "--home", str(home), "show", call, "--json", "--all"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)  # type: ignore[no-any-return]


def test_a_recording_and_its_transcript_chosen_in_the_dialog(
    screen: Screen, history: Desk, own_home: Path, tmp_path: Path
) -> None:
    settle_in(own_home, my_name="Owen Tarrant")
    sample, folder = SAMPLES / "sales_discovery", tmp_path / "calls"
    folder.mkdir()
    shutil.copy(sample / "call.opus", folder / "call.opus")
    shutil.copy(sample / "transcript.json", folder / "call.json")
    program = screen.open(own_home)
    wait_for_first_actions(screen)
    screen.press("ctrl+o")
    screen.wait_for_window("Import recordings")
    screen.type(f'"{folder / "call.opus"}" "{folder / "call.json"}"')
    screen.press("Return")
    screen.wait_for_window("CoachDesk")
    sitting = Sitting(screen, history)
    sitting.wait_for_call()
    screen.settled()
    screen.press("Return")
    sitting.wait_until_shown()

    sitting.plays_and_pauses()
    sitting.plays_evidence()
    sitting.corrects_words("Hi, is that Dana? This is Owen, at Fieldlark.")
    sitting.answers("DIS-01", "not_for_me")
    sitting.wait_for("the answer", lambda doc: [a["fact"] for a in doc["answers"]] == ["not_for_me"])
    sitting.chooses_result(3)
    sitting.confirms_step()
    screen.settled()
    assert screen.keep(tmp_path / "review.png") > COLOURS
    sitting.is_done()

    end(screen, program, tmp_path / "dialog.png")
    kept = shown(own_home, sitting.call)
    assert [(a["rule"], a["fact"]) for a in kept["answers"]] == [("DIS-01", "not_for_me")]
    assert kept["call"]["result"] == "follow_up" and kept["reviewed"]
    assert kept["transcript"]["engine"] == "imported" and kept["transcript"]["utterances"][0]["corrected"]
    assert [s["name"] for s in kept["speakers"] if s["role"] == "rep"] == ["Owen Tarrant"]


def test_the_first_run_and_its_sample(screen: Screen, history: Desk, own_home: Path, tmp_path: Path) -> None:
    program = screen.open(own_home)
    wait_for_questions(screen)
    screen.press("Right", "Tab")  # from sales to recruiting, and on to the name
    screen.type("Nora Ellery")
    before = screen.settled()
    screen.press("Return")
    screen.settled(before)
    screen.press("Tab", "Tab", "Return")  # past "Record a call" and "Import a recording" to the sample
    sitting = Sitting(screen, history)
    sitting.wait_for_call()
    sitting.wait_until_shown()

    sitting.plays_and_pauses()
    sitting.plays_evidence()
    sitting.corrects_words("Hello Callum, this is Nora. Is now still a good time?")
    sitting.answers("PRT-MARITAL_FAMILY", "absent")
    sitting.wait_for("the answer", lambda doc: [a["fact"] for a in doc["answers"]] == ["absent"])
    sitting.chooses_result(1)
    sitting.confirms_step()
    screen.settled()
    assert screen.keep(tmp_path / "review.png") > COLOURS
    sitting.is_done()

    end(screen, program, tmp_path / "first-run.png")
    kept = shown(own_home, sitting.call)
    assert kept["provenance"]["playbook"] == "recruiting_screen"
    assert [(a["rule"], a["fact"]) for a in kept["answers"]] == [("PRT-MARITAL_FAMILY", "absent")]
    assert "PRT-MARITAL_FAMILY" not in [flag["rule"] for flag in kept["review_flags"]]
    assert kept["call"]["result"] == "moved_forward" and kept["reviewed"]
    settings = (own_home / "settings.toml").read_text("utf-8")
    assert 'playbook = "recruiting_screen"' in settings and 'my_name = "Nora Ellery"' in settings


def test_a_meeting_folder_with_a_file_for_each_person(
    screen: Screen, history: Desk, own_home: Path, tmp_path: Path
) -> None:
    settle_in(own_home, my_name="Owen Tarrant")
    meeting = tmp_path / "2026-09-15 14.30.00 Kestrow"
    record(meeting)
    program = screen.open(own_home)
    wait_for_first_actions(screen)
    before = screen.settled()
    screen.press("ctrl+k", "Tab")
    before = screen.settled(before)
    screen.press("space")
    screen.wait_for_window("Import a folder")
    screen.type(str(meeting))
    screen.press("Return")
    screen.wait_for_window("CoachDesk")
    sitting = Sitting(screen, history)
    sitting.wait_for_call()
    screen.settled()
    screen.press("ctrl+1", "Return")
    sitting.wait_until_shown()

    sitting.plays_and_pauses()
    sitting.plays_evidence()
    sitting.corrects_words("Hi, is that Dana? This is Owen, at Fieldlark.")
    at_ms = sitting.shows_where("NXT-02", 2)
    sitting.wait_for("the answer", lambda doc: [a["fact"] for a in doc["answers"]] == ["present"])
    sitting.chooses_result(2)
    sitting.confirms_step()
    screen.settled()
    assert screen.keep(tmp_path / "review.png") > COLOURS
    sitting.is_done()

    end(screen, program, tmp_path / "folder.png")
    kept = shown(own_home, sitting.call)
    assert kept["call"]["title"] == meeting.name and kept["recording"]["channels"] == 2
    assert [(a["rule"], a["fact"], a["at_ms"]) for a in kept["answers"]] == [("NXT-02", "present", at_ms)]
    assert kept["call"]["result"] == "agreed" and kept["reviewed"]
    assert [s["name"] for s in kept["speakers"] if s["role"] == "rep"] == ["Owen Tarrant"]


def record(meeting: Path) -> None:
    """The sample as a meeting program leaves it: a file for each person, and the words as captions."""
    sample, people = SAMPLES / "sales_discovery", meeting / "Audio Record"
    people.mkdir(parents=True)
    left, right = people / "audioOwenTarrant11234567890.m4a", people / "audioDanaWhitlock21234567890.m4a"
    split = ["-af", "pan=mono|c0=c0", str(left), "-af", "pan=mono|c0=c1", str(right)]
    subprocess.run(["ffmpeg", "-loglevel", "error", "-i", str(sample / "call.opus"), *split], check=True, timeout=60)
    said = json.loads((sample / "transcript.json").read_text("utf-8"))
    names = {speaker["label"]: speaker["name"] for speaker in said["speakers"]}
    cues = [
        f"{stamp(u['start_ms'])} --> {stamp(u['end_ms'])}\n{names[u['speaker']]}: {u['text']}"
        for u in said["utterances"]
    ]
    (meeting / "audio_transcript.vtt").write_text("\n\n".join(["WEBVTT", *cues]), "utf-8")


def stamp(ms: int) -> str:
    return f"{ms // 3_600_000:02d}:{ms // 60_000 % 60:02d}:{ms // 1000 % 60:02d}.{ms % 1000:03d}"


def test_a_call_recorded_noted_and_coached(screen: Screen, history: Desk, own_home: Path, tmp_path: Path) -> None:
    sound = SAMPLES / "sales_discovery" / "call.opus"
    settle_in(
        own_home,
        record_mic=f"file:{sound}?channel=0",
        record_system=f"file:{sound}?channel=1",
        engine="none",
        offer_to_record=False,
    )
    program = screen.open(own_home)
    wait_for_first_actions(screen)
    screen.press("ctrl+r")
    made = until(lambda: list((own_home / "recordings").glob("*.opus")), "a recording")
    until(lambda: made[0].stat().st_size > 20_000, "some sound", most_s=30)
    screen.type("crews of six")
    screen.press("Return", "ctrl+b")
    assert screen.keep(tmp_path / "recording.png") > COLOURS
    screen.press("ctrl+r")
    call = until(lambda: history.calls(), "the call", most_s=30)[0]["id"]
    screen.wait_for_window("CoachDesk")
    end(screen, program, tmp_path / "recorded.png")
    kept = shown(own_home, call)
    assert [(c["what"], c["text"]) for c in kept["comments"]] == [("", "crews of six"), ("mark", "")]
    assert all(0 < c["start_ms"] < kept["call"]["duration_ms"] for c in kept["comments"])
    assert kept["recording"]["layout"] == "two_sides"
    assert list((own_home / "recordings").iterdir()) == []
