"""Writing scorecards: what is in order by the fields is in order for the playbook, ids stay, other languages stay."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coachdesk.coaching import card_edit
from coachdesk.coaching.card_edit import DraftCard, DraftCriterion, Option
from coachdesk.coaching.playbook import Playbook
from coachdesk.coaching.scorecard import Card, CardText, Criterion, CriterionText, carried
from coachdesk.coaching.scorecard_check import problems
from coachdesk.desk import playbooks
from coachdesk.desk.own_playbooks import card_library
from tests.conftest import ROOT

SALES = (ROOT / "resources" / "playbooks" / "sales_discovery.toml").read_text("utf-8")
RULES = frozenset({"OPN-01", "LIS-08"})
ASKED = DraftCriterion("Room to speak")
CHOICE = DraftCriterion("The end", "choice", options=(Option("With a day"), Option("Without")))


@pytest.fixture
def loaded(tmp_path: Path) -> Callable[[str], Playbook]:
    def load(text: str) -> Playbook:
        path = tmp_path / "sales_discovery.toml"
        path.write_text(text, "utf-8")
        return playbooks.check(path)

    return load


def shared(card_id: str) -> Card:
    return next(card for card in card_library() if card.id == card_id)


def bare(card: Card) -> Card:
    return msgspec.structs.replace(card, version="")


@pytest.mark.parametrize("card", card_library(), ids=lambda card: card.id)
def test_a_card_looked_at_and_kept_is_the_same_card(card):
    rules = {criterion.rule for criterion in card.criteria}
    draft = card_edit.draft_of(card, "en")
    assert card_edit.wrong(draft, rules) == []
    assert card_edit.card_of(draft, "en", card, card.id) == bare(card)


class TestWhatIsWrong:
    @pytest.mark.parametrize(
        ("draft", "at", "field", "code"),
        [
            (DraftCard("", criteria=(ASKED,)), -1, "name", "needs_words"),
            (DraftCard("  ", criteria=(ASKED,)), -1, "name", "needs_words"),
            (DraftCard("A {side}", criteria=(ASKED,)), -1, "name", "blank"),
            (DraftCard("A", "for {them}", criteria=(ASKED,)), -1, "about", "blank"),
            (DraftCard("A"), -1, "criteria", "no_criteria"),
            (DraftCard("A", sum=True, criteria=(CHOICE,)), -1, "sum", "nothing_to_add"),
            (DraftCard("A", criteria=(ASKED, DraftCriterion())), 1, "name", "needs_words"),
            (DraftCard("A", criteria=(replace(ASKED, low=5, high=5),)), 0, "range", "ends_before"),
            (DraftCard("A", criteria=(replace(ASKED, low=0, high=101),)), 0, "range", "too_wide"),
            (DraftCard("A", criteria=(replace(ASKED, anchors=((1, "{x}"),)),)), 0, "anchors", "blank"),
            (
                DraftCard("A", criteria=(replace(CHOICE, options=(Option("One"), Option(" "))),)),
                0,
                "options",
                "too_few",
            ),
            (
                DraftCard("A", criteria=(replace(CHOICE, options=(Option("One"), Option("one "))),)),
                0,
                "options",
                "twice",
            ),
            (DraftCard("A", criteria=(replace(ASKED, kind="yes_no", rule="X-1"),)), 0, "rule", "no_such_rule"),
        ],
    )
    def test_it_is_said_at_its_field(self, draft, at, field, code):
        assert (at, field, code) in card_edit.wrong(draft, RULES)

    def test_what_does_not_go_with_the_kind_is_no_mistake_and_not_in_the_card(self):
        odd = replace(CHOICE, kind="text", low=9, high=1, anchors=((99, "{x}"),), rule="GONE-1")
        draft = DraftCard("A", criteria=(odd,))
        assert card_edit.wrong(draft, RULES) == []
        assert card_edit.card_of(draft, "en", None, "a").criteria == [
            Criterion("the_end", "text", {"en": CriterionText("The end")})
        ]

    words = st.sampled_from(["", " ", "One", "one", "n/a", "NA", "Zwei", "{own} asks", "{foo}", "数", "a" * 300])
    criteria = st.builds(
        DraftCriterion,
        name=words,
        kind=st.sampled_from(["range", "yes_no", "choice", "text"]),
        guidance=words,
        low=st.integers(-3, 5),
        high=st.integers(-3, 120),
        anchors=st.lists(st.tuples(st.integers(-5, 9), words), unique_by=lambda a: a[0]).map(tuple),
        options=st.lists(st.builds(Option, words), max_size=4).map(tuple),
        may_be_na=st.booleans(),
        rule=st.sampled_from(["", "OPN-01", "GONE-1"]),
    )

    @given(st.builds(DraftCard, words, words, st.booleans(), st.lists(criteria, max_size=4).map(tuple)))
    def test_what_is_in_order_by_its_fields_is_in_order_for_the_playbook(self, draft):
        if card_edit.wrong(draft, RULES):
            return
        assert problems(card_edit.card_of(draft, "en", None, "a"), ["en"], RULES) == []


class TestIds:
    def test_they_stay_when_words_change_so_that_answers_still_stand(self):
        card = card_edit.card_of(DraftCard("A", criteria=(ASKED, CHOICE)), "en", None, "a")
        draft = card_edit.draft_of(card, "en")
        first = replace(draft.criteria[0], name="Something else")
        now = card_edit.card_of(replace(draft, criteria=(draft.criteria[1], first)), "en", card, "a")
        assert [each.id for each in now.criteria] == ["the_end", "room_to_speak"]
        assert carried(card, now, {"the_end": 1, "room_to_speak": 2}) == {"the_end": 1}

    def test_new_ones_take_no_taken_name_also_not_of_one_that_is_removed(self):
        card = card_edit.card_of(DraftCard("A", criteria=(ASKED, ASKED)), "en", None, "a")
        assert [each.id for each in card.criteria] == ["room_to_speak", "room_to_speak_2"]
        now = card_edit.card_of(DraftCard("A", criteria=(ASKED,)), "en", card, "a")
        assert [each.id for each in now.criteria] == ["room_to_speak_3"]

    def test_no_option_gets_the_id_of_does_not_apply(self):
        draft = DraftCard("A", criteria=(replace(CHOICE, options=(Option("NA"), Option("Ja"))),))
        assert card_edit.card_of(draft, "en", None, "a").criteria[0].options == ["na_2", "ja"]


def test_other_languages_stay_and_get_what_is_new():
    both = {
        "en": CriterionText("Ending", "", {}, {"day": "A day", "none": "None"}),
        "de": CriterionText("Ende", "Hör hin", {}, {"day": "Ein Tag", "none": "Keiner"}),
    }
    text = {"en": CardText("Ending"), "de": CardText("Ende")}
    card = Card("a", text, [Criterion("end", "choice", both, options=["day", "none"])])
    draft = card_edit.draft_of(card, "en")
    one = replace(draft.criteria[0], options=(draft.criteria[0].options[0], Option("Later")))
    now = card_edit.card_of(replace(draft, criteria=(one,)), "en", card, "a")
    assert now.text["de"] == CardText("Ende")
    assert now.criteria[0].text["de"] == CriterionText("Ende", "Hör hin", {}, {"day": "Ein Tag", "later": "Later"})
    assert problems(now, ["en", "de"], RULES) == []


class TestInThePlaybook:
    def test_a_picked_card_becomes_its_own_and_all_else_stays(self, loaded):
        before = loaded(SALES)
        card = card_edit.copied(shared("conversation"), [rule.id for rule in before.rule])
        text = card_edit.put_card(SALES, card)
        book = loaded(text)
        assert book.scorecards == ["sales_discovery"] and bare(book.card("conversation")) == card
        kept = [line for line in SALES.splitlines() if not line.startswith("scorecards")]
        assert all(line in text.splitlines() for line in kept)

    def test_it_is_changed_in_its_place_and_written_by_hand_it_may_be_in_tables(self, loaded):
        by_hand = """
