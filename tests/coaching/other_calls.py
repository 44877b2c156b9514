"""Good calls of support, of helping and of no trade in particular, and what makes each of their own rules fire."""

from __future__ import annotations

from tests.coaching.any_trade import Differs
from tests.coaching.sales_calls import SALES_PARTS
from tests.coaching.written import ANSWER, COMMON, FOLLOW, LECTURE, MORE, SLOW, STATEMENTS, Parts, exchanges, plain
from tests.conversation.calls import other, rep

RESTATED = [
    rep("So it sounds like the list stops at the second street since Monday. Did I get that right?"),
    other("Yes, that is how it looks on every screen in the yard."),
]
SUPPORT_PARTS: Parts = {
    "opening": COMMON["opening"][:2],
    "problem": [
        rep("What do you see on the screen?"),
        other("The problem is that the list stops at the second street, since the update on Monday."),
    ],
    "restated": RESTATED,
    "exchanges": COMMON["exchanges"],
    "story": COMMON["story"],
    "recap": COMMON["recap"],
    "asked": COMMON["asked"],
    "solved": [
        rep("Could you try it once more while I am on the line?"),
        other("It works now, the whole list is there with all of the streets."),
    ],
    "closing": [
        rep("I will take care of the card myself, and I will send you a note tomorrow."),
        other("That is good to know for the whole yard."),
    ],
    "goodbye": COMMON["goodbye"],
}
SUPPORT: dict[str, Differs] = {
    "RST-01": {"restated": []},
    "WHO-01": {"closing": [rep("It is good to know what it was."), other("And by tomorrow it is forgotten, I hope.")]},
    "SLV-01": {"solved": []},
    "FUP-01": {"closing": [rep("I will send you a note."), other("That is good to know for the yard.")]},
    "POS-10": {},
}

HELPING_PARTS: Parts = {
    "opening": COMMON["opening"][:2],
    "exchanges": COMMON["exchanges"],
    "story": COMMON["story"],
    "recap": COMMON["recap"],
    "asked": COMMON["asked"],
    "goodbye": COMMON["goodbye"],
}
HELPING: dict[str, Differs] = {
    "TRN-01": {"exchanges": LECTURE},
    "ADV-01": {"exchanges": exchanges("You should watch the {thing}. How is it?", ANSWER, FOLLOW, MORE)},
    "RCP-01": {"recap": []},
    "ASK-01": {"exchanges": STATEMENTS},
    "POS-11": {},
}
GENERAL_PARTS: Parts = {
    "opening": COMMON["opening"],
    "exchanges": COMMON["exchanges"],
    "story": COMMON["story"],
    "recap": COMMON["recap"],
    "asked": COMMON["asked"],
    "closing": SALES_PARTS["closing"],
    "goodbye": COMMON["goodbye"],
}

OTHERS: dict[str, Differs] = {**SUPPORT, **HELPING}
OTHERS_WITHOUT: dict[str, Differs] = {
    "POS-10": SUPPORT["SLV-01"],
    "POS-11": HELPING["RCP-01"],
}
PARTS: dict[str, Parts] = {"support": SUPPORT_PARTS, "helping": HELPING_PARTS, "general": GENERAL_PARTS}
BROKEN = {"last": [other("All of it hangs on the deadline, and that is a problem.")]}
WITHOUT: dict[str, dict[str, Differs]] = {"support": {"POS-04": {"recap": [], "restated": RESTATED}}}
FIRES: dict[str, dict[str, Differs]] = {
    "support": {
        "NXT-04": BROKEN,
        "REC-01": {"opening": [rep("Hello there."), other(plain(22))], "consent_noted": False},
    },
    "helping": {"REC-01": {"opening": [rep("Hello there."), other(plain(22))], "consent_noted": False}},
    "general": {"QUE-07": {"asked": [other(plain(88), word_ms=SLOW)]}},
}
