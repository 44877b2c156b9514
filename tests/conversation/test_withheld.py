"""What a call cannot support is withheld with its reason, and never guessed; what it can is the same every time."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from dataclasses import replace

import msgspec
import pytest

from coachdesk.conversation.metrics import METRICS
from coachdesk.model import Grade, Needs, Role, Tracker, WordsGrade
from tests.conversation.calls import heard, listened, numbers, other, rep, say, sound, spoken, words

LINES = [
    line
    for n in range(12)
    for line in (
        rep(f"How does the office print list {n} on a Sunday? You should, um, have a look at it.", word_ms=500),
        other("Mostly two people print the list on Sunday and everybody, um, collects a copy of it.", word_ms=500),
    )
]
CALL = heard(spoken(LINES, 1_000), duration_ms=240_000)
BY_NEED = {need: [m.id for m in METRICS if m.needs is need] for need in Needs}


def reasons(call, metrics) -> set[str]:
    found = numbers(call, (Role.REP, Role.OTHER))
    return {found.why_not(metric) for metric in metrics}


class TestWords:
    @pytest.mark.parametrize(
        ("grade", "reason"), [(WordsGrade.NONE, "no_words"), (WordsGrade.POOR, "draft_too_poor")], ids=["none", "poor"]
    )
    def test_without_words_to_count_on_only_sound_is_counted(self, grade, reason):
        call = replace(CALL, words=grade, draft=True)
        assert reasons(call, BY_NEED[Needs.COUNTS] + BY_NEED[Needs.WORDS]) == {reason}
        assert reason not in reasons(call, BY_NEED[Needs.SOUND])

    def test_a_draft_gives_sums_over_many_words_marked_rough_and_nothing_from_single_words(self):
        call = replace(CALL, words=WordsGrade.ROUGH, draft=True)
        assert reasons(call, BY_NEED[Needs.WORDS]) == {"draft"}
        found = numbers(call)
        assert found.value("questions") == 12
        assert found.of("questions").rough
        assert not found.of("talk_ratio").rough
        assert not numbers(CALL).of("questions").rough

    def test_of_a_good_draft_everything_is_counted_and_what_comes_from_words_is_rough(self):
        found = numbers(replace(CALL, draft=True))
        assert found.value("questions") == 12 and found.of("questions").rough
        assert not found.of("talk_ratio").rough

    def test_a_draft_has_no_wording(self):
        lines = [rep(words(60)), other("This is a terrible, awful, horrible mess." + " It is late." * 10)]
        assert listened(heard(spoken(lines))).facts.wording
        assert not listened(heard(spoken(lines), words=WordsGrade.ROUGH)).facts.wording

    def test_a_language_without_tables_has_no_word_numbers(self):
        call = replace(CALL, language="fr")
        assert reasons(call, BY_NEED[Needs.COUNTS] + BY_NEED[Needs.WORDS]) == {"no_language_table"}
        assert numbers(call).of("switches").basis == "sound"
        assert not listened(call, (Tracker("list", phrases=("list",)),)).facts.hits

    def test_what_a_table_has_no_words_for_is_withheld_and_the_rest_is_counted(self):
        german = [
            line
            for n in range(12)
            for line in (
                rep(f"Wie druckt das Büro die Liste {n} am Sonntag? Das ist, ähm, furchtbar schlecht.", word_ms=700),
                other("Meistens drucken zwei Leute die Liste am Sonntag, und jeder holt sich ein Blatt.", word_ms=700),
            )
        ]
        call = heard(spoken(german, 1_000), duration_ms=240_000, language="de")
        found = numbers(call, (Role.REP, Role.OTHER))
        assert (found.value("questions"), found.value("questions_open")) == (12, 12)
        assert found.value("fillers_per_100_words") > 0 and found.value("recap_per_100_words") == 0
        for metric in ("wording", "wording.1", "pause_after_objection_ms"):
            assert found.why_not(metric) == "no_word_list"
        facts = listened(
            call, (Tracker("price", patterns=("pricing",)), Tracker("why", patterns=("motivation",)))
        ).facts
        assert facts.signals["other_problems"].reason == "no_word_list" and facts.wording == ()
        assert facts.unheard == {"price"}

    def test_a_region_of_a_language_is_that_language(self):
        assert numbers(replace(CALL, language="en-US")).value("questions") == 12


class TestSides:
    def test_unknown_speakers_have_no_sides_but_silence_is_silence(self):
        call = replace(CALL, roles=dict.fromkeys(CALL.roles, Role.UNKNOWN), timing=Grade.B, channels=1)
        found = numbers(call)
        assert found.why_not("talk_ratio") == found.why_not("questions") == "speakers_unknown"
        assert found.value("switches") == numbers(CALL).value("switches"), "who takes over needs no sides"
        told_by_words = numbers(replace(call, timing=Grade.C))
        assert told_by_words.why_not("talk_ratio") == told_by_words.why_not("switches") == "speakers_unknown"
        assert found.value("silence_ratio") == numbers(CALL).value("silence_ratio")

    def test_voices_that_are_not_told_apart_are_said_to_be(self):
        runs = tuple(run for spans in CALL.activity.values() for run in spans)
        call = replace(CALL, roles={"unknown": Role.UNKNOWN}, activity={"unknown": runs}, timing=Grade.B, channels=1)
        found = numbers(call)
        assert found.why_not("talk_ratio") == found.why_not("switches") == "voices_unknown"

    def test_one_side_hardly_there_is_no_conversation(self):
        def with_other(n: int):
            return numbers(heard(spoken([rep(words(950), word_ms=250), other(words(n, "beta"))])))

        assert with_other(49).why_not("questions") == "one_sided"
        assert with_other(50).why_not("questions") == ""

    def test_over_fifteen_percent_together_holds_back_who_took_over_from_whom(self):
        def overlapping(seconds: float):
            runs = [(100 * n, 100 * n + 50) for n in range(4)]
            return numbers(sound(rep=runs, other=[(end - seconds, end + 50 - seconds) for _, end in runs]))

        crowded, usual = overlapping(15), overlapping(12)
        assert usual.value("overlap_ratio") == pytest.approx(12 / 88, abs=1e-6)
        assert {crowded.why_not(m.id) for m in METRICS if m.turns and m.needs is Needs.SOUND} == {
            "attribution_doubtful"
        }
        starts = [n.facts.signals["overlapping_starts_per_10min"] for n in (crowded, usual)]
        assert [signal.reason for signal in starts] == ["attribution_doubtful", ""]
        assert usual.why_not("switches") == crowded.why_not("talk_ratio") == ""

    def test_swapping_the_sides_mirrors_the_numbers(self):
        swapped = replace(CALL, roles={"rep": Role.OTHER, "other": Role.REP})
        here, there = numbers(CALL), numbers(swapped)
        assert here.value("talk_ratio") == pytest.approx(1 - there.value("talk_ratio"), abs=2e-6)
        assert here.value("longest_monologue_ms") == there.value("longest_customer_story_ms")
        for metric in ("mean_turn_words", "questions", "pace_wpm", "fillers_per_100_words"):
            assert here.of(metric, "rep").value == there.of(metric, "other").value is not None
            assert here.of(metric, "other").value == there.of(metric, "rep").value
        assert here.value("switches") == there.value("switches")


class TestLength:
    def test_under_three_minutes_of_speech_only_plain_facts_are_given(self):
        found = numbers(sound(rep=[(0, 89)], other=[(90, 180)]))
        assert found.why_not("interactivity_per_min") == "too_short"
        assert found.value("talk_ratio") == pytest.approx(89 / 179, abs=1e-6)
        assert numbers(sound(rep=[(0, 90)], other=[(90, 180)])).why_not("interactivity_per_min") == ""

    def test_under_150_words_are_too_few(self):
        def of(n: int):
            return numbers(heard(spoken([rep(words(n - 50), word_ms=1_300), other(words(50), word_ms=1_300)])))

        assert of(149).why_not("questions") == "too_few_words"
        assert of(150).why_not("questions") == ""


class TestSuspects:
    INVENTED = "Thank you for watching! How do you print the list? It sounds like you should book a call on Friday."

    def test_suspect_utterances_are_in_no_number(self):
        made = (*CALL.utterances, say("rep", self.INVENTED, 236, 239, suspect=True))
        activity = {label: runs for label, runs in CALL.activity.items()}
        listening = (Tracker("recap", patterns=("recap",)), Tracker("list", phrases=("watching",)))
        wording = (Role.REP, Role.OTHER)
        plain = listened(replace(CALL, activity=activity), listening, wording).facts
        with_it = listened(replace(CALL, utterances=made, activity=activity), listening, wording).facts
        assert with_it.measurements == plain.measurements
        assert (with_it.hits, with_it.wording, with_it.signals) == (plain.hits, plain.wording, plain.signals)
        assert listened(replace(CALL, utterances=(*CALL.utterances, replace(made[-1], suspect=False)))).facts != plain


DIGEST = """
from tests.conversation.test_withheld import digest
print(digest())
"""


def digest() -> str:
    found = listened(CALL, (Tracker("recap", patterns=("recap", "pricing")),), (Role.REP, Role.OTHER))
    return hashlib.sha256(msgspec.json.encode(found)).hexdigest()


def test_the_same_call_gives_byte_equal_results_in_every_process():
    seeds = [
        subprocess.run(
            [sys.executable, "-c", DIGEST],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for seed in ("1", "2")
    ]
    assert seeds == [digest(), digest()]
