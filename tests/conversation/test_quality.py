"""How good words are, told by how sure the engine was and by what is missing; and what is withheld because of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from coachdesk.conversation.metrics import METRICS
from coachdesk.conversation.quality import ROUGH_AT_MOST, SHOWN_AT_MOST, Origin, judge
from coachdesk.model import Needs, Quality, Role, WordsGrade
from tests.conversation.calls import Numbers, heard, listened, other, rep, say, spans, spoken, words

LINES = [
    line
    for n in range(12)
    for line in (
        rep(f"How does the office print list {n} on a Sunday? You should, um, have a look at it.", word_ms=500),
        other("Mostly two people print the list on Sunday and everybody, um, collects a copy of it.", word_ms=500),
    )
]
WHISPER = {"confident": True, "draft": False}
DRAFT = {"confident": True, "draft": True, "words": WordsGrade.ROUGH}


def sure(by_side: dict[str, float], **changes):
    """The call, each side's words with about this confidence."""
    said = spoken(LINES)
    said = tuple(replace(u, confidence=by_side[u.speaker] + 0.01 * (n % 3 - 1)) for n, u in enumerate(said))
    return heard(said, duration_ms=240_000, **{**WHISPER, **changes})


def judged(call) -> dict[str, Quality]:
    return {one.side: one for one in listened(call).facts.quality}


class TestEstimate:
    @pytest.mark.parametrize(("confidence", "verdict"), [(0.9, "shown"), (0.7, "rough"), (0.5, "withheld")])
    def test_an_engine_that_says_how_likely_its_words_are_is_believed(self, confidence, verdict):
        found = judged(sure({"rep": confidence, "other": confidence}))
        assert found["call"].verdict == found["rep"].verdict == verdict
        assert found["call"].estimate == pytest.approx(1 - confidence, abs=0.02)
        assert found["call"].params["percent"] == pytest.approx(100 * (1 - confidence), abs=2)

    @pytest.mark.parametrize(("confidence", "verdict"), [(0.95, "rough"), (0.6, "rough"), (0.4, "withheld")])
    def test_a_draft_is_rough_at_best(self, confidence, verdict):
        found = judged(sure({"rep": confidence, "other": confidence}, **DRAFT))
        assert (found["call"].verdict, found["call"].why) == (verdict, "draft")

    def test_a_draft_of_the_telephone_is_withheld_however_sure_it_is(self):
        found = judged(sure({"rep": 0.9, "other": 0.9}, **DRAFT, narrow=frozenset({"rep", "other"})))
        assert (found["call"].verdict, found["call"].why) == ("withheld", "draft_narrow")
        usual = judged(sure({"rep": 0.9, "other": 0.9}, narrow=frozenset({"rep", "other"})))
        assert usual["call"].verdict == "shown", "a real engine can hear telephone sound"

    def test_words_brought_along_say_nothing_of_themselves_and_are_shown(self):
        found = judged(heard(spoken(LINES), draft=False))
        assert (found["call"].estimate, found["call"].verdict, found["call"].why) == (None, "shown", "brought_along")

    def test_the_same_confidence_everywhere_tells_nothing(self):
        said = tuple(replace(u, confidence=0.5) for u in spoken(LINES))
        found = judged(heard(said, **DRAFT))
        assert (found["call"].estimate, found["call"].verdict) == (None, "rough")

    def test_what_a_person_typed_is_right(self):
        call = sure({"rep": 0.5, "other": 0.5})
        half = tuple(replace(u, corrected=n % 4 < 2) for n, u in enumerate(call.utterances))
        found = judged(replace(call, utterances=half))
        assert found["call"].estimate == pytest.approx(0.25, abs=0.03)

    def test_the_limits_are_in_order(self):
        assert 0 < SHOWN_AT_MOST < ROUGH_AT_MOST < 0.5


