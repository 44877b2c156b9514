"""A tracker over all calls finds what a playbook's tracker finds in each, and nothing else."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from coachdesk.conversation import trackers
from coachdesk.conversation.lexicon import lexicon
from coachdesk.conversation.talk import Talk, lines_of
from coachdesk.desk import amend
from coachdesk.desk.desk import Desk
from coachdesk.errors import InputError
from coachdesk.history import words
from coachdesk.history.store import new_id
from coachdesk.model import Grade, Role, Tracker, Transcript, Utterance, WordsGrade
from tests.desk.conftest import bring_words
from tests.desk.test_library import call

FORMS = [
    "price",
    "Price",
    "PRICING",
    "prices",
    "priced",
    "priceless",
    "enterprise",
    "pric",
    "pricey",
    "proof",
    "of",
    "concept",
    "proof-of-concept",
    "don't",
    "don’t",
    "dont",
    "C++",
    "c",
    "20%",
    "20",
    "generalization",
    "generalize",
    "general",
    "generous",
    "eyes",
    "eye",
    "eyeing",
    "being",
    "be",
    "going",
    "go",
    "goings",
    "ties",
    "tie",
    "lies",
    "lie",
    "flies",
    "fly",
    "Zürich",
    "zurich",
    "Öl",
    "öl",
    "naïve",
    "naive",
    "5G",
    "co-operate",
    "cooperates",
    "operational",
    "operating",
    "operator",
    "relation",
    "relational",
    "relate",
    "possibly",
    "possibilities",
    "possible",
    "running",
    "runs",
    "ran,",
    "the",
    "a",
    "of",
    "to",
    "is",
    "it.",
]
PHRASES = (
    ("price",),
    ("pric*",),
    ("prices", "proof of concept"),
    ("proof* of concept",),
    ("proof of concept*",),
    ("don't",),
    ("c++",),
    ("20%",),
    ("generaliz*",),
    ("eye*",),
    ("goin*",),
    ("tie*", "lie"),
    ("zürich",),
    ("öl*",),
    ("ö*",),
    ("co* operat*",),
    ("relat*",),
    ("possibilit*",),
    ("the", "run*"),
)


@pytest.fixture
def spoken(desk: Desk, tmp_path: Path) -> tuple[Utterance, ...]:
    """One call of 600 lines, thrown together by chance."""
    chance = random.Random(7)
    made = bring_words(desk, tmp_path, "chance")
    said = tuple(
        Utterance(
            "",
            ("1", "2")[n % 2],
            None,
            1000 * n,
            1000 * n + 900,
            " ".join(chance.choices(FORMS, k=chance.randrange(1, 9))),
        )
        for n in range(600)
    )
    words.add_version(desk._store, made, "chance", Transcript(new_id(), 0, "t", "", "en", False, WordsGrade.GOOD, said))
    current = words.current(desk._store, made)
    assert current is not None
    return current.utterances


def test_it_finds_exactly_what_a_tracker_of_the_call_finds(desk, spoken):
    table = lexicon("en")
    talk = Talk(
        600_000, Grade.C, WordsGrade.GOOD, "en", table, False, {}, {}, lines_of(spoken, {}, None)
    )  # no facts: phrases look at the text alone
    for phrases in PHRASES:
        wanted = [(h.utterance, h.phrase) for h in trackers.find(talk, (Tracker("t", phrases=phrases),))]
        found = desk.tracker(phrases)
        assert found["total"] == len(wanted), phrases
        got = [(m["utterance"], m["phrase"]) for c in found["calls"] for m in c["moments"]]
        assert got == wanted[: len(got)] and len(got) == min(25, len(wanted)), phrases
    assert sum(desk.tracker(phrases)["total"] > 0 for phrases in PHRASES) == len(PHRASES), "each of them is said"


@pytest.fixture
def three(desk: Desk, tmp_path: Path) -> dict[str, str]:
    return {
        name: call(desk, tmp_path, name, *said, on=on, case=case)
        for name, said, on, case in (
            (
                "old",
                ("The renewal date is in May.", "Which renewal date?", "The renewal-date, in May."),
                "2026-03-01",
                "Zinc",
            ),
            ("new", ("Hello.", "Is the renewal date fixed?"), "2026-03-05", ""),
            ("none", ("Hello.", "The renewal. Date it."), "2026-03-06", ""),
        )
    }


class TestCalls:
    def test_they_come_newest_first_with_their_counts_and_moments(self, desk, three):
        found = desk.tracker(["renewal  date"])
        assert (found["total"], found["phrases"], found["without_words"]) == (5, ["renewal date"], 0)
        assert [(c["title"], c["count"], c["case"]) for c in found["calls"]] == [
            ("none", 1, None),
            ("new", 1, None),
            ("old", 3, "Zinc"),
        ]
        moments = found["calls"][2]["moments"]
        assert [(m["start_ms"], m["speaker"], m["role"], m["phrase"]) for m in moments] == [
            (0, "Dan", "rep", "renewal date"),
            (4_000, "Priya", "other", "renewal date"),
            (8_000, "Dan", "rep", "renewal-date"),
        ]
        assert found == desk.tracker(["renewal  date"])

    def test_one_side_only(self, desk, three):
        assert [(c["title"], c["count"]) for c in desk.tracker(["renewal date"], "rep")["calls"]] == [("old", 2)]

    def test_several_phrases_are_one_tracker(self, desk, three):
        assert desk.tracker(["renewal date", "in may", "hello"])["total"] == 7

    def test_what_was_corrected_is_found_and_what_is_in_the_bin_is_not(self, desk, three):
        desk.amend(three["new"], amend.CorrectText("1", "Is the end fixed?"))
        desk.put_in_bin(three["none"])
        assert [c["title"] for c in desk.tracker(["renewal date"])["calls"]] == ["old"]
        assert [c["title"] for c in desk.tracker(["end fix*"])["calls"]] == ["new"]

    def test_a_draft_is_said_to_be_one_and_doubtful_lines_do_not_count(self, desk, three):
        with desk._store.write() as store:
            store.execute("UPDATE transcript SET draft = 1 WHERE call_id = ?", (three["old"],))
            store.execute("UPDATE utterance SET suspect = 1 WHERE start_ms = 8000")
        found = desk.tracker(["renewal date"])["calls"][-1]
        assert found["draft"] and found["count"] == 2

    @pytest.mark.parametrize("phrase", ["", "  ", "*", "...", '"'])
    def test_a_phrase_without_words_is_refused(self, desk, phrase):
        with pytest.raises(InputError):
            desk.tracker([phrase])
        with pytest.raises(InputError):
            desk.tracker([])


def test_the_finder_is_the_trackers_own():
    assert trackers.finder(("don't",))("We don’t.").span() == (3, 8)
    assert trackers.finder(())("anything") is None
    assert Role.REP.value == "rep"
