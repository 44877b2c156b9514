"""Two good written calls, part by part, and what has to be said differently for each rule to fire."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Any

from coachdesk import paths
from coachdesk.coaching.findings import Checked, check
from coachdesk.coaching.playbook import Playbook
from coachdesk.coaching.suggestions import Baseline, with_baseline
from coachdesk.conversation.facts import Heard
from coachdesk.desk import playbooks
from coachdesk.model import Facts, Role
from tests.conversation.calls import Line, heard, listened, other, rep, spoken

Parts = dict[str, list[Line]]

SALES, SCREEN = "sales_discovery", "recruiting_screen"
PLACES = ("north", "south", "harbour", "valley", "station", "airport", "market", "river", "castle", "forest")
THINGS = ("boilers", "pumps", "meters", "filters", "pipes", "valves", "ladders", "vans")
PLAIN = "The people there open the yard, look at the wall and drive along the river to the first house of the street. "
SLOW = 500  # ms a word


def plain(words: int) -> str:
    """Plain talk of about so many words."""
    return PLAIN * max(1, round(words / 22))


def exchanges(question: str, answer: str, follow_up: str, more: str, n: int = 25, **own: Any) -> list[Line]:
    """Question, answer, follow-up, answer, about one thing at one place after the other."""
    lines = []
    for i in range(n):
        names = {"place": PLACES[i % len(PLACES)], "thing": THINGS[i % len(THINGS)]}
        lines += [
            rep(question.format(**names), word_ms=SLOW, **own),
            other(answer.format(**names), word_ms=SLOW),
            rep(follow_up.format(**names), word_ms=SLOW, **own),
            other(more.format(**names), word_ms=SLOW),
        ]
    return lines


ASK = "How does the {place} crew take care of the {thing}?"
ANSWER = (
    "In the {place} yard the {thing} go to a lead, who sorts them by street before anybody drives to the first house."
)
FOLLOW = "And how does the lead sort them?"
MORE = "She lays them on the long bench and writes a card."
ASIDE = "And where do you park?"
BRIEF = "By the door, on the left."

COMMON: Parts = {
    "opening": [
        rep("Hello there. Is it okay if I record this call for my notes?"),
        other("Sure, go ahead with that."),
        rep("The plan for today is short: I want to hear how the work goes, and leave time for your questions."),
        other("That is fine with me, I have things to ask as well."),
    ],
    "exchanges": exchanges(ASK, ANSWER, FOLLOW, MORE),
    "story": [rep("Walk me through the longest day.", word_ms=SLOW), other(plain(180), word_ms=SLOW)],
    "recap": [
        rep("So it sounds like the lead has the whole street on her bench."),
        other("Yes, that is how it goes there, street by street."),
        rep("And you mentioned the card with the streets by the door."),
        other("Right, the card hangs there for everybody to read."),
    ],
    "asked": [
        other("How do you work with the crews on your side?"),
        rep("We sit down with each of them."),
        other("And who would be with us at the start?"),
        rep("That would be me and one other person."),
        other("Do you come to the yard for that?"),
        rep("We do come to the yard."),
    ],
    "goodbye": [
        other(plain(88), word_ms=SLOW),
        rep("It was good to hear all of that from you."),
        other("Goodbye, and have a good ride home."),
    ],
}

SALES_PARTS: Parts = {
    "opening": COMMON["opening"],
    "need": [
        rep("What stands in the way of the crews?"),
        other("Our biggest headache is the telephone, and it takes hours to reach every crew in the morning."),
        rep("What happens when the telephone is busy and you cannot reach them?"),
        other("Then two people drive out to look for them along the street."),
    ],
    "numbers": [rep("How many of the visits is that?"), other("It is roughly 20 percent of the visits, I would say.")],
    "people": [rep("Who else is part of that?"), other("Our director and the lead both look at it.")],
    "timing": [
        rep("And when would that be?"),
        other("We are aiming for go-live before the river opens for the boats."),
    ],
    "alternative": [
        other("We are also looking at Kestrow, which a neighbour uses every day."),
        rep("What do the neighbours say about Kestrow?"),
        other("They say that they see it every day on the road."),
    ],
    "exchanges": COMMON["exchanges"],
    "story": COMMON["story"],
    "price": [rep("The price is thirty for each crew."), other("I see, for each crew and not for each person.")],
    "concern": [
        other("That is too expensive for a company like this one."),
        rep("That is a fair point. What are you holding it against?"),
        other("Against what the two people cost who drive out there."),
    ],
    "recap": COMMON["recap"],
    "asked": COMMON["asked"],
    "closing": [
        rep("Would Thursday at ten work for you to go through it together?"),
        other("Thursday works, and I will send you the list of the crews before that."),
        rep("Then I will book the room and I will send you the summary."),
    ],
    "goodbye": COMMON["goodbye"],
}

SCREEN_PARTS: Parts = {
    "opening": COMMON["opening"],
    "motivation": [rep("Why are you looking for a change?"), other("I would like to plan for more than one yard.")],
    "exchanges": COMMON["exchanges"],
    "story": COMMON["story"],
    "role": [
        rep("You would join a crew of five, and the role is in the harbour yard."),
        other("That is near my street."),
    ],
    "pay": [
        rep("The pay range is wide, it begins at seventy. How does that fit?"),
        other("That fits what I had in mind for it."),
        rep("When could you start with us?"),
        other("I have a notice period of one month there."),
    ],
    "recap": COMMON["recap"],
    "asked": [rep("What questions do you have for me?"), *COMMON["asked"]],
    "closing": [
        rep("The next step is a video call with Joan, and you will hear from me on Thursday."),
        other("Thursday works for me, and I will send you the papers before that."),
    ],
    "goodbye": COMMON["goodbye"],
}
PARTS = {SALES: SALES_PARTS, SCREEN: SCREEN_PARTS}
_TEXTS: dict[str, bytes] = {}  # facts of texts, as the history keeps them: the calls share most of their lines


@lru_cache
def playbook(name: str) -> Playbook:
    return playbooks.load(paths.Home(paths.resource("playbooks").parent / "nowhere"), name)


def call(name: str, parts: Parts | None = None, **changes: Any) -> Heard:
    """The good call of a playbook with some parts said differently; "first" and "last" are empty in the good one."""
    whole = {"first": [], **PARTS[name], "last": [], **(parts or {})}
    lines = [line for part in whole.values() for line in part]
    said = spoken(lines)
    return heard(said, **{"duration_ms": said[-1].end_ms + 1_000, **changes})


def facts(name: str, made: Heard) -> Facts:
    """What is known of a call under a playbook."""
    book = playbook(name)
    sides = [role for role in (Role.REP, Role.OTHER) if getattr(book.wording, role.value)]
    outcome = listened(made, tuple(spec.tracker() for spec in book.trackers), sides, _TEXTS)
    _TEXTS.update(outcome.fresh_texts)
    return outcome.facts


@lru_cache
def good(name: str) -> Facts:
    return facts(name, call(name))


def checked(name: str, made: Heard, baseline: Baseline | None = None) -> Checked:
    return check(with_baseline(facts(name, made), baseline or {}), playbook(name))


def fired(name: str, made: Heard, baseline: Baseline | None = None) -> set[str]:
    return {finding.rule for finding in checked(name, made, baseline).findings}


# --- one situation for each rule: the parts that are said differently, what else differs, the own calls before

LECTURE = [line for _ in range(14) for line in (rep(plain(110), word_ms=SLOW), other("That is so in our yard, too."))]
STATEMENTS = exchanges("The {place} crew takes care of the {thing}.", ANSWER, "The lead sorts them.", MORE)
OWN_CALLS = {("fillers_per_100_words", "words"): [2.0, 2.5, 1.5], ("pace_wpm", "words"): [190.0, 200.0, 210.0]}
COMPANY = [
    rep("We are one of the oldest firms in the valley."),
    rep(plain(180), word_ms=SLOW),
    rep("We were founded by two brothers."),
    rep("Our team of forty sits by the river."),
    other("That is good to hear from you."),
]


def hurried(lines: list[Line], gap_ms: int) -> list[Line]:
    return [replace(line, gap_ms=gap_ms) if line.speaker == "rep" else line for line in lines]


SHARED: dict[str, dict[str, Any]] = {
    "LIS-01": {"exchanges": LECTURE, "story": []},
    "LIS-02": {"exchanges": LECTURE},
    "LIS-03": {"exchanges": [*COMMON["exchanges"], rep(plain(330), word_ms=SLOW)]},
    "LIS-05": {"story": [], "goodbye": [other("Goodbye, and have a good ride home.", gap_ms=45_000)]},
    "LIS-06": {"exchanges": hurried(COMMON["exchanges"], 100)},
    "LIS-07": {"exchanges": hurried(COMMON["exchanges"], -500)},
    "QUE-02": {"exchanges": exchanges(ASK, "The lead does that there.", FOLLOW, "On the bench."), "story": []},
    "QUE-03": {
        "exchanges": exchanges("Do you have a crew for the {thing}?", ANSWER, "Is there a bench for that?", MORE)
    },
    "QUE-04": {"exchanges": exchanges(ASK + " And who drives the van?", ANSWER, FOLLOW, MORE)},
    "QUE-05": {"exchanges": exchanges(ASIDE, ANSWER, ASIDE, BRIEF)},
    "OPN-01": {"opening": COMMON["opening"][:2]},
    "REC-01": {"opening": COMMON["opening"][2:], "consent_noted": False},
    "NXT-02": {"closing": [rep("The next step is a call with the lead."), other("That is fine with us, then.")]},
    "DEL-01": {"exchanges": exchanges("Um, uh, " + ASK, ANSWER, "Um, um, " + FOLLOW, MORE), "baseline": OWN_CALLS},
    "DEL-02": {"baseline": OWN_CALLS},
}

SITUATIONS: dict[str, dict[str, dict[str, Any]]] = {
    SALES: {
        **SHARED,
        "LIS-08": {"recap": []},
        "LIS-09": {"exchanges": exchanges("You should watch the {thing}. " + ASK, ANSWER, FOLLOW, MORE)},
        "QUE-01": {part: [] for part in ("need", "alternative", "price", "concern", "numbers", "people", "timing")}
        | {"exchanges": STATEMENTS, "story": [other(plain(180), word_ms=SLOW)]},
        "QUE-06": {"exchanges": COMMON["exchanges"][:32] + STATEMENTS[32:]},
        "QUE-07": {"asked": []},
        "OPN-03": {"opening": [rep(plain(264)), *COMMON["opening"]]},
        "OPN-04": {"exchanges": [*COMPANY, *COMMON["exchanges"]]},
        "NXT-01": {"closing": []},
        "NXT-03": {
            "closing": [
                rep("Thursday works, so I will book the room."),
                other("That is fine with us, then."),
                rep("And I will send you the summary."),
            ]
        },
        "NXT-04": {"last": [other("All of it hangs on the deadline.")]},
        "DIS-01": {"need": [*SALES_PARTS["need"][:2], rep("Many say that."), other("I see, so we are not alone.")]},
        "DIS-02": {"numbers": []},
        "DIS-03": {"people": []},
        "DIS-04": {"timing": []},
        "DIS-06": {
            "alternative": [SALES_PARTS["alternative"][0], rep("I see."), other("They say it works on the road.")]
        },
        "DIS-07": {"need": SALES_PARTS["price"]},
        "OBJ-01": {
            "concern": [SALES_PARTS["concern"][0], rep("That is a fair point. " + plain(110)), other("I see that.")]
        },
        "OBJ-02": {"concern": [SALES_PARTS["concern"][0], rep("It is what it is."), other("I see that, of course.")]},
        "NEG-01": {"price": [*SALES_PARTS["price"], rep("We can give you ten percent off.")]},
        "DEL-03": {
            "exchanges": exchanges(ASK, ANSWER, "Ours is seamless, scalable and best in class.", MORE),
        },
        "SEN-01": {"last": [other("It was a terrible, awful and horrible mess in there."), rep("The yard is big.")]},
        "SEN-02": {
            "last": [line for _ in range(14) for line in (other("It was a terrible mess."), rep("I hear you."))]
        },
        "POS-01": {},
        "POS-02": {},
        "POS-03": {},
        "POS-04": {},
        "POS-05": {},
        "POS-06": {},
        "POS-08": {},
    },
    SCREEN: {
        **SHARED,
        "NXT-04": {"last": [other("All of it hangs on the notice period.")]},
        "SCR-01": {"closing": SALES_PARTS["closing"]},
        "SCR-02": {"motivation": []},
        "SCR-03": {"pay": SCREEN_PARTS["pay"][:2]},
        "SCR-04": {"asked": []},
        "PRT-AGE": {"motivation": [rep("How old are you?"), other("Old enough to drive, I hope.")]},
        "PRT-MARITAL_FAMILY": {"motivation": [rep("Are you married?"), other("I would leave that out.")]},
        "PRT-RELIGION": {"motivation": [rep("Which church do you go to?"), other("I would leave that out.")]},
        "PRT-ORIGIN_CITIZENSHIP": {"motivation": [rep("Where were you born?"), other("I would leave that out.")]},
        "PRT-DISABILITY_HEALTH": {"motivation": [rep("Do you have any illness?"), other("I would leave that out.")]},
        "PRT-ARREST": {"motivation": [rep("Have you ever been arrested?"), other("I would leave that out.")]},
        "PRT-SALARY_HISTORY": {"motivation": [rep("What is your current salary?"), other("I would leave that out.")]},
        "PRT-SEXUAL_ORIENTATION_GENDER": {"motivation": [rep("Are you gay?"), other("I would leave that out.")]},
        "PRT-UNION_POLITICS_MILITARY": {"motivation": [rep("How do you vote?"), other("I would leave that out.")]},
        "PRT-FINANCIAL_PERSONAL": {"motivation": [rep("How tall are you?"), other("I would leave that out.")]},
        "POS-01": {},
        "POS-02": {},
        "POS-03": {},
        "POS-04": {},
        "POS-08": {},
        "POS-09": {},
    },
}

# praise is for the good calls; these take away what it is for
WITHOUT: dict[str, dict[str, dict[str, Any]]] = {
    SALES: {
        "POS-01": SHARED["LIS-05"],
        "POS-02": SHARED["QUE-05"],
        "POS-03": SHARED["NXT-02"],
        "POS-04": {"recap": SALES_PARTS["recap"][:2]},
        "POS-05": {
            "concern": [SALES_PARTS["concern"][0], rep("That is a fair point."), other("I see that, of course.")]
        },
        "POS-06": SHARED["LIS-02"],
        "POS-08": {"opening": COMMON["opening"][2:]},
    },
    SCREEN: {
        "POS-01": SHARED["LIS-05"],
        "POS-02": SHARED["QUE-05"],
        "POS-03": SHARED["NXT-02"],
        "POS-04": {"recap": SALES_PARTS["recap"][:2]},
        "POS-08": {"opening": COMMON["opening"][2:]},
        "POS-09": {"pay": SCREEN_PARTS["pay"][2:]},
    },
}


def situation(name: str, differs: dict[str, Any]) -> tuple[Heard, Baseline]:
    """The call of a situation and the own calls before it."""
    parts = {key: value for key, value in differs.items() if key in PARTS[name] or key in ("first", "last")}
    rest = {key: value for key, value in differs.items() if key not in parts}
    baseline = rest.pop("baseline", {})
    return call(name, parts, **rest), baseline