class TestLacking:
    def with_speech(self, more: float, **changes):
        """The call with `more` seconds of the own side's speech without any words."""
        call = sure({"rep": 0.95, "other": 0.95}, **changes)
        silent = spans([(260, 260 + more)]) if more else ()
        return replace(call, activity={**call.activity, "rep": (*call.activity["rep"], *silent)}, duration_ms=900_000)

    def test_speech_without_words_is_counted_as_wrong(self):
        whole, lacking = (judged(self.with_speech(more)) for more in (0, 120))
        assert whole["rep"].verdict == "shown"
        assert lacking["rep"].estimate > whole["rep"].estimate + 0.3
        assert (lacking["rep"].verdict, lacking["rep"].why) == ("withheld", "words_lacking")
        assert lacking["other"] == whole["other"]

    def test_breaths_are_no_speech_without_words(self):
        call = sure({"rep": 0.95, "other": 0.95})
        breaths = spans((260 + 2 * n, 260.9 + 2 * n) for n in range(200))
        noisy = replace(call, activity={**call.activity, "rep": (*call.activity["rep"], *breaths)}, duration_ms=900_000)
        assert judged(noisy)["rep"] == judged(call)["rep"]

    def test_suspect_words_do_not_fill_it(self):
        call = self.with_speech(120)
        invented = say("rep", words(200), 260, 380, suspect=True)
        assert judged(replace(call, utterances=(*call.utterances, invented))) == judged(call)

    def test_more_words_than_anybody_says_are_not_the_speakers(self):
        lines = [rep(words(60), word_ms=120), other(words(60), word_ms=400)] * 8
        said = tuple(replace(u, confidence=0.95 - 0.01 * (n % 4)) for n, u in enumerate(spoken(lines)))
        found = judged(heard(said, **WHISPER))
        assert found["rep"].estimate > 0.35 > 0.1 > found["other"].estimate

    def test_words_brought_along_for_less_than_half_of_the_speech_are_rough(self):
        call = heard(spoken(LINES), draft=False, duration_ms=900_000)
        more = {**call.activity, "rep": (*call.activity["rep"], *spans([(260, 500)]))}
        found = judged(replace(call, activity=more))
        assert (found["rep"].verdict, found["rep"].why) == ("rough", "words_lacking")
        assert found["other"].verdict == "shown"


class TestSides:
    def test_a_side_heard_well_keeps_its_own_numbers(self):
        facts = listened(sure({"rep": 0.9, "other": 0.4}), wording=(Role.REP, Role.OTHER)).facts
        found = Numbers(facts)
        assert facts.words is WordsGrade.POOR, "what leans on both sides is as good as the worse one"
        assert found.value("questions") == 12 and not found.of("questions").rough
        assert found.why_not("questions", "other") == "words_too_doubtful"
        assert found.why_not("followup_share") == found.why_not("next_step") == "words_too_doubtful"
        assert found.why_not("wording", "other") == "words_too_doubtful"
        assert {s.role for s in facts.wording} <= {Role.REP}

    def test_rough_words_give_sums_marked_rough_on_their_own_side_only(self):
        found = Numbers(listened(sure({"rep": 0.65, "other": 0.95})).facts)
        assert found.of("questions").rough and not found.of("questions", "other").rough
        assert found.why_not("fillers_per_100_words") == "words_doubtful"
        assert found.why_not("fillers_per_100_words", "other") == ""

    def test_a_side_of_few_words_is_taken_for_as_good_as_the_call(self):
        said = [*spoken([rep(words(300))]), say("other", "Yes, I see.", 200, 201, confidence=0.1)]
        said[0] = replace(said[0], confidence=0.9)
        found = judged(heard([*said, say("rep", words(9), 210, 213, confidence=0.95)], **WHISPER))
        assert (found["other"].verdict, found["other"].why) == ("shown", "too_few_words")

    def test_no_number_from_words_where_the_words_are_too_doubtful(self):
        facts = listened(sure({"rep": 0.4, "other": 0.4})).facts
        given = {m.metric for m in facts.measurements if m.value is not None}
        assert given and not given & {m.id for m in METRICS if m.needs is not Needs.SOUND}
        assert not [s for s in facts.signals.values() if s.needs is not Needs.SOUND and s.value is not None]


def test_without_words_there_is_nothing_to_judge():
    assert judge(Origin(WordsGrade.NONE), (), {}, {}) == (Quality("call", None, WordsGrade.NONE, "no_words"),)
    only_suspects = (say("rep", "Thanks for watching.", 0, 2, suspect=True),)
    assert judge(Origin(WordsGrade.GOOD), only_suspects, {"rep": Role.REP}, {})[0].why == "no_words"
