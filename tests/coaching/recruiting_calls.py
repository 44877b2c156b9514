"""Good calls of the recruiting playbooks, and what has to be said differently for each rule of recruiting to fire."""

from __future__ import annotations

from coachdesk.conversation.planned import Plan, parse
from tests.coaching.any_trade import SHARED, Differs
from tests.coaching.sales_calls import SALES_PARTS
from tests.coaching.written import COMMON, SLOW, Parts, plain
from tests.conversation.calls import Line, other, rep, words

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

LEFT_OUT = other("I would leave that out.")
EXAMPLES = [
    rep("Tell me about a time when a plan for the yard went wrong.", word_ms=SLOW),
    other("The lead was ill, and nobody had the card with the streets. " + plain(66), word_ms=SLOW),
    rep("What was your part in that, and what came of it?", word_ms=SLOW),
    other("I wrote the card again with the crews, street by street, until everybody could drive.", word_ms=SLOW),
    rep("Tell me about a time when you had to learn something fast.", word_ms=SLOW),
    other("I had to learn the bench in two days. " + plain(66), word_ms=SLOW),
    rep("What did you do first with the bench?", word_ms=SLOW),
    other("I sat beside the lead and wrote everything down that she said.", word_ms=SLOW),
]
STRUCTURED_PARTS: Parts = {
    **{part: SCREEN_PARTS[part] for part in ("opening", "motivation")},
    "examples": EXAMPLES,
    **{part: SCREEN_PARTS[part] for part in ("exchanges", "story", "recap", "asked", "closing", "goodbye")},
}
THIN = [
    rep("Tell me about a time when a plan went wrong."),
    other("Once the lead was ill, and it went well."),
    rep("Thank you for that."),
    other("It was a good day in the end."),
]
AWAY = [rep("Great answer."), other("I am glad to hear that.")]

INTAKE_PARTS: Parts = {
    "opening": COMMON["opening"],
    "must": [
        rep("Which of these are must-haves for the work?"),
        other("That they can plan a week for three crews, the rest can be learned by the bench."),
    ],
    "success": [
        rep("What will this person have done after six months?"),
        other("A good first six months would be one plan for both yards, and nobody on the telephone in the morning."),
    ],
    "exchanges": COMMON["exchanges"],
    "story": COMMON["story"],
    "recap": COMMON["recap"],
    "asked": COMMON["asked"],
    "process": [
        rep("Then the panel is you and the lead, in one round."),
        other("That is how we did it the last time, and it went well."),
    ],
    "closing": SALES_PARTS["closing"],
    "goodbye": COMMON["goodbye"],
}

QUESTIONS = (
    "Tell me about a time when a delivery plan fell apart.",
    "Which working hours suit you best in winter?",
    "Which planning tools do you know from the depot?",
)
PLANNED = Plan(parse("".join(f"* {question}\n" for question in QUESTIONS)))
OTHERWISE = (
    "So was there ever some day, in whatever place it may have been, on which a delivery plan just fell apart for all of them?",
    "And then, which winter working hours would it be, more or less, if anybody at all were to ask you?",
    "Some people like planning tools, so do you know any planning depot things by now, or rather not so much?",
)


def asking(questions: tuple[str, ...]) -> list[Line]:
    return [line for question in questions for line in (rep(question, word_ms=SLOW), other(plain(66), word_ms=SLOW))]


RECRUITING: dict[str, Differs] = {
    "INT-01": {"plan": PLANNED},
    "INT-05": {
        "plan": PLANNED,
        "examples": [*EXAMPLES, *asking(QUESTIONS[:2])],
        "exchanges": [line for _ in range(12) for line in (rep(words(60)), other(words(60)))],
        "recap": [*COMMON["recap"], *asking(QUESTIONS[2:])],
    },
    "INT-06": {"plan": PLANNED, "examples": [*EXAMPLES, *asking(OTHERWISE)]},
    "SCR-01": {"closing": SALES_PARTS["closing"]},
    "SCR-02": {"motivation": []},
    "SCR-03": {"pay": SCREEN_PARTS["pay"][:2]},
    "SCR-04": {"asked": []},
    "INT-02": {"examples": [other(plain(330), word_ms=SLOW), rep("I see."), other(plain(330), word_ms=SLOW)]},
    "INT-03": {"examples": [*EXAMPLES, *THIN, *THIN]},
    "INT-04": {"examples": [*EXAMPLES, *AWAY, *AWAY]},
    "INK-01": {"must": []},
    "INK-02": {"success": []},
    "INK-03": {"process": []},
    "INK-04": {"must": [*INTAKE_PARTS["must"], other("And we want someone young and energetic.")]},
    "PRT-AGE": {"motivation": [rep("How old are you?"), other("Old enough to drive, I hope.")]},
    "PRT-MARITAL_FAMILY": {"motivation": [rep("Are you married?"), LEFT_OUT]},
    "PRT-RELIGION": {"motivation": [rep("Which church do you go to?"), LEFT_OUT]},
    "PRT-ORIGIN_CITIZENSHIP": {"motivation": [rep("Where were you born?"), LEFT_OUT]},
    "PRT-DISABILITY_HEALTH": {"motivation": [rep("Do you have any illness?"), LEFT_OUT]},
    "PRT-ARREST": {"motivation": [rep("Have you ever been arrested?"), LEFT_OUT]},
    "PRT-SALARY_HISTORY": {"motivation": [rep("What is your current salary?"), LEFT_OUT]},
    "PRT-SEXUAL_ORIENTATION_GENDER": {"motivation": [rep("Are you gay?"), LEFT_OUT]},
    "PRT-UNION_POLITICS_MILITARY": {"motivation": [rep("How do you vote?"), LEFT_OUT]},
    "PRT-FINANCIAL_PERSONAL": {"motivation": [rep("How tall are you?"), LEFT_OUT]},
    "POS-09": {},
}
RECRUITING_WITHOUT: dict[str, Differs] = {"POS-09": {"pay": SCREEN_PARTS["pay"][2:]}}

PARTS: dict[str, Parts] = {
    "recruiting_screen": SCREEN_PARTS,
    "recruiting_structured": STRUCTURED_PARTS,
    "recruiting_intake": INTAKE_PARTS,
}
NOTICE = {"last": [other("All of it hangs on the notice period.")]}
WITHOUT: dict[str, dict[str, Differs]] = {}
FIRES: dict[str, dict[str, Differs]] = {
    "recruiting_screen": {"NXT-04": NOTICE},
    "recruiting_structured": {"NXT-04": NOTICE},
    "recruiting_intake": {"QUE-01": {"must": [], "success": []} | SHARED["QUE-01"]},
}
