"""Scorecards: what fits an answer, what is still open, which earlier answers stand, who may see whose; wrong ones refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from coachdesk import paths
from coachdesk.coaching import scorecard as cards
from coachdesk.coaching.scorecard import Answer, Card, CardText, Criterion, CriterionText
from coachdesk.desk import playbooks
from coachdesk.errors import InputError, NotFound, PlaybookError
from coachdesk.spans import Span
from tests.coaching.test_playbook import PLAYBOOK, written
from tests.conftest import ROOT

MINUTE = 60_000


def criterion(name: str, kind: str, **more: object) -> Criterion:
    return Criterion(name, kind, {"en": CriterionText(name.title())}, **more)  # type: ignore[arg-type]


CARD = cards.versioned(
    Card(
        "mine",
        {"en": CardText("Mine")},
        [
            criterion("plan", "yes_no", rule="OPN-01"),
            criterion("room", "range", low=1, high=4, may_be_na=True),
            criterion("ending", "choice", options=["dated", "open"]),
            criterion("try", "text", required=False),
        ],
        sum=True,
    )
)
WHOLE = {"plan": Answer("yes"), "room": Answer(3), "ending": Answer("open")}


class TestValues:
    @pytest.mark.parametrize(
        ("name", "said", "value"),
        [
            ("plan", " Yes", "yes"),
            ("plan", "n", "no"),
            ("plan", "true", "yes"),
            ("room", "4", 4),
            ("room", 1, 1),
            ("room", "N/A", "n/a"),
            ("room", "na", "n/a"),
            ("ending", "Dated", "dated"),
            ("try", " Ask first.\nThen show. ", "Ask first.\nThen show."),
            ("try", "na", "na"),
        ],
    )
    def test_what_fits_is_taken(self, name, said, value):
        assert cards.value_of(CARD.named(name), said) == value

    @pytest.mark.parametrize(
        ("name", "said", "hint"),
        [
            ("plan", "maybe", "yes or no."),
            ("plan", "n/a", "yes or no."),
            ("room", "5", "from 1 to 4, or n/a."),
            ("room", "2.5", "from 1 to 4"),
            ("room", "٣", "from 1 to 4"),
            ("ending", "shut", "One of dated, open."),
            ("try", "  ", "Some words."),
        ],
    )
    def test_what_does_not_is_refused_with_what_would(self, name, said, hint):
        with pytest.raises(InputError) as wrong:
            cards.value_of(CARD.named(name), said)
        assert hint in wrong.value.hint and name in wrong.value.message

    def test_a_criterion_that_is_not_there_is_named_with_those_that_are(self):
        with pytest.raises(NotFound) as wrong:
            cards.checked(CARD, "rooms", Answer(1), MINUTE)
        assert "plan, room, ending, try" in wrong.value.hint

    @pytest.mark.parametrize("moment", [Span(50_000, 60_001), Span(3_000, 3_000)])
    def test_a_moment_outside_the_call_is_refused(self, moment):
        with pytest.raises(InputError, match="not within the call"):
            cards.checked(CARD, "room", Answer(1, "", moment), MINUTE)

    def test_a_note_and_a_moment_may_stand_before_the_answer(self):
        kept = cards.checked(CARD, "room", Answer(None, "  listen here ", Span(0, MINUTE)), MINUTE)
        assert kept == Answer(None, "listen here", Span(0, MINUTE)) and not kept.is_empty


class TestCompleteness:
    def test_what_is_required_and_open_is_listed_in_order(self):
        assert cards.missing(CARD, {}) == ["plan", "room", "ending"]
        assert cards.missing(CARD, {"room": Answer("n/a"), "ending": Answer(None, "later")}, {"plan"}) == ["ending"]

    def test_rules_alone_complete_nothing(self):
        everything = {"plan", "room", "ending"}
        assert not cards.is_complete(CARD, {}, everything)
        assert cards.is_complete(CARD, {"try": Answer("pause")}, everything)
        assert cards.is_complete(CARD, WHOLE)

    def test_numbers_are_added_up_only_where_the_card_says_so(self):
        assert cards.total(CARD, WHOLE) == (3, 4)
        assert cards.total(CARD, {**WHOLE, "room": Answer("n/a")}) is None
        assert cards.total(cards.versioned(Card("c", CARD.text, CARD.criteria)), WHOLE) is None


class TestVersions:
    def test_it_is_the_content(self):
        other = Card("mine", CARD.text, CARD.criteria[:-1], sum=True)
        assert cards.versioned(CARD).version == CARD.version != cards.versioned(other).version

    def test_answers_to_what_is_asked_in_the_same_way_still_stand(self):
        wider = [criterion("room", "range", low=1, high=5), *(c for c in CARD.criteria if c.id in ("plan", "try"))]
        new = cards.versioned(Card("mine", CARD.text, wider))
        assert cards.carried(CARD, new, {**WHOLE, "gone": Answer(1)}) == {"plan": Answer("yes")}


class TestBlind:
    @pytest.mark.parametrize(
        ("viewer", "complete", "seen"),
        [
            ("ana", {"ana": False, "lena": True}, {"ana"}),
            ("ana", {"ana": True, "lena": False}, {"ana"}),
            ("ana", {"ana": True, "lena": True, "kim": False}, {"ana", "lena"}),
            ("ana", {"lena": True, "kim": True}, set()),
            ("", {"lena": True}, set()),
            ("", {"lena": True, "kim": True}, {"lena", "kim"}),
            ("", {"": False, "lena": True, "kim": True}, {""}),
        ],
    )
    def test_others_are_seen_when_both_are_in(self, viewer, complete, seen):
        assert cards.visible(viewer, complete) == seen

    def test_names_are_the_same_person_however_they_are_typed(self):
        assert cards.key("  Ana  Lind ") == cards.key("ana lind")


def test_differing_answers_are_found_and_open_ones_do_not_differ():
    said = [{"room": Answer(3)}, {"room": Answer(None, "hm")}, {}]
    assert not cards.differing(said, "room")
    assert cards.differing([*said, {"room": Answer(2)}], "room")


# --- cards in files

OWN_CARD = """
[[scorecard]]
id = "ours"
[scorecard.text.en]
name = "Ours, with {other}"

