"""Written talk to make calls of: plain words, exchanges by the dozen, and the parts of a good call in any trade."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.conversation.calls import Line, other, rep

Parts = dict[str, list[Line]]

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
