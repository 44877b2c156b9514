"""Trackers: named patterns and a playbook's own phrases; protected topics of questions."""

from __future__ import annotations

import pytest

from coachdesk.conversation.lexicon import lexicon
from coachdesk.conversation.text import facts_of
from coachdesk.model import Role, Tracker
from tests.conversation.calls import heard, listened, other, rep, spoken

TABLE = lexicon("en")


def hits(text: str, *phrases: str) -> list[str]:
    found = listened(heard(spoken([rep(text)])), (Tracker("t", phrases=phrases),)).facts.hits
    return [hit.phrase for hit in found]


class TestPhrases:
    @pytest.mark.parametrize(
        ("text", "phrase", "hit"),
        [
            ("The Price is fine.", "price", "Price"),
            ("Our pricing is fine.", "pric*", "pricing"),
            ("Our prices, for example.", "pric*", "prices"),
            ("It's a proof of  concept, no?", "proof of concept", "proof of  concept"),
            ("A proof-of-concept run.", "proof of concept", "proof-of-concept"),
            ("We run C++ here.", "c++", "C++"),
            ("We don’t need it.", "don't need", "don’t need"),
            ("It is the 20% rule.", "20%", "20%"),
            ("They co-operate.", "co* operat*", "co-operate"),
        ],
    )
    def test_a_phrase_is_found(self, text, phrase, hit):
        assert hits(text, phrase) == [hit]

    @pytest.mark.parametrize(
        ("text", "phrase"),
        [
            ("It is priceless.", "price"),
            ("The enterprise list.", "price"),
            ("The enterprise list.", "pris*"),
            ("Proof of the concept.", "proof of concept"),
            ("A.B is the name.", "a b c"),
            ("anything at all", "a.*l"),
        ],
    )
    def test_a_look_alike_is_not(self, text, phrase):
        assert hits(text, phrase) == []

    def test_one_hit_per_utterance_and_tracker(self):
        assert hits("The price is the price.", "price", "the price") == ["The price"]


class TestSides:
    def test_a_tracker_listens_to_its_side(self):
        call = heard(spoken([rep("The budget is fine."), other("Our budget is gone.")]))
        found = {
            side: [hit.role for hit in listened(call, (Tracker("t", side, patterns=("budget",)),)).facts.hits]
            for side in ("any", "rep", "other")
        }
        assert found == {"any": [Role.REP, Role.OTHER], "rep": [Role.REP], "other": [Role.OTHER]}

    def test_hits_come_in_order_with_their_moment(self):
        call = heard(spoken([rep("The budget is fine."), other("The price is high.")]))
        trackers = (Tracker("price", phrases=("price",)), Tracker("budget", phrases=("budget",)))
        found = listened(call, trackers).facts.hits
        assert [(h.tracker, h.utterance) for h in found] == [("budget", "u0"), ("price", "u1")]
        assert [(h.start_ms, h.end_ms) for h in found] == [(u.start_ms, u.end_ms) for u in call.utterances]


