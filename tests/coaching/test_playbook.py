"""Playbooks: the shipped ones load; a wrong one is refused with file, line and mend; the version is the content."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coachdesk import paths
from coachdesk.coaching.playbook import window_span
from coachdesk.desk import playbooks
from coachdesk.errors import NotFound, PlaybookError
from tests.conftest import ROOT

SHIPPED = sorted((ROOT / "resources" / "playbooks").glob("*.toml"))

PLAYBOOK = """\
format = "coachdesk.playbook/1"
id = "mine"
kind = "mine"
languages = ["en"]
results = ["done"]
rules = ["LIS-02"]

[text.en]
name = "Mine"
about = "A playbook of my own."
own = "you"
other = "the other side"
case = "Case"
[text.en.results]
done = "Done"

[limits]
LIS-02 = { turn_words = 40 }

[targets.talk_ratio]
high = 0.5
strength = "craft"
source = "Mine"

[[trackers]]
id = "list"
phrases = ["the list", "print*"]

[[questions]]
id = "why"
text = { en = "Why now?" }

[[slots]]
id = "lists"
tracker = "list"

[[rule]]
id = "OWN-01"
kind = "improve"
severity = 2
weight = 1.0
strength = "craft"
source = "Mine"
all = [{ tracker = "list", side = "rep", window = "last 20% or 3m", op = ">=", value = "$most" }]
any = [{ signal = "talk_ratio", op = "between", value = [0.1, 0.9] }]
limits = { most = 2 }
evidence = ["tracker:list", "closing"]