[[scorecard.criteria]]
id = "lists"
kind = "yes_no"
rule = "OWN-01"
text.en.name = "Lists"

[[scorecard.criteria]]
id = "room"
kind = "range"
low = 1
high = 3
text.en = { name = "Room", anchors = { 1 = "None", 3 = "All" } }

[[scorecard.criteria]]
id = "ending"
kind = "choice"
options = ["dated", "open"]
text.en = { name = "Ending", options = { dated = "With a day", open = "Without" } }
"""

WRONG = {
    "no name": ('name = "Ours, with {other}"', 'name = " "', 'scorecard "ours" has no name in "en"', '"ours"'),
    "criterion twice": ('id = "ending"', 'id = "room"', 'criterion "room" of scorecard "ours" stands twice', '"room"'),
    "criterion without words": (
        'text.en.name = "Lists"',
        'text.de.name = "Listen"',
        'it has no name in "en"',
        '"lists"',
    ),
    "rule": ('rule = "OWN-01"', 'rule = "OWN-02"', 'no rule "OWN-02"', '"lists"'),
    "rule of a range": ("low = 1", 'low = 1\nrule = "OWN-01"', "a rule cannot answer", '"room"'),
    "range": ("high = 3", "high = 1", "no range from 1 to 1", '"room"'),
    "anchor": ('3 = "All"', '4 = "All"', 'it explains "4"', '"room"'),
    "one option": ('["dated", "open"]', '["dated"]', "nothing to choose from", '"ending"'),
    "option without a name": (', open = "Without"', "", 'option "open" has no name in "en"', '"ending"'),
    "option that is not there": ('open = "Without"', 'open = "Without", shut = "Shut"', '"shut"', '"ending"'),
    "option n/a": ('["dated", "open"]', '["dated", "open", "na"]', "stands twice, or is n/a", '"ending"'),
    "a blank nothing fills": ("with {other}", "with {them}", 'nothing fills "{them}"', '"ours"'),
    "sum of nothing": (
        'id = "ours"\n',
        'id = "ours"\nsum = true\n',
        "adds up nothing",
        '"ours"',
    ),
    "kind": ('kind = "choice"', 'kind = "multi"', "multi", 'kind = "multi"'),
    "unknown key": ("high = 3\n", "high = 3\nhigher = 4\n", "higher", "higher"),
}


class TestInPlaybooks:
    def test_own_cards_and_picked_ones_are_there_in_this_order(self, tmp_path):
        text = PLAYBOOK.replace('rules = ["LIS-02"]', 'rules = ["LIS-02"]\nscorecards = ["conversation"]') + OWN_CARD
        found = playbooks.check(written(tmp_path, text))
        assert [card.id for card in found.scorecard] == ["conversation", "ours"]
        assert all(card.version for card in found.scorecard)

    def test_a_picked_card_is_the_same_in_every_playbook(self):
        sales, screen = (playbooks.load(paths.home(), name) for name in ("sales_discovery", "recruiting_screen"))
        assert sales.card("conversation") == screen.card("conversation")

    @pytest.mark.parametrize(("old", "new", "problem", "at"), WRONG.values(), ids=WRONG.keys())
    def test_a_wrong_one_is_refused_with_file_line_and_mend(self, tmp_path, old, new, problem, at):
        card = OWN_CARD if "sum" not in new else OWN_CARD.replace('kind = "range"\nlow = 1\nhigh = 3', 'kind = "text"')
        card = card.replace(', anchors = { 1 = "None", 3 = "All" }', "") if "sum" in new else card
        assert card.count(old) == 1
        text = PLAYBOOK + card.replace(old, new)
        with pytest.raises(PlaybookError) as wrong:
            playbooks.check(written(tmp_path, text))
        line = 1 + [at in line for line in text.splitlines()].index(True)
        assert problem in wrong.value.message and wrong.value.hint
        assert wrong.value.message.startswith(f"mine.toml, line {line}: ")

    def test_a_card_that_is_in_no_set_is_named_with_those_that_are(self, tmp_path):
        text = PLAYBOOK.replace('rules = ["LIS-02"]', 'rules = ["LIS-02"]\nscorecards = ["conversations"]')
        with pytest.raises(PlaybookError, match='line 7: there is no scorecard "conversations"') as wrong:
            playbooks.check(written(tmp_path, text))
        assert "conversation, " in wrong.value.hint

    def test_the_same_id_twice_is_refused(self, tmp_path):
        text = PLAYBOOK + OWN_CARD + OWN_CARD.split("\n\n")[0] + OWN_CARD[OWN_CARD.index("\n\n") :]
        with pytest.raises(PlaybookError, match='scorecard "ours" stands twice'):
            playbooks.check(written(tmp_path, text))


SHIPPED = [card for path in sorted((ROOT / "resources" / "playbooks").glob("*.toml"))
           for card in playbooks.load(paths.Home(Path("nowhere")), path.stem).scorecard]  # fmt: skip


class TestShipped:
    @pytest.mark.parametrize("card", SHIPPED, ids=lambda card: card.id)
    def test_it_asks_a_few_things_and_adds_nothing_up(self, card):
        assert 5 <= len(card.criteria) <= 12 and not card.sum
        assert any(c.kind == "range" for c in card.criteria) and any(c.rule for c in card.criteria)

    @pytest.mark.parametrize("card", SHIPPED, ids=lambda card: card.id)
    def test_every_range_has_its_ends_explained(self, card):
        for asked in card.criteria:
            anchors = asked.words("en").anchors
            assert asked.kind != "range" or {str(asked.low), str(asked.high)} <= anchors.keys(), asked.id

    def test_every_playbook_has_one(self):
        for path in sorted((ROOT / "resources" / "playbooks").glob("*.toml")):
            assert playbooks.load(paths.home(), path.stem).scorecard, path.stem

    def test_the_one_for_interviews_is_about_the_interview(self):
        card = next(card for card in SHIPPED if card.id == "interview_process")
        asked = " ".join(c.words("en").name for c in card.criteria).lower()
        for word in ("candidate", "fit", "skill", "personality", "motivated", "hire", "strong", "impression"):
            assert word not in asked.split(), word
