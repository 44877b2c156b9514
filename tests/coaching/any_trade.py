"""What has to be said differently, in a call of any trade, for each rule of the shared set to fire."""

from __future__ import annotations

from typing import Any

from tests.coaching.written import (
    ANSWER,
    ASIDE,
    ASK,
    BRIEF,
    COMMON,
    FOLLOW,
    LECTURE,
    MORE,
    OWN_CALLS,
    SLOW,
    STATEMENTS,
    exchanges,
    hurried,
    plain,
)
from tests.conversation.calls import other, rep

Differs = dict[str, Any]
NEAR_THE_END = [other("All of it hangs on the deadline.")]

SHARED: dict[str, Differs] = {
    "LIS-01": {"exchanges": LECTURE, "story": []},
    "LIS-02": {"exchanges": LECTURE},
    "LIS-03": {"exchanges": [*COMMON["exchanges"], rep(plain(330), word_ms=SLOW)]},
    "LIS-05": {"story": [], "goodbye": [other("Goodbye, and have a good ride home.", gap_ms=45_000)]},
    "LIS-06": {"exchanges": hurried(COMMON["exchanges"], 100)},
    "LIS-07": {"exchanges": hurried(COMMON["exchanges"], -500)},
    "LIS-08": {"recap": []},
    "LIS-09": {"exchanges": exchanges("You should watch the {thing}. " + ASK, ANSWER, FOLLOW, MORE)},
    "QUE-01": {"exchanges": STATEMENTS, "story": [other(plain(180), word_ms=SLOW)]},
    "QUE-02": {"exchanges": exchanges(ASK, "The lead does that there.", FOLLOW, "On the bench."), "story": []},
    "QUE-03": {
        "exchanges": exchanges("Do you have a crew for the {thing}?", ANSWER, "Is there a bench for that?", MORE)
    },
    "QUE-04": {"exchanges": exchanges(ASK + " And who drives the van?", ANSWER, FOLLOW, MORE)},
    "QUE-05": {"exchanges": exchanges(ASIDE, ANSWER, ASIDE, BRIEF)},
    "QUE-06": {"exchanges": COMMON["exchanges"][:32] + STATEMENTS[32:]},
    "QUE-07": {"asked": []},
    "OPN-01": {"opening": COMMON["opening"][:2]},
    "OPN-03": {"opening": [rep(plain(264)), *COMMON["opening"]]},
    "REC-01": {"opening": COMMON["opening"][2:], "consent_noted": False},
    "NXT-01": {"closing": []},
    "NXT-02": {"closing": [rep("The next step is a call with the lead."), other("That is fine with us, then.")]},
    "NXT-03": {
        "closing": [
            rep("Thursday works, so I will book the room."),
            other("That is fine with us, then."),
            rep("And I will send you the summary."),
        ]
    },
    "NXT-04": {"last": NEAR_THE_END},
    "DEL-01": {"exchanges": exchanges("Um, uh, " + ASK, ANSWER, "Um, um, " + FOLLOW, MORE), "baseline": OWN_CALLS},
    "DEL-02": {"baseline": OWN_CALLS},
    "SEN-01": {"last": [other("It was a terrible, awful and horrible mess in there."), rep("The yard is big.")]},
    "SEN-02": {"last": [line for _ in range(14) for line in (other("It was a terrible mess."), rep("I hear you."))]},
    "POS-01": {},
    "POS-02": {},
    "POS-03": {},
    "POS-04": {},
    "POS-06": {},
    "POS-08": {},
}

# praise is for the good calls; these take away what it is for
WITHOUT_SHARED: dict[str, Differs] = {
    "POS-01": SHARED["LIS-05"],
    "POS-02": SHARED["QUE-05"],
    "POS-03": SHARED["NXT-02"],
    "POS-04": {"recap": COMMON["recap"][:2]},
    "POS-06": SHARED["LIS-02"],
    "POS-08": {"opening": COMMON["opening"][2:]},
}