[rule.text.en]
title = "Lists"
advice = "The list came up {n} times; {most} are enough for {other}."
"""


def written(folder: Path, text: str, name: str = "mine.toml") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def changed(old: str, new: str) -> str:
    assert PLAYBOOK.count(old) == 1, old
    return PLAYBOOK.replace(old, new)


class TestShipped:
    @pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
    def test_it_loads_and_has_its_rules_and_words(self, path):
        playbook = playbooks.load(paths.home(), path.stem)
        assert (playbook.id, playbook.kind) == (path.stem, path.stem)
        assert [rule.id for rule in playbook.rule][: len(playbook.rules)] == playbook.rules
        assert playbook.words("en").results.keys() == set(playbook.results)
        assert playbook.words("en").case_results.keys() == set(playbook.case_results)
        assert {spec.id for spec in playbook.trackers} == playbook.words("en").trackers.keys()

    def test_there_are_ten(self):
        assert [path.stem for path in SHIPPED] == [
            "general",
            "helping",
            "recruiting_intake",
            "recruiting_screen",
            "recruiting_structured",
            "sales_cold_call",
            "sales_demo",
            "sales_discovery",
            "sales_negotiation",
            "support",
        ]

    @pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
    def test_every_range_has_its_source_and_every_brief_its_lines(self, path):
        playbook = playbooks.load(paths.home(), path.stem)
        assert all(target.source and (target.low, target.high) != (None, None) for target in playbook.targets.values())
        assert 5 <= len(playbook.slots) <= 8 and all(slot.text["en"] for slot in playbook.slots)
        assert set(playbook.good_results) <= set(playbook.results)

    def test_a_language_a_playbook_has_no_words_for_gets_its_first(self):
        playbook = playbooks.load(paths.home(), "sales_discovery")
        assert playbook.words("de") is playbook.words("en")

    def test_wording_is_read_of_the_other_side_at_most_and_in_recruiting_and_helping_of_nobody(self):
        found = {path.stem: playbooks.load(paths.home(), path.stem) for path in SHIPPED}
        assert not any(playbook.wording.rep for playbook in found.values())
        read = {name for name, playbook in found.items() if playbook.wording.other}
        assert read == {"sales_demo", "sales_discovery", "sales_negotiation", "support"}
        assert [name for name, playbook in found.items() if not playbook.publish] == ["helping"]

    @pytest.mark.parametrize("name", ["recruiting_screen", "recruiting_structured"])
    def test_an_interview_is_read_for_every_protected_topic(self, name):
        flags = {rule.id for rule in playbooks.load(paths.home(), name).rule if rule.id.startswith("PRT-")}
        assert flags == {f"PRT-{topic.upper()}" for topic in playbooks.vocabulary().topics}

    def test_no_playbook_of_that_name(self):
        with pytest.raises(NotFound) as missing:
            playbooks.load(paths.home(), "sales_dicsovery")
        assert "sales_discovery" in missing.value.hint

    @pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
    def test_it_has_a_few_short_open_questions(self, path):
        asked = playbooks.load(paths.home(), path.stem).asking("de")
        assert 4 <= len(asked) <= 6
        for text in asked.values():
            assert text.endswith(("?", ".")) and len(text) <= 80
            assert not text.startswith(("Do ", "Are ", "Is ", "Can ", "Have "))


WRONG = {
    "question twice": (
        '[[questions]]\nid = "why"\ntext = { en = "Why now?" }\n',
        '[[questions]]\nid = "why"\ntext = { en = "Why now?" }\n' * 2,
        'question "why" stands twice',
        "why",
    ),
    "question without words": (
        '{ en = "Why now?" }',
        '{ de = "Warum jetzt?" }',
        'question "why" has no text for "en"',
        "why",
    ),
    "signal": ('signal = "talk_ratio"', 'signal = "talk_ration"', 'no signal "talk_ration"', "OWN-01"),
    "tracker": ('{ tracker = "list"', '{ tracker = "lists"', 'no tracker "lists"', "OWN-01"),
    "protected topic": ('tracker = "list", side = "rep"', 'protected = "hats"', 'no protected topic "hats"', "OWN-01"),
    "pattern": ('phrases = ["the list", "print*"]', 'patterns = ["prcing"]', 'no pattern "prcing"', '"prcing"'),
    "empty tracker": ('phrases = ["the list", "print*"]', "", 'tracker "list" listens for nothing', 'id = "list"'),
    "empty phrase": ('["the list", "print*"]', '["*"]', 'tracker "list" has the phrase "*"', "list"),
    "tracker's side": ('id = "list"\n', 'id = "list"\nside = "them"\n', 'side "them"', "list"),
    "limit": ('value = "$most"', 'value = "$least"', 'no limit "least"', "OWN-01"),
    "limits of a rule it has not": ("LIS-02 = {", "LIS-03 = {", 'limits for "LIS-03"', "LIS-03"),
    "window": ('"last 20% or 3m"', '"at the end"', '"at the end" is no window', "OWN-01"),
    "condition's side": ('side = "rep"', 'side = "me"', 'no side "me"', "OWN-01"),
    "evidence": ('"closing"', '"the_end"', 'evidence "the_end" is unknown', "OWN-01"),
    "evidence of a tracker": ('"tracker:list"', '"tracker:lists"', 'evidence "tracker:lists"', "OWN-01"),
    "strength of a rule": (
        'strength = "craft"\nsource = "Mine"\nall',
        'strength = "true"\nsource = "Mine"\nall',
        '"true" is no strength',
        "OWN-01",
    ),
    "strength of a target": (
        'strength = "craft"\nsource = "Mine"\n\n[[tr',
        'strength = "true"\nsource = "Mine"\n\n[[tr',
        '"true" is no strength',
        "talk_ratio",
    ),
    "operator": ('op = ">="', 'op = "=>"', '"=>" is no comparison', "OWN-01"),
    "range without two ends": ("[0.1, 0.9]", "[0.1]", '"between" does not go with', "OWN-01"),
    "range for a plain comparison": ('"between"', '">"', '">" does not go with', "OWN-01"),
    "two things in one condition": (
        '{ tracker = "list"',
        '{ signal = "lapses", tracker = "list"',
        "names one",
        "OWN-01",
    ),
    "no condition": (
        'all = [{ tracker = "list", side = "rep", window = "last 20% or 3m", op = ">=", value = "$most" }]\n'
        'any = [{ signal = "talk_ratio", op = "between", value = [0.1, 0.9] }]\n',
        "",
        "it has no condition",
        "OWN-01",
    ),
    "no evidence": ('evidence = ["tracker:list", "closing"]', "evidence = []", "it has no evidence", "OWN-01"),
    "a blank nothing fills": ("{most} are", "{more} are", 'nothing fills "{more}"', "OWN-01"),
    "duplicate rule": ('id = "OWN-01"', 'id = "LIS-02"', 'rule "LIS-02" stands twice', "LIS-02"),
    "rule that is not there": ('rules = ["LIS-02"]', 'rules = ["LIS-99"]', 'no rule "LIS-99"', "LIS-99"),
    "language without texts": ('languages = ["en"]', 'languages = ["en", "de"]', 'no texts for "de"', "languages"),
    "rule without texts": (
        "[rule.text.en]",
        "[rule.text.de]",
        'rule OWN-01: it has no texts for "en"',
        "OWN-01",
    ),
    "no language": ('languages = ["en"]', "languages = []", "it has no language", "languages"),
    "target of no number": ("[targets.talk_ratio]", "[targets.talk_ration]", 'no number "talk_ration"', "talk_ration"),
    "slot of no tracker": (
        'tracker = "list"\n\n[[rule',
        'tracker = "lsit"\n\n[[rule',
        'tracker "lsit"',
        'id = "lists"',
    ),
    "result without words": ('["done"]', '["done", "left"]', '"left" of results has no words in "en"', "results = "),
    "words of no result": ('done = "Done"', 'done = "Done"\nlost = "Lost"', '"lost" has words', "lost ="),
    "no results": ('results = ["done"]', "results = []", "it has no results", "results"),
    "good result": (
        'results = ["done"]',
        'results = ["done"]\ngood_results = ["doen"]',
        'the good result "doen" is no result',
        "good_results",
    ),
    "case result": (
        'results = ["done"]',
        'results = ["done"]\ncase_results = ["won"]',
        '"won" of case_results has no words',
        '"won"',
    ),
    "name of no tracker": (
        "[limits]",
        '[text.en.trackers]\nlsit = "Lists"\n[limits]',
        '"lsit" is named for people, but there is no such tracker',
        "lsit =",
    ),
    "id that is no name": ('id = "mine"', 'id = "my trade"', 'the id "my trade" is no plain name', "id ="),
    "tracker twice": (
        "[[questions]]",
        '[[trackers]]\nid = "list"\nphrases = ["x"]\n[[questions]]',
        "twice",
        'id = "list"',
    ),
    "expression for a phrase": ('"print*"', '"(print|write)"', "which is no plain words", 'id = "list"'),
    "star inside a word": ('"print*"', '"pr*nt"', "which is no plain words", 'id = "list"'),
    "range without an end": ("high = 0.5\n", "", 'the range of "talk_ratio" has no end', "talk_ratio"),
    "range upside down": ("high = 0.5", "low = 0.6\nhigh = 0.5", "ends before it begins", "talk_ratio"),
    "limit of no condition": (
        "{ turn_words = 40 }",
        "{ turn_wrods = 40 }",
        'LIS-02 has no limit "turn_wrods"',
        "LIS-02 =",
    ),
    "slot twice": (
        "[[rule]]",
        '[[slots]]\nid = "lists"\ntracker = "list"\n[[rule]]',
        'slot "lists" stands twice',
        "lists",
    ),
    "slot's side": ('tracker = "list"\n\n[[rule', 'tracker = "list"\nside = "me"\n\n[[rule', 'for side "me"', "lists"),
    "slot that stays empty": (
        'phrases = ["the list", "print*"]',
        'side = "rep"\nphrases = ["the list"]\n[[slots]]\nid = "theirs"\ntracker = "list"\nside = "other"',
        'slot "theirs" stays empty',
        "theirs",
    ),
    "condition that never holds": (
        'phrases = ["the list", "print*"]',
        'side = "other"\nphrases = ["the list"]',
        'a condition asks side "rep", and its tracker listens to "other" only',
        "OWN-01",
    ),
    "severity": ("severity = 2", "severity = 9", "severity 9 is out of range", "OWN-01"),
    "weight": ("weight = 1.0", "weight = 0.0", "weight 0.0 is out of range", "OWN-01"),
    "rules where ids belong": ('rules = ["LIS-02"]', 'rules = [{ id = "LIS-02" }]', "rules[0]", "rules = "),
    "id and file": ('id = "mine"', 'id = "yours"', "its id is yours", "id ="),
    "format": ("coachdesk.playbook/1", "coachdesk.playbook/9", "format", "format"),
    "unknown key": ('case = "Case"', 'case = "Case"\ncses = "Cases"', "cses", "cses"),
    "unknown key of a rule": ("severity = 2", "severity = 2\nseverty = 2", "severty", "severty"),
    "wrong type": ("severity = 2", 'severity = "high"', "severity", "severity"),
    "missing key": ('own = "you"\n', "", "own", "[text.en]"),
    "missing key of a rule": ('kind = "improve"\n', "", "kind", "[[rule]]"),
    "wrong type of a condition": ('op = "between"', "op = 3", "op", "any = "),
}


class TestWrong:
    def test_the_example_is_right(self, tmp_path):
        assert playbooks.check(written(tmp_path, PLAYBOOK)).id == "mine"

    @pytest.mark.parametrize(("old", "new", "problem", "at"), WRONG.values(), ids=WRONG.keys())
    def test_it_is_refused_with_file_line_and_mend(self, tmp_path, old, new, problem, at):
        text = changed(old, new)
        with pytest.raises(PlaybookError) as wrong:
            playbooks.check(written(tmp_path, text))
        line = 1 + [at in line for line in text.splitlines()].index(True)
        assert problem in wrong.value.message
        assert wrong.value.message.startswith(f"mine.toml, line {line}: ")
        assert wrong.value.hint

    @pytest.mark.parametrize(
        ("old", "new", "meant"),
        [
            ('signal = "talk_ratio"', 'signal = "talk_ration"', "talk_ratio"),
            ('{ tracker = "list"', '{ tracker = "lists"', "list"),
            ('phrases = ["the list", "print*"]', 'patterns = ["prcing"]', "pricing"),
            ("[targets.talk_ratio]", "[targets.talk_ration]", "talk_ratio"),
            ('rules = ["LIS-02"]', 'rules = ["LIS-2"]', "LIS-02"),
            ("{ turn_words = 40 }", "{ turn_wrods = 40 }", "turn_words"),
            ("severity = 2", "severty = 2", "severity"),
        ],
        ids=lambda value: value[:24],
    )
    def test_a_name_that_is_nearly_right_is_told_what_it_may_mean(self, tmp_path, old, new, meant):
        with pytest.raises(PlaybookError) as wrong:
            playbooks.check(written(tmp_path, changed(old, new)))
        assert f'"{meant}"' in wrong.value.hint

    def test_rules_of_ones_own_are_sent_to_their_table(self, tmp_path):
        with pytest.raises(PlaybookError) as wrong:
            playbooks.check(written(tmp_path, changed('rules = ["LIS-02"]', 'rules = [{ id = "LIS-02" }]')))
        assert "[[rule]]" in wrong.value.hint

    def test_broken_toml_is_refused_with_its_line(self, tmp_path):
        with pytest.raises(PlaybookError, match=r"mine\.toml is not valid TOML.*line 2") as wrong:
            playbooks.check(written(tmp_path, 'format = "coachdesk.playbook/1"\nid = \n'))
        assert wrong.value.hint

    def test_what_is_no_text_is_refused(self, tmp_path):
        path = tmp_path / "mine.toml"
        path.write_bytes(b"id = '\xff'")
        with pytest.raises(PlaybookError, match=r"mine\.toml"):
            playbooks.check(path)

    def test_a_file_that_is_not_there_is_named(self, tmp_path):
        with pytest.raises(NotFound, match=r"mine\.toml"):
            playbooks.check(tmp_path / "mine.toml")


class TestVersion:
    def version(self, folder: Path, text: str) -> str:
        return playbooks.check(written(folder, text)).version

    @pytest.mark.parametrize(
        ("old", "new"),
        [("turn_words = 40", "turn_words = 41"), ("are enough", "will do"), ('"the list"', '"a list"')],
        ids=["limit", "text", "tracker"],
    )
    def test_it_changes_with_the_content(self, tmp_path, old, new):
        assert self.version(tmp_path, PLAYBOOK) != self.version(tmp_path, changed(old, new))

    def test_it_stays_with_layout_and_remarks(self, tmp_path):
        moved = "# A remark.\n" + changed('results = ["done"]\n', "").replace(
            'id = "mine"', 'results = ["done"]\nid = "mine"'
        )
        assert self.version(tmp_path, PLAYBOOK) == self.version(tmp_path, moved)


class TestOwnCopies:
    def test_a_copy_in_the_persons_folder_wins(self):
        home = paths.home().make()
        before = playbooks.load(home, "sales_discovery")
        shipped = (ROOT / "resources" / "playbooks" / "sales_discovery.toml").read_text("utf-8")
        written(home.playbooks, shipped.replace('name = "Sales discovery"', 'name = "Ours"'), "sales_discovery.toml")
        after = playbooks.load(home, "sales_discovery")
        assert (before.words("en").name, after.words("en").name) == ("Sales discovery", "Ours")
        assert before.version != after.version
        assert playbooks.files(home).keys() == {path.stem for path in SHIPPED}

    def test_limits_of_a_playbook_win_over_those_of_a_rule(self, tmp_path):
        rule = playbooks.check(written(tmp_path, PLAYBOOK)).find("LIS-02")
        assert rule.limits == {"turn_words": 40, "better": 38}

    def test_a_file_is_named_like_its_id(self):
        home = paths.home().make()
        written(home.playbooks, PLAYBOOK, "other.toml")
        with pytest.raises(PlaybookError, match="its id is mine"):
            playbooks.load(home, "other")


class TestWindows:
    @pytest.mark.parametrize(
        ("window", "minutes", "expected"),
        [
            ("", 30, (0, 30)),
            ("last 20%", 30, (24, 30)),
            ("first 10%", 30, (0, 3)),
            ("last 5m", 30, (25, 30)),
            ("first 90s", 30, (0, 1.5)),
            ("last 25% or 5m", 10, (5, 10)),
            ("last 25% or 5m", 40, (30, 40)),
            ("first 15% or 3m", 30, (0, 4.5)),
            ("first 15% or 3m", 10, (0, 3)),
            ("last 5m", 4, (2, 4)),
        ],
    )
    def test_the_longer_length_counts_but_never_more_than_half_the_call(self, window, minutes, expected):
        start, end = window_span(window, minutes * 60_000)
        assert (start / 60_000, end / 60_000) == expected

    @settings(derandomize=True, max_examples=80, deadline=None)
    @given(st.sampled_from(["first", "last"]), st.integers(0, 200), st.sampled_from("%sm"), st.integers(0, 10**8))
    def test_a_window_lies_in_the_call(self, edge, n, unit, duration_ms):
        start, end = window_span(f"{edge} {n}{unit}", duration_ms)
        assert 0 <= start <= end <= duration_ms
