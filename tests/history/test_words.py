"""Transcript versions, and a search that follows the words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coachdesk.errors import InputError, NotFound
from coachdesk.history import calls, sidecar, words
from coachdesk.history.store import Store, new_id
from coachdesk.model import Call, Role, Speaker, Transcript, Utterance, WordsGrade
from coachdesk.paths import home


@pytest.fixture
def store(own_home: Path):
    with Store(home(str(own_home))) as opened:
        yield opened


def add_call(store: Store, *lines: str) -> str:
    call = Call(new_id(), "A call", "k", "p", datetime(2026, 11, 1, tzinfo=UTC), 60_000, "import")
    calls.add(store, call)
    calls.set_speakers(store, call.id, [Speaker("left", "Ann", Role.REP, 0), Speaker("right", "Bo", Role.OTHER, 1)])
    said = tuple(
        Utterance("", ("left", "right")[n % 2], n % 2, n * 1000, n * 1000 + 900, text) for n, text in enumerate(lines)
    )
    words.add_version(
        store, call.id, "one", Transcript(new_id(), 0, "scripted", "", "en", False, WordsGrade.GOOD, said)
    )
    return call.id


def test_a_new_version_is_current_and_the_old_one_comes_back_in_one_action(store: Store) -> None:
    call = add_call(store, "first words")
    new = Transcript(
        new_id(), 0, "whisper", "m", "en", False, WordsGrade.GOOD, (Utterance("", "left", 0, 0, 900, "other words"),)
    )
    words.add_version(store, call, "two", new)
    assert [u.text for u in words.current(store, call).utterances] == ["other words"]
    words.use_version(store, call, 1)
    assert [u.text for u in words.current(store, call).utterances] == ["first words"]
    assert [v["current"] for v in words.versions(store, call)] == [1, 0]
    with pytest.raises(NotFound):
        words.use_version(store, call, 9)


def test_search_finds_stems_by_side_and_only_in_current_versions(store: Store) -> None:
    call = add_call(store, "what about pricing", "the price is high")
    assert words.search(store, "price", None, 10)["total"] == 2
    assert [hit["role"] for hit in words.search(store, "price", "other", 10)["hits"]] == ["other"]
    new = Transcript(
        new_id(), 0, "whisper", "m", "en", False, WordsGrade.GOOD, (Utterance("", "left", 0, 0, 900, "nothing"),)
    )
    words.add_version(store, call, "two", new)
    assert words.search(store, "price", None, 10)["hits"] == []


def test_a_corrected_text_is_found_and_the_old_one_is_not(store: Store) -> None:
    call = add_call(store, "hello wurld")
    transcript = words.current(store, call)
    (heard,) = words.as_heard(store, transcript.id)
    words.show(store, transcript.id, [(replace(heard, text="hello world", corrected=True), heard.text)])
    assert words.is_changed(store, transcript.id) and words.as_heard(store, transcript.id) == (heard,)
    assert words.search(store, "world", None, 5)["hits"] and not words.search(store, "wurld", None, 5)["hits"]
    words.show(store, transcript.id, [(heard, heard.text)])
    assert not words.is_changed(store, transcript.id)
    assert words.current(store, call).utterances[0].text == "hello wurld"
    assert words.search_is_sound(store)


def test_deleting_a_call_leaves_no_word_of_it_in_the_file(store: Store, own_home: Path) -> None:
    call = add_call(store, "the secret is Xylophonist")
    sidecar.write(store, call)
    calls.purge(store, call)
    sidecar.remove(store, call)
    store.vacuum()
    left = b"".join(path.read_bytes() for path in own_home.rglob("*") if path.is_file())
    assert b"ylophonist" not in left and words.search(store, "Xylophonist", None, 5)["total"] == 0


@settings(max_examples=80, deadline=None, derandomize=True)
@given(st.text(max_size=30))
def test_no_search_words_raise(text: str) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder, Store(home(folder)) as store:
        add_call(store, "some words")
        words.search(store, text, None, 5)


def test_a_prefix_names_a_call_unless_several_fit(store: Store) -> None:
    with store.write():
        for last in "12":
            calls.add(
                store, Call("ab" * 15 + "0" + last, "t", "k", "p", datetime(2026, 11, 1, tzinfo=UTC), 1, "import")
            )
    assert calls.get(store, "ab" * 15 + "01").id.endswith("01")
    with pytest.raises(InputError):
        calls.get(store, "abab")
    for wrong in ("zzz", "", "12345678" * 4):
        with pytest.raises(NotFound):
            calls.get(store, wrong)
