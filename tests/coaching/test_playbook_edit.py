"""A playbook's text is changed in one place at a time: every other line stays, and the result is a playbook in order."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coachdesk.coaching import playbook_edit as edit
from coachdesk.coaching.playbook import Playbook
from coachdesk.coaching.toml_parts import Parts
from coachdesk.desk import playbooks
from coachdesk.errors import InputError
from tests.conftest import ROOT

FILES = sorted((ROOT / "resources").glob("*/*.toml"))
SALES = (ROOT / "resources" / "playbooks" / "sales_discovery.toml").read_text("utf-8")
ODD = '''\
# first
a = [ # in an array
  "[no heading]",
  [1],
]
b = """
[no heading either]
"""
c = \'\'\'[nor "this" \'\'\'

# of the table
[ "quoted name" . x ] # beside
k = "]"

# of the first entry
[[many]]
id = "one" # its own
[many.under]
v = {p = 1}
# of the second

[[many]]
id = "two"
# the end
'''


@pytest.fixture
def loaded(tmp_path: Path) -> Callable[[str], Playbook]:
    """A text as the playbook it is; raises where it is none."""

    def load(text: str) -> Playbook:
        path = tmp_path / "sales_discovery.toml"
        path.write_text(text, "utf-8")
        return playbooks.check(path)

    return load


def difference(before: str, after: str) -> tuple[list[str], list[str]]:
    """Lines taken out, and lines put in, without blank ones."""
    lines = list(difflib.ndiff(before.splitlines(), after.splitlines()))
    out = [line[2:] for line in lines if line.startswith("- ") and line[2:].strip()]
    return out, [line[2:] for line in lines if line.startswith("+ ") and line[2:].strip()]


class TestParts:
    @pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
    def test_every_shipped_file_comes_back_byte_by_byte(self, path):
        text = path.read_text("utf-8")
        assert Parts.of(text).text() == text

    def test_headings_are_told_from_what_looks_like_one(self):
        found = [(part.path, part.entry) for part in Parts.of(ODD).all]
        assert found == [
            ((), False),
            (("quoted name", "x"), False),
            (("many",), True),
            (("many", "under"), False),
            (("many",), True),
        ]
        assert Parts.of(ODD).text() == ODD

    def test_comments_above_belong_to_what_follows_and_stay(self):
        without = Parts.of(ODD).without(2).text()
        assert "# of the first entry" in without and "# of the second" in without and "# its own" not in without
        assert tomllib.loads(without)["many"] == [{"id": "two"}]
        assert "# the end" in Parts.of(ODD).without(4).text()

    def test_an_entry_comes_after_its_kin_and_what_stands_under_them(self):
        many = tomllib.loads(Parts.of(ODD).with_entry(("many",), {"id": "three", "l": [{"a": 1}]}).text())["many"]
        assert [entry["id"] for entry in many] == ["one", "two", "three"] and many[2]["l"] == [{"a": 1}]

    @given(st.text(alphabet="[]{}\"'#=\\ab\n\r \u2028", max_size=60))
    def test_whatever_is_toml_comes_back_byte_by_byte(self, text):
        for whole in (f"k = {text}", f"[t]\n{text}", f'k = """{text}"""\n[t]\n', f"k = [{text}]\n[[e]]\n"):
            try:
                tomllib.loads(whole)
            except tomllib.TOMLDecodeError:
                with pytest.raises(InputError):
                    Parts.of(whole)
            else:
                assert Parts.of(whole).text() == whole


# an edit, lines it takes out, lines it puts in
EDITS: dict[str, tuple[Callable[[str], str], list[str], list[str]]] = {
    "range": (
        lambda t: edit.set_target(t, "questions", None, 14, "Ours"),
        ["low = 11", 'strength = "vendor"',
         'source = "Gong slides: 11-14 questions a discovery call did best; association, a vendor\'s claim"'],
        ['strength = "craft"', 'source = "Ours"'],
    ),
    "no range": (
        lambda t: edit.remove_target(t, "next_step"),
        ["[targets.next_step]", "low = 1", 'strength = "craft"',
         'source = "Practice: one, with a date, from both sides"'],
        [],
    ),
    "limit": (
        lambda t: edit.set_limit(t, "QUE-01", "per_30min", 9.5),
        ["QUE-01 = { per_30min = 8 }"], ["QUE-01 = { per_30min = 9.5 }"],
    ),
    "the rule's own limit": (lambda t: edit.unset_limit(t, "QUE-01", "per_30min"), ["QUE-01 = { per_30min = 8 }"], []),
    "rule off": (
        lambda t: edit.use_rule(t, "LIS-05", False),
        ['  "LIS-01", "LIS-02", "LIS-03", "LIS-05", "LIS-06", "LIS-07", "LIS-08", "LIS-09",',
         "LIS-05 = { story_ms = 30000, better_ms = 60000 }"],
        ['  "LIS-01", "LIS-02", "LIS-03", "LIS-06", "LIS-07", "LIS-08", "LIS-09",'],
    ),
    "phrase": (lambda t: edit.add_phrase(t, "pricing", "sticker  price"), [], ['phrases = ["sticker price"]']),
    "tracker": (
        lambda t: edit.add_tracker(t, "Pilot project!", ["pilot*"], "en", "other"),
        [],
        ['pilot_project = "Pilot project!"', "[[trackers]]", 'id = "pilot_project"', 'side = "other"',
         'phrases = ["pilot*"]'],
    ),
    "result": (
        lambda t: edit.add_result(t, "Später", "en"),
        ['results = ["advanced", "agreed", "follow_up", "declined", "no_show"]'],
        ['results = ["advanced", "agreed", "follow_up", "declined", "no_show", "spater"]', 'spater = "Später"'],
    ),
    "result's word": (
        lambda t: edit.rename_result(t, "agreed", "Yes", "en"), ['agreed = "Agreed"'], ['agreed = "Yes"'],
    ),
    "no result": (
        lambda t: edit.remove_result(t, "agreed"),
        ['results = ["advanced", "agreed", "follow_up", "declined", "no_show"]', 'good_results = ["advanced", "agreed"]',
         'agreed = "Agreed"'],
        ['results = ["advanced", "follow_up", "declined", "no_show"]', 'good_results = ["advanced"]'],
    ),
    "hoped for": (
        lambda t: edit.set_good(t, "follow_up", True),
        ['good_results = ["advanced", "agreed"]'], ['good_results = ["advanced", "agreed", "follow_up"]'],
    ),
    "slot": (
        lambda t: edit.add_slot(t, "Budget", "budget", "en"),
        [], ["[[slots]]", 'id = "budget"', 'tracker = "budget"', 'side = "any"', 'text = {en = "Budget"}'],
    ),
    "question": (
        lambda t: edit.add_question(t, "What else?", "en"),
        [], ["[[questions]]", 'id = "what_else"', 'text = {en = "What else?"}'],
    ),
    "question's words": (
        lambda t: edit.say_entry(t, "questions", "effect", "And then?", "en"),
        ['text = { en = "What happens if it stays as it is for another year?" }'], ['text = { en = "And then?" }'],
    ),
    "no question": (
        lambda t: edit.remove_entry(t, "questions", "today"),
        ["[[questions]]", 'id = "today"',
         'text = { en = "How do you do this today, and where does it cost you most?" }'],
        [],
    ),
    "words": (
        lambda t: edit.set_words(t, "en", name="Mine", about="For us."),
        ['name = "Sales discovery"',
         'about = "A first longer call to learn what the buyer needs, who decides and by when."'],
        ['name = "Mine"', 'about = "For us."'],
    ),
}  # fmt: skip


class TestEdits:
    @pytest.mark.parametrize("name", EDITS)
    def test_an_edit_changes_its_own_lines_and_leaves_a_playbook_in_order(self, name, loaded):
        change, out, put = EDITS[name]
        after = change(SALES)
        found = difference(SALES, after)
        assert (sorted(found[0]), sorted(found[1])) == (sorted(out), sorted(put))
        assert [line for line in after.splitlines() if line.startswith("#")] == [
            line for line in SALES.splitlines() if line.startswith("#")
        ], "comments stay, in their order"
        loaded(after)

    def test_all_of_them_one_after_the_other(self, loaded):
        text = SALES
        for change, _out, _put in EDITS.values():
            text = change(text)
        book = loaded(text)
        assert book.targets["questions"].low is None and book.targets["questions"].source == "Ours"
        assert book.find("LIS-05") is None and book.words("en").results["spater"] == "Später"
        assert [spec.phrases for spec in book.trackers if spec.id == "pricing"] == [["sticker price"]]

    def test_a_rule_comes_back_to_its_place_with_its_limits(self, loaded):
        off = edit.use_rule(SALES, "LIS-05", False)
        again = loaded(edit.use_rule(off, "LIS-05", True, {"story_ms": 20_000, "better_ms": 60_000}))
        assert again.rules == loaded(SALES).rules
        rule = again.find("LIS-05")
        assert rule is not None and rule.limits == {"story_ms": 20_000, "better_ms": 60_000}

    def test_a_copy_shares_the_kind(self):
        copied = tomllib.loads(edit.copy_as(SALES, "mine", "My own", "en"))
        assert (copied["id"], copied["kind"], copied["text"]["en"]["name"]) == ("mine", "sales_discovery", "My own")

    def test_phrases_come_and_go(self):
        one = edit.add_phrase(SALES, "pricing", "sticker price")
        two = edit.add_phrase(one, "pricing", "list price")
        assert edit.remove_phrase(two, "pricing", "list price") == one
        assert edit.remove_phrase(one, "pricing", "sticker price") == SALES

    def test_a_table_that_is_not_there_is_made(self):
        text = 'results = ["a"]\n[text.en]\nname = "x"\n'
        made = tomllib.loads(edit.set_target(edit.set_limit(text, "LIS-01", "share", 0.5), "questions", 1, None, "Us"))
        assert made["limits"] == {"LIS-01": {"share": 0.5}} and made["targets"]["questions"]["low"] == 1
        named = tomllib.loads(edit.rename_result(text, "a", "A result", "en"))
        assert named["text"]["en"] == {"name": "x", "results": {"a": "A result"}}

    def test_any_list_of_entries_can_be_set(self):
        card = {"title": "First", "criteria": [{"id": "a", "answer": "yes_no"}]}
        text = edit.set_entry(SALES, "scorecard", "c", card)
        assert tomllib.loads(text)["scorecard"] == [{"id": "c", **card}]
        text = edit.set_entry(text, "scorecard", "c", {"title": None, "version": 2})
        assert tomllib.loads(text)["scorecard"] == [{"id": "c", "criteria": card["criteria"], "version": 2}]
        assert edit.remove_entry(text, "scorecard", "c").rstrip() == SALES.rstrip()

    @pytest.mark.parametrize("language", ["en", "de"])
    def test_a_tracker_goes_with_its_name(self, language):
        text = edit.add_tracker(SALES, "Pilot", ["pilot"], language)
        again = edit.add_tracker(text, "Pilot", ["trial"], language)
        assert tomllib.loads(again)["text"][language]["trackers"]["pilot_2"] == "Pilot"
        gone = tomllib.loads(edit.remove_tracker(text, "pilot"))
        assert "pilot" not in gone["text"].get(language, {}).get("trackers", {})
        assert "pilot" not in [entry["id"] for entry in gone["trackers"]]

    @pytest.mark.parametrize(
        "change",
        [
            lambda t: edit.set_target(t, "questions", 5, 4, "x"),
            lambda t: edit.set_target(t, "questions", None, None, "x"),
            lambda t: edit.add_phrase(t, "pricing", " * "),
            lambda t: edit.add_phrase(edit.add_phrase(t, "pricing", "Deal"), "pricing", "deal"),
            lambda t: edit.add_phrase(t, "no_such", "x"),
            lambda t: edit.add_question(t, "  ", "en"),
            lambda t: edit.add_question(t, "x" * 301, "en"),
            lambda t: edit.copy_as(t, "../x"),
            lambda t: edit.remove_result('results = ["a"]\n', "a"),
            lambda t: edit.set_good("not toml", "a", True),
        ],
    )
    def test_what_cannot_be_meant_is_refused_with_a_mend(self, change):
        with pytest.raises(InputError) as refused:
            change(SALES)
        assert refused.value.message and refused.value.hint