[[scorecard]]
id = "mine" # a remark
[scorecard.text.en]
name = "Mine"
[[scorecard.criteria]]
id = "one"
kind = "text"
text.en.name = "One"

# the second
[[scorecard]]
id = "other"
text.en.name = "Other"
criteria = [{ id = "x", kind = "text", text = { en = { name = "X" } } }]
"""
        book = loaded(SALES + by_hand)
        draft = card_edit.draft_of(book.card("mine"), "en")
        card = card_edit.card_of(replace(draft, criteria=(*draft.criteria, ASKED)), "en", book.card("mine"), "mine")
        text = card_edit.put_card(SALES + by_hand, card)
        now = loaded(text)
        assert [one.id for one in now.scorecard] == [one.id for one in book.scorecard]
        assert [one.id for one in now.card("mine").criteria] == ["one", "room_to_speak"]
        assert "# a remark" in text and "# the second" in text and now.card("other") == book.card("other")
        assert card_edit.put_card(text, card) == text

    def test_own_and_picked_ones_are_taken_out(self, loaded):
        own = card_edit.put_card(SALES, card_edit.card_of(DraftCard("A", criteria=(ASKED,)), "en", None, "a"))
        assert [card.id for card in loaded(own).scorecard] == ["sales_discovery", "conversation", "a"]
        assert loaded(card_edit.remove_card(own, "a")) == loaded(SALES)
        assert [card.id for card in loaded(card_edit.remove_card(own, "conversation")).scorecard] == [
            "sales_discovery",
            "a",
        ]

    def test_rules_of_another_playbook_do_not_come_along(self):
        assert {c.rule for c in card_edit.copied(shared("conversation"), ["OPN-01"]).criteria} == {"OPN-01", ""}
