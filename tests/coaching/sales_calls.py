"""Good calls of the sales playbooks, and what has to be said differently for each rule of sales to fire."""

from __future__ import annotations

from tests.coaching.any_trade import SHARED, Differs
from tests.coaching.written import ANSWER, ASK, COMMON, COMPANY, MORE, SLOW, Parts, exchanges, plain
from tests.conversation.calls import Line, other, rep

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

CRITERIA = [
    rep("When you hold two ways against each other, what matters?"),
    other("The most important thing is that the crews like it."),
]
SHOWN = [
    rep("You said the telephone takes hours, so here you can reach every crew at once."),
    other("That is what we miss in the morning, on every single street."),
    rep("You mentioned the two people who drive out. You can also see who is near the river."),
    other("Then nobody has to drive out to look for them any more."),
]
DEMO_PARTS: Parts = {
    "opening": SALES_PARTS["opening"],
    "need": SALES_PARTS["need"],
    "people": SALES_PARTS["people"],
    "criteria": CRITERIA,
    "shown": SHOWN,
    **{part: SALES_PARTS[part] for part in ("exchanges", "story", "price", "concern", "recap", "asked")},
    "closing": SALES_PARTS["closing"],
    "goodbye": SALES_PARTS["goodbye"],
}


def slowly(lines: list[Line]) -> list[Line]:
    """The lines at the pace of the rest of the call."""
    return [Line(line.speaker, line.text, line.gap_ms, SLOW) for line in lines]


CONCERN = slowly(
    [
        *SALES_PARTS["concern"][:1],
        rep("That is a fair point. What are you holding it against, and how do you count it at the end of a long day?"),
        SALES_PARTS["concern"][2],
    ]
)
TRADE = [
    other("Is there any room on the price?"),
    rep("If you sign for two years, we can give you ten percent off."),
    other("Two years is something that we can talk about."),
]
NEGOTIATION_PARTS: Parts = {
    "opening": SALES_PARTS["opening"],
    **{part: SALES_PARTS[part] for part in ("need", "numbers", "people", "timing", "alternative")},
    "criteria": CRITERIA,
    "exchanges": SALES_PARTS["exchanges"],
    "story": SALES_PARTS["story"],
    "price": SALES_PARTS["price"],
    "trade": TRADE,
    "concern": CONCERN,
    "recap": slowly(SALES_PARTS["recap"]),
    "asked": SALES_PARTS["asked"],
    "closing": SALES_PARTS["closing"],
    "goodbye": SALES_PARTS["goodbye"],
}

COLD_PARTS: Parts = {
    "opening": [
        rep("Hello, this is Joan. I am calling because you opened a second yard by the harbour."),
        other("We did open one there in the spring, that is right."),
        rep("Is it okay if I record this call for my notes?"),
        other("Sure, go ahead with that."),
        rep("How do the two yards share the crews today?"),
        other("With a list on the wall and a telephone that rings all day."),
    ],
    "exchanges": COMMON["exchanges"],
    "story": COMMON["story"],
    "concern": CONCERN,
    "recap": slowly(SALES_PARTS["recap"]),
    "asked": SALES_PARTS["asked"],
    "closing": SALES_PARTS["closing"],
    "goodbye": SALES_PARTS["goodbye"],
}

NO_QUESTION = [other("We did open one there in the spring, that is right."), rep("We work with yards like yours.")]
DECLINED = [other("No thanks, we are not interested in that."), rep("It takes two minutes for the whole yard.")]
REPLY = other("I see that, of course.")

SALES: dict[str, Differs] = {
    "OPN-02": {"opening": [rep("Hello, this is Joan."), *COLD_PARTS["opening"][1:]]},
    "OPN-04": {"exchanges": [*COMPANY, *COMMON["exchanges"]]},
    "DIS-01": {"need": [*SALES_PARTS["need"][:2], rep("Many say that."), other("I see, so we are not alone.")]},
    "DIS-02": {"numbers": []},
    "DIS-03": {"people": []},
    "DIS-04": {"timing": []},
    "DIS-05": {"criteria": []},
    "DIS-06": {"alternative": [SALES_PARTS["alternative"][0], rep("I see."), other("They say it works on the road.")]},
    "DIS-07": {"need": SALES_PARTS["price"]},
    "LIS-04": {"shown": [rep(f"Here you can see the yard. {plain(396)} You can also see it.", word_ms=SLOW), REPLY]},
    "DEM-01": {
        "shown": [
            line
            for where in ("board", "map", "window", "clock")
            for line in (rep(f"There is a feature for the {where}."), other("I see it on the wall, yes."))
        ]
    },
    "DEM-02": {
        "opening": [rep(plain(660), word_ms=SLOW), *COMMON["opening"]],
        "need": [],
        "people": [],
        "criteria": [],
    },
    "DEM-03": {"asked": [line for _ in range(4) for line in (COMMON["asked"][0], rep(plain(132)))]},
    "OBJ-01": {"concern": [SALES_PARTS["concern"][0], rep("That is a fair point. " + plain(110)), REPLY]},
    "OBJ-02": {"concern": [SALES_PARTS["concern"][0], rep("It is what it is.", word_ms=SLOW), REPLY]},
    "OBJ-03": {"concern": [CONCERN[0], rep(CONCERN[1].text, word_ms=300), CONCERN[2]]},
    "NEG-01": {"price": [*SALES_PARTS["price"], rep("If you like, we can give you ten percent off.")]},
    "NEG-02": {"trade": [TRADE[0], rep("We can give you ten percent off."), TRADE[2]]},
    "NEG-03": {"price": [rep(f"The price is thirty for each crew. {plain(44)}"), SALES_PARTS["price"][1]]},
    "NEG-04": {
        "price": [
            rep("Maybe the price is, I think, just thirty, and perhaps the crews will probably see that it is fair."),
            rep("I guess that it is just what it takes for a yard of this size, in the end."),
            SALES_PARTS["price"][1],
        ]
    },
    "CLD-01": {"concern": [*DECLINED * 3, *CONCERN]},
    "CLD-02": {"opening": [*COLD_PARTS["opening"][:1], *NO_QUESTION * 10, *COMMON["opening"][:2]]},
    "DEL-03": {"exchanges": exchanges(ASK, ANSWER, "Ours is seamless, scalable and best in class.", MORE)},
    "POS-05": {},
}
SALES_WITHOUT: dict[str, Differs] = {
    "POS-05": {"concern": [SALES_PARTS["concern"][0], rep("That is a fair point.", word_ms=SLOW), REPLY]},
}

PARTS: dict[str, Parts] = {
    "sales_discovery": SALES_PARTS,
    "sales_demo": DEMO_PARTS,
    "sales_negotiation": NEGOTIATION_PARTS,
    "sales_cold_call": COLD_PARTS,
}
WITHOUT: dict[str, dict[str, Differs]] = {
    "sales_demo": {"POS-04": {"recap": [], "shown": []}},
}
FIRES: dict[str, dict[str, Differs]] = {
    "sales_discovery": {
        "QUE-01": {part: [] for part in ("need", "alternative", "price", "concern", "numbers", "people", "timing")}
        | SHARED["QUE-01"],
    },
    "sales_demo": {},
    "sales_negotiation": {
        "QUE-01": {part: [] for part in ("need", "alternative", "concern", "numbers", "people", "timing", "criteria")}
        | SHARED["QUE-01"],
    },
    "sales_cold_call": {},
}
