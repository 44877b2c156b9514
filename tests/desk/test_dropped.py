"""What is dropped on the window: folders of meeting programs are one call, other folders as many as they have sounds."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from coachdesk.desk import dropped
from coachdesk.desk.desk import Desk
from coachdesk.desk.dropped import Dropped, sort
from tests.conftest import ROOT


def lay(folder: Path, *names: str) -> Path:
    """Empty files of these names: nothing is opened."""
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return folder


def told(found: Dropped) -> list[tuple[list[str], str | None]]:
    """(names of the sounds, name of the transcript) per call."""
    return [([f.name for f in call.files], call.transcript.name if call.transcript else None) for call in found.calls]


def names(paths: tuple[Path, ...]) -> list[str]:
    return [path.name for path in paths]


PEOPLE = ("audioDanMercer21234567890.m4a", "audioJaneDoe11234567890.m4a")
AROUND = ("audio_only.m4a", "video1234567890.mp4", "chat.txt", "recording.conf", "double_click_to_convert_01.zoom")


class TestMeetings:
    @pytest.mark.parametrize(
        "inner", ["", "Audio Record/", "audio_record/", "Participants/", "tracks/", "Individual 2/"]
    )
    def test_one_file_per_participant_is_one_call(self, tmp_path, inner):
        folder = lay(tmp_path / "2026-09-15 Dana", *AROUND, *(inner + name for name in PEOPLE))
        (call,) = sort([folder]).calls
        assert call.files == tuple(folder / inner / name for name in PEOPLE)
        assert call.tracks and call.title == "2026-09-15 Dana" and call.transcript is None

    def test_its_transcript_comes_along_and_what_was_typed_does_not(self, tmp_path):
        folder = lay(
            tmp_path, "chat.txt", "meeting_saved_chat.txt", "meeting_saved_closed_caption.txt", *PEOPLE, "notes.pdf"
        )
        found = sort([folder])
        assert told(found) == [(list(PEOPLE), "meeting_saved_closed_caption.txt")]
        assert found.transcripts == ()

    @pytest.mark.parametrize(
        ("my_name", "me"), [("Jane Doe", "2"), ("dan mercer ", "1"), ("", ""), ("  ", ""), ("Priya Nair", "")]
    )
    def test_ones_own_file_is_known_by_name(self, tmp_path, my_name, me):
        assert sort([lay(tmp_path, *PEOPLE)], my_name).calls[0].me == me

    def test_the_desk_knows_ones_name(self, desk: Desk, tmp_path: Path) -> None:
        desk.change(my_name="Jane Doe")
        (call,) = desk.look_into([lay(tmp_path, *PEOPLE)]).calls
        assert call.me == "2"

    def test_a_folder_of_meetings_is_a_call_each_in_order_of_their_names(self, tmp_path):
        lay(tmp_path / "Zoom" / "2026-09-16 Callum", *("Audio Record/" + name for name in PEOPLE), "closed_caption.vtt")
        lay(tmp_path / "Zoom" / "2026-09-15 Dana", *PEOPLE)
        lay(tmp_path / "Zoom" / "2026-09-17 Alone", "audio_only.m4a")
        found = sort([tmp_path / "Zoom"])
        assert [call.title for call in found.calls] == ["2026-09-15 Dana", "2026-09-16 Callum", ""]
        assert [len(call.files) for call in found.calls] == [2, 2, 1]

    def test_one_participant_alone_is_no_meeting(self, tmp_path):
        found = sort([lay(tmp_path, PEOPLE[0], "Audio Record/" + PEOPLE[1])])
        assert told(found) == [([PEOPLE[0]], None), ([PEOPLE[1]], None)]
        assert not any(call.tracks for call in found.calls)

    def test_everybody_in_one_file_is_nobodys_own(self, tmp_path):
        found = sort([lay(tmp_path, "audio_only_1234567890.m4a", "audio1234567890.m4a", "audio9876543210.m4a")])
        assert len(found.calls) == 3 and not any(call.tracks for call in found.calls)
        found = sort([lay(tmp_path / "with one", "audio_only_1234567890.m4a", PEOPLE[0])])
        assert len(found.calls) == 2 and not any(call.tracks for call in found.calls)

    def test_what_a_mac_adds_is_no_participant(self, tmp_path):
        hidden = ("._" + PEOPLE[0], ".DS_Store", "Audio Record/._" + PEOPLE[0])
        found = sort([lay(tmp_path, *hidden, *("Audio Record/" + name for name in PEOPLE))])
        assert told(found) == [(list(PEOPLE), None)] and found.left_out == ()


class TestTranscripts:
    @pytest.mark.parametrize(
        ("sound", "words"),
        [
            ("Call with Dana.mp4", "Call with Dana.vtt"),  # as Teams saves them
            ("abc-defg-hij (2026-09-15 14-30 GMT).mp4", "abc-defg-hij (2026-09-15 14-30 GMT).txt"),  # and Meet
            ("call.2026.wav", "call.2026.vtt"),
            ("v1.2.3.flac", "v1.2.3.json"),
            ("CALL.WAV", "CALL.Vtt"),
            ("call.Mp3", "call.SRT"),
            ("Ärger größer.m4a", "Ärger größer.vtt"),
        ],
    )
    def test_words_of_the_same_name_go_with_a_sound(self, tmp_path, sound, words):
        folder = lay(tmp_path, sound, words)
        expected = Dropped(calls=sort([folder]).calls)
        assert told(expected) == [([sound], words)]
        assert sort([folder]) == expected and sort([folder / words, folder / sound]) == expected

    def test_names_alike_up_to_a_dot_are_not_the_same(self, tmp_path):
        found = sort([lay(tmp_path, "call.2026.wav", "call.2025.vtt", "call.vtt")])
        assert told(found) == [(["call.2026.wav"], None)]
        assert sorted(names(found.transcripts)) == ["call.2025.vtt", "call.vtt"]

    def test_the_same_name_in_another_folder_is_another_call(self, tmp_path):
        found = sort([lay(tmp_path, "monday/call.wav", "tuesday/call.vtt")])
        assert told(found) == [(["call.wav"], None)] and names(found.transcripts) == ["call.vtt"]

    def test_of_several_forms_of_the_words_one_is_taken_and_none_is_lost_sight_of(self, tmp_path):
        found = sort([lay(tmp_path, "call.wav", "call.json", "call.srt", "call.vtt", "alone.srt", "alone.txt")])
        assert told(found) == [(["call.wav"], "call.vtt")]
        assert names(found.transcripts) == ["alone.txt"]
        assert names(found.left_out) == ["alone.srt", "call.json", "call.srt"]

    def test_one_transcript_is_not_given_to_two_sounds(self, tmp_path):
        found = sort([lay(tmp_path, "call.m4a", "call.mp4", "call.vtt")])
        assert told(found) == [(["call.m4a"], "call.vtt"), (["call.mp4"], None)]

    def test_what_was_typed_beside_a_call_is_no_transcript(self, tmp_path):
        typed = ("GMT20260915-143000_RecordingnewChat.txt", "chat.txt", "meeting_saved_new_chat.txt")
        found = sort([lay(tmp_path, "call.wav", "Chat with Dana.txt", *typed)])
        assert names(found.transcripts) == ["Chat with Dana.txt"] and names(found.left_out) == list(typed)


class TestFolders:
    def test_every_sound_is_a_call_however_deep(self, tmp_path):
        found = sort([lay(tmp_path, "b.wav", "a.mp3", "x/c.ogg", "x/y/z/d.opus", "x/y/z/d.srt", "x/readme.md")])
        assert told(found) == [(["a.mp3"], None), (["b.wav"], None), (["c.ogg"], None), (["d.opus"], "d.srt")]
        assert names(found.left_out) == ["readme.md"]

    def test_odd_files_are_left_out_and_said(self, tmp_path):
        odd = ("Makefile", "a.b", "notes.docx", "picture.PNG", "wav")
        found = sort([lay(tmp_path, *odd, "call.wav")])
        assert names(found.left_out) == list(odd) and told(found) == [(["call.wav"], None)]
        assert sort([tmp_path / name for name in odd]) == Dropped(left_out=tuple(tmp_path / name for name in odd))

    def test_an_empty_folder_is_nothing(self, tmp_path):
        (tmp_path / "inner").mkdir()
        assert sort([tmp_path]) == Dropped() == sort([])

    def test_a_path_that_is_not_there_is_left_for_bringing_in_to_explain(self, tmp_path):
        found = sort([tmp_path / "gone.wav", tmp_path / "gone"])
        assert told(found) == [(["gone.wav"], None)] and names(found.left_out) == ["gone"]

    def test_folders_and_files_may_be_dropped_together(self, tmp_path):
        lay(tmp_path, "one/a.wav", "two/b.wav", "c.wav", "c.vtt")
        found = sort([tmp_path / "c.vtt", tmp_path / "two", tmp_path / "c.wav", tmp_path / "one"])
        assert told(found) == [(["b.wav"], None), (["a.wav"], None), (["c.wav"], "c.vtt")]

    def test_a_folder_with_a_suffix_is_a_folder(self, tmp_path):
        found = sort([lay(tmp_path, "session.wav/a.mp3", "words.vtt/b.mp3")])
        assert told(found) == [(["a.mp3"], None), (["b.mp3"], None)]

    def test_a_folder_in_a_folder_that_was_dropped_too_counts_once(self, tmp_path):
        lay(tmp_path, "a.wav", "inner/b.wav")
        assert told(sort([tmp_path, tmp_path / "inner"])) == [(["a.wav"], None), (["b.wav"], None)]

    def test_more_files_than_anybody_means_are_left_out_and_said(self, tmp_path, monkeypatch):
        monkeypatch.setattr(dropped, "MOST_FILES", 3)
        found = sort([lay(tmp_path, *(f"{n}.wav" for n in range(5)))])
        assert len(found.calls) == 3 and names(found.left_out) == ["3.wav", "4.wav"]

    @pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
    def test_links_that_lead_back_end(self, tmp_path):
        folder = lay(tmp_path / "calls", "a.wav", "inner/b.wav")
        (folder / "back").symlink_to(folder)
        (folder / "inner" / "up").symlink_to(tmp_path)
        (folder / "inner" / "side").symlink_to(folder / "inner")
        (folder / "itself").symlink_to(folder / "itself")
        (folder / "gone.wav").symlink_to(tmp_path / "nowhere.wav")
        found = sort([folder])
        assert told(found) == [(["a.wav"], None), (["b.wav"], None)]
        assert sorted(names(found.left_out)) == ["gone.wav", "itself"]

    @pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
    def test_a_link_to_another_folder_is_followed(self, tmp_path):
        lay(tmp_path, "elsewhere/a.wav", "calls/b.wav")
        (tmp_path / "calls" / "more").symlink_to(tmp_path / "elsewhere")
        (tmp_path / "link").symlink_to(tmp_path / "calls")
        assert told(sort([tmp_path / "link"])) == [(["b.wav"], None), (["a.wav"], None)]

    @pytest.mark.skipif(sys.platform == "win32", reason="pipes and rights of another kind")
    def test_what_would_never_end_being_read_is_left_out(self, tmp_path):
        os.mkfifo(lay(tmp_path, "a.wav") / "pipe.wav")
        found = sort([tmp_path])
        assert told(found) == [(["a.wav"], None)] and names(found.left_out) == ["pipe.wav"]


WITHOUT_POWERS = """
import ctypes, sys
capset = ctypes.CDLL(None, use_errno=True).capset
assert capset((ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()) == 0  # root without root's powers
from pathlib import Path
from coachdesk.desk.dropped import sort
found = sort([Path(sys.argv[1])])
print([f.name for call in found.calls for f in call.files], [p.name for p in found.left_out])
"""


@pytest.mark.skipif(sys.platform != "linux", reason="how powers are put down is another matter elsewhere")
def test_a_folder_that_may_not_be_read_is_left_out_and_the_rest_is_found(tmp_path: Path) -> None:
    lay(tmp_path, "a.wav", "locked/b.wav", "participants/c.wav", "dark/d.wav")
    modes = {"locked": 0o000, "participants": 0o000, "dark": 0o444}
    for folder, mode in modes.items():
        (tmp_path / folder).chmod(mode)
    try:
        run = subprocess.run(
            [sys.executable, "-c", WITHOUT_POWERS, str(tmp_path)], capture_output=True, text=True, cwd=ROOT
        )
    finally:
        for folder in modes:
            (tmp_path / folder).chmod(0o755)
    assert run.stdout.strip() == "['a.wav'] ['d.wav', 'locked', 'participants']", run.stderr
