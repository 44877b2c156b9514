"""The accuracy report: right sums, parts that are missing said, and nothing that leans on the data of one machine."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys

import pytest

from tests.benchmarks import accuracy_sound, accuracy_text, accuracy_transcript
from tests.benchmarks.agreement import accuracy, auc, f1, macro_f1, pearson, precision, recall
from tests.benchmarks.labelled import half_of, read, without_punctuation
from tests.benchmarks.made_with import hash_of, parts
from tests.benchmarks.rows import Judged, counted


class TestAgreement:
    PAIRS = ((True, True), (True, False), (False, True), (True, True))

    def test_of_one_class(self):
        assert (precision(self.PAIRS), recall(self.PAIRS), f1(self.PAIRS)) == (2 / 3, 2 / 3, 4 / 6)
        assert accuracy(self.PAIRS) == 0.5

    def test_macro_f1_counts_a_class_nobody_used_as_nothing(self):
        assert macro_f1(("a", "b"))([("a", "a"), ("a", "a")]) == 0.5

    def test_counts_that_rise_together_and_against(self):
        assert pearson([(1, 10), (2, 20), (3, 30)]) == pytest.approx(1)
        assert pearson([(1, 3), (2, 2), (3, 1)]) == pytest.approx(-1)

    def test_telling_two_groups_apart(self):
        assert auc([(True, 3), (True, 1), (False, 1), (False, 0)]) == (2 + 1.5) / 4

    @pytest.mark.parametrize("measure", [f1, precision, recall, accuracy, macro_f1("ab"), pearson, auc])
    def test_nothing_is_said_of_nothing(self, measure):
        assert measure([]) is None

    def test_no_spread_has_no_correlation(self):
        assert pearson([(1, 1), (1, 2), (1, 3)]) is None


def test_counting_by_session():
    judged = [
        ("a", Judged("a", True, False, True)),
        ("a", Judged("a", True, True, False)),
        ("b", Judged("b", False, True, True)),
    ]
    assert counted(judged) == [Judged("a", 2, 1, 1), Judged("b", 0, 1, 1)]


def test_text_without_punctuation_keeps_words_and_apostrophes():
    assert without_punctuation("Well-- I don’t, uh-huh; know.  WHY?") == "well i don't uh-huh know why"


def test_both_halves_are_used_and_a_dialogue_stays_whole():
    assert {half_of(str(n)) for n in range(40)} == {0, 1}
    assert half_of("x") == half_of("x")


def _therapist(dialogue: str, text: str, quality: str, **labels: object) -> dict[str, object]:
    plain = {"question": False, "reflection": False, "input": False, "quality": quality}
    return {"d": dialogue, "s": "t", "r": "host", "t": text, "l": plain | labels}


ROWS = {
    "annomi": [
        _therapist("1", "What would you change?", "high", question=True, q_sub="open"),
        {"d": "1", "s": "c", "r": "guest", "t": "The list.", "l": {"quality": "high"}},
        _therapist("2", "Do you smoke?", "low", question=True, q_sub="closed"),
        _therapist("3", "You should stop.", "low", input=True, input_sub="advice"),
    ],
    "swda": [
        {"d": "1", "s": "A", "t": "Do you have a car?", "l": {"da": "qy"}},
        {"d": "1", "s": "B", "t": "Yeah.", "l": {"da": "ny"}},
        {"d": "1", "s": "A", "t": "Who knows?", "l": {"da": "qh"}},
        {"d": "2", "s": "A", "t": "", "l": {}},
    ],
    "meld": [
        {"d": "1", "i": 0, "t": "I love it.", "l": {"sent": "positive"}},
        {"d": "2", "i": 0, "t": "It is terrible.", "l": {"sent": "negative"}},
    ],
}


@pytest.fixture
def data(tmp_path):
    """A folder as the report wants it, with some corpora and not others, one of them in two parts."""
    for name, rows in ROWS.items():
        folder = tmp_path / "text" / name
        folder.mkdir(parents=True)
        for part, some in (("dev", rows[:2]), ("more", rows[2:])):
            if some:
                with gzip.open(folder / f"{part}.jsonl.gz", "wt") as file:
                    file.write("".join(json.dumps(row) + "\n" for row in some))
    return tmp_path


def test_all_parts_of_a_corpus_are_read(data):
    assert [said.text for said in read(data, "annomi")] == [row["t"] for row in ROWS["annomi"]]
    assert read(data, "mrda") == []


def test_what_is_there_is_measured_and_what_is_not_is_said(data):
    section = accuracy_text.measure(data)
    rows = {(row.what, row.corpus): row for row in section.rows}
    assert rows["question", "annomi"].n == 3 and rows["question", "annomi"].ours == 1
    assert rows["question", "swda"].n == 3  # the rhetorical one is left out
    assert rows["open or closed", "annomi"].ours == 1
    assert rows["wording", "meld"].ours == pytest.approx(2 / 3)  # nobody was neutral
    assert rows["wording, mean", "1 corpora"].target == rows["wording", "meld"].plain + 0.05
    assert {m.split(":")[0] for m in section.missing} == {"text/mrda", "text/emorynlp", "text/p4g"}


def test_the_command_gives_a_document_for_programs(data):
    ran = subprocess.run(
        [
            sys.executable,
            "-m",
            "tests.benchmarks.accuracy",
            "--data",
            data,
            "--json",
            "--only",
            "text",
            "--only",
            "german",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    document = json.loads(ran.stdout)
    sections = document["sections"]
    assert document["made_with"].keys() >= {"program", "numpy", "seed of the clustering", "data text/annomi"}
    assert [section["title"].split()[0] for section in sections] == ["English", "German"]
    assert all(
        row.keys() >= {"what", "corpus", "measure", "n", "plain", "ours", "target"}
        for s in sections
        for row in s["rows"]
    )


def test_the_hash_of_data_is_that_of_names_and_bytes(data):
    before = {part: hash_of(part) for part in parts(data)}
    assert [part.name for part in before] == sorted(ROWS) and len(set(before.values())) == len(ROWS)
    assert before == {part: hash_of(part) for part in parts(data)}
    (data / "text/meld/dev.jsonl.gz").rename(data / "text/meld/other.jsonl.gz")
    assert [part.name for part, was in before.items() if hash_of(part) != was] == ["meld"]


def test_sound_that_is_not_there_is_said(data):
    """A folder with text only: no sound is looked for where there is none."""
    assert accuracy_sound.without(data) == ["calls (no calls/*/truth.json)", "corpus (no corpus/manifest.json)"]
    assert {name for name, _, _ in accuracy_transcript.calls(data)} == {
        "sample recruiting_screen",
        "sample sales_discovery",
    }


@pytest.mark.parametrize("more", [[], ["--data", "/nowhere"]], ids=["no data", "wrong data"])
def test_without_data_it_says_so_and_does_not_fail(more):
    ran = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.accuracy", "--only", "text", *more],
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout.count("not measured: text/") == 6
