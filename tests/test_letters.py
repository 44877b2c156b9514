"""What a brief is handed on as: the mail holds no coaching, a wording never shows a gap, blanks are the known ones."""

from __future__ import annotations

import copy
import re
from typing import Any

import pytest

from coachdesk.desk import amend
from coachdesk.desk.desk import open_desk
from coachdesk.desk.templates import BLANKS, check
from coachdesk.document import plain
from coachdesk.letters import ABOUT, KINDS, NAMES, WORDINGS, _blanks, filled, letter

Document = dict[str, Any]
PRIVATE_NOTE = "They seem to be in a hurry"


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Document]:
    """Both samples as documents, the sales one with a note of the person's own."""
    with open_desk(str(tmp_path_factory.mktemp("letters") / "home")) as desk:
        found = {}
        for name, slot in (("sales_discovery", "timing"), ("recruiting_screen", "motivation")):
            call = desk.open_sample(name)
            desk.amend(call, amend.SetBriefFact(slot, PRIVATE_NOTE))
            found[name] = plain(desk.review(call))
    return found


@pytest.fixture
def sales(kept: dict[str, Document]) -> Document:
    return copy.deepcopy(kept["sales_discovery"])


@pytest.fixture
def screen(kept: dict[str, Document]) -> Document:
    return copy.deepcopy(kept["recruiting_screen"])


class TestMail:
    def test_what_was_agreed_and_what_they_said(self, sales):
        mail = letter("mail", sales)
        assert "Hello Dana Whitlock," in mail and mail.rstrip().endswith("Owen Tarrant")
        assert "- You: “All right, send it over and I'll read it.”" in mail
        assert "The real problem is the paperwork." in mail

    @pytest.mark.parametrize("name", ["sales_discovery", "recruiting_screen"])
    def test_no_coaching_no_numbers_about_the_talk_no_own_notes(self, kept, name):
        document = kept[name]
        mail = letter("mail", document)
        for said in (*document["suggestions"], *document["praise"], *document["review_flags"]):
            assert said["title"] not in mail and said["advice"] not in mail
            assert not said["try_saying"] or said["try_saying"] not in mail
        assert PRIVATE_NOTE not in mail
        assert not re.search(r"\d %|\d:\d\d", mail), "shares and times are not for them"

    @pytest.mark.parametrize("blank", ["slots", "focus", "missing", "result", "timing"])
    def test_nor_with_a_wording_that_asks_for_it(self, sales, blank):
        assert letter("mail", sales, f"Hello\n\n{{{blank}}}") == "Hello\n"

    def test_only_their_own_words_are_quoted_to_them(self, screen):
        assert "41 to 47 thousand" not in letter("mail", screen)
        assert "41 to 47 thousand" in letter("note", screen)

    def test_protected_topics_and_pay_history_are_in_none_of_the_three(self, screen):
        for kind in KINDS:
            text = letter(kind, screen)
            assert "small kids" not in text and "making now" not in text
            assert "I can do one Saturday" not in text and "rather not say" not in text

    def test_without_a_name_it_says_hello_and_nothing_more(self, sales):
        for speaker in sales["speakers"]:
            speaker["name"] = ""
        mail = letter("mail", sales)
        assert "\nHello,\n" in mail and mail.rstrip().endswith("Kind regards")


class TestNoteAndSelf:
    def test_a_note_has_every_slot_with_times_and_the_persons_own_words(self, sales):
        note = letter("note", sales)
        assert f"Timing:\n- {PRIVATE_NOTE}" in note
        assert re.search(r"Need:\n- “The real problem is the paperwork\..*” \[0:44\]", note)
        assert "Not found in the call: Numbers, People deciding" in note
        assert sales["suggestions"][0]["title"] not in note

    def test_to_myself_with_the_focus(self, sales):
        focus = next(s for s in sales["suggestions"] if s["focus"])
        text = letter("self", sales)
        assert focus["title"] in text and focus["try_saying"] in text
        assert text.index("To do:") < text.index("Next time:") < text.index("What was said:")

    def test_words_that_carry_no_brief_give_the_reason_instead(self, sales):
        sales["brief"]["reason"] = "draft"
        for slot in sales["brief"]["slots"]:
            slot |= {"lines": [], "typed": "", "missing": "draft"}
        assert "Not found in the call: the words are a rough draft" in letter("note", sales)


class TestWordings:
    def test_what_nothing_fills_is_left_out(self):
        text = "Hello\n\nAgreed:\n{next_steps}\n\nCase: {case}\nResult: {result}\n\nBye"
        assert filled(text, {"case": "Acme"}) == "Hello\n\nCase: Acme\n\nBye\n"

    def test_braces_that_are_no_blanks_stay(self):
        assert filled("{ } {0.x} {name}", {"name": "{title}"}) == "{ } {0.x} {title}\n"

    def test_an_own_wording_wins(self, sales):
        assert letter("mail", sales, "To {other_name}:\n{need}").startswith("To Dana Whitlock:\n- “The real problem")

    @pytest.mark.parametrize("kind", KINDS)
    def test_the_programs_own_are_right_and_named(self, kind):
        check(WORDINGS[kind], ())
        assert NAMES[kind] and ABOUT[kind].endswith(".")

    def test_every_known_blank_is_filled_by_something(self, sales):
        slots = {slot["id"] for slot in sales["brief"]["slots"]}
        assert set(BLANKS) == _blanks("self", sales).keys() - slots | (set(BLANKS) & slots)