PATTERNS = {
    "pricing": (["What does it cost?", "It is $500 a month.", "Can you send a quote?"], ["He is a priceless man."]),
    "need_pain": (["The bottleneck is the list.", "It takes hours.", "Our process is manual."], ["We like the list."]),
    "objection_price": (["That is too expensive.", "We can't afford it."], ["The price is on page two."]),
    "objection_need": (["We're happy with what we have.", "I'm not interested."], ["I am interested."]),
    "objection_timing": (["It's not a good time.", "Call me back in May."], ["It's a good time."]),
    "next_step": (
        [
            "Let's schedule a call.",
            "I'll send you the summary.",
            "Does Tuesday work?",
            "How about 3 pm?",
            "How about 3?",
        ],
        ["How about 20 seats in the office?", "We sent them home.", "Does your team have 12 people there?"],
    ),
    "time_expression": (["See you on Thursday.", "In two weeks.", "At 10:30 am.", "March 3 then."], ["It may be so."]),
    "recap": (["It sounds like Sunday is hard.", "Let me recap.", "You mentioned the list."], ["It sounds loud."]),
    "agenda": (["The agenda is short.", "What I wanted to cover is the list."], ["We printed it."]),
    "recording_notice": (["Is it okay if I record?", "This call is recorded."], ["That is a world record."]),
    "competitor": (["We are looking at Kestrow.", "Our current vendor is fine."], ["We are looking at the list."]),
    "comp_range": (["The salary range is wide.", "Between 70 and 85."], ["We paid for it."]),
    "candidate_qs": (["What questions do you have for me?"], ["I have a question."]),
    "motivation": (["Why are you looking for a change?", "What would make you move?"], ["I am looking at the list."]),
    "process_next": (["The next step is a video interview.", "You will hear from us."], ["We will see."]),
    "amount": (
        ["49 dollars per user", "ninety dollars", "$500 a month", "The price is thirty."],
        ["20 minutes", "42 people"],
    ),
    "wished_trait": (
        [
            "We want someone young and energetic.",
            "Ideally no small kids.",
            "I'd prefer a native speaker.",
            "A guy would be best.",
        ],
        ["We need somebody who can plan.", "I like the young team.", "We want healthy margins.", "She has two kids."],
    ),
}


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        (name, text, expected)
        for name, (right, alike) in PATTERNS.items()
        for expected, texts in ((True, right), (False, alike))
        for text in texts
    ],
)
def test_named_patterns_tell_right_from_look_alike(name, text, expected):
    assert (name in facts_of(text, TABLE).patterns) is expected


CUES = {
    "trade": (
        ["If you sign for two years, it is less.", "Could you commit to that?"],
        ["We can give you ten percent."],
    ),
    "advice": (["You should print it.", "I'd recommend a list."], ["Do you need to print it?"]),
    "commitment": (
        ["I'll send it over.", "Let me check with the office."],
        ["I'll call it a day.", "Will it be sent?"],
    ),
    "refusal": (["No thanks.", "Please don't call again."], ["No, thanks to you it worked."]),
    "discount_offer": (
        ["I can give you ten percent off.", "We could waive the setup fee."],
        ["I can't give a discount."],
    ),
    "discount_request": (["Is there any room on the price?", "Can you do better?"], ["There is a room for it."]),
    "buzzwords": (["A seamless, scalable, best-in-class platform."], ["A list that works."]),
    "company_overview": (["We were founded in Oslo."], ["They found it in Oslo."]),
}


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        (name, text, expected)
        for name, (right, alike) in CUES.items()
        for expected, texts in ((True, right), (False, alike))
        for text in texts
    ],
)
def test_cues_tell_right_from_look_alike(name, text, expected):
    assert (name in facts_of(text, TABLE).cues) is expected


PROTECTED = [
    ("How old are you?", {"age": "clear"}),
    ("Are you planning to retire soon?", {"age": "possible"}),
    ("Do you have kids?", {"marital_family": "clear"}),
    ("Are you married?", {"marital_family": "clear"}),
    ("What is your religion?", {"religion": "clear"}),
    ("Where are you originally from?", {"origin_citizenship": "clear"}),
    ("Do you have any disabilities?", {"disability_health": "clear"}),
    ("Have you ever been arrested?", {"arrest": "clear"}),
    ("What is your current salary?", {"salary_history": "clear"}),
    ("Are you gay?", {"sexual_orientation_gender": "clear"}),
    ("Are you a member of a union?", {"union_politics_military": "clear"}),
    ("How tall are you?", {"financial_personal": "clear"}),
    ("Are you at least 18?", {}),
    ("Are you legally authorized to work here?", {}),
    ("What are your salary expectations?", {}),
    ("How old is the system?", {}),
    ("Do you have kids' products in the range?", {}),
    ("The children run around the shop.", {}),
    ("What is the age of your platform?", {}),
]


@pytest.mark.parametrize(("text", "topics"), PROTECTED)
def test_protected_topics_of_a_question(text, topics):
    assert facts_of(text, TABLE).protected == topics
