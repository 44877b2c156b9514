"""The numbers of a call: a card for each, with its usual range and the moments it was counted from, one press away.

No number is a mark: inside its range it gets a small check, outside it is said plainly. What could not be given stands
at the end, with the reason. Hovering a card tells the definition, where its range comes from and what it was counted from.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from coachdesk.gui import theme
from coachdesk.gui.widgets.door import Door
from coachdesk.gui.widgets.range_bar import RangeBar
from coachdesk.gui.widgets.reading import (
    Document,
    capital,
    heard_in,
    said_range,
    said_rough,
    said_value,
    said_whole,
    side_name,
    side_of,
    why_not,
    within,
)
from coachdesk.gui.widgets.scrolled import Scrolled, card, door_card, inset
from coachdesk.gui.widgets.symbol import Symbol
from coachdesk.gui.widgets.text import Elided, Label, caption, tip
from coachdesk.sentences import N_, _, ngettext, strength

_LIT_MS = 1_600
_PHASES = "talk_ratio_by_phase"
_GROUPS = (
    (
        N_("Talking"),
        (
            "talk_ratio",
            _PHASES,
            "talk_share_of_call",
            "longest_monologue_ms",
            "mean_turn_words",
            "interactivity_per_min",
            "switches",
            "overlap_ratio",
            "silence_ratio",
            "longest_silence_ms",
        ),
    ),
    (
        N_("Listening"),
        (
            "longest_customer_story_ms",
            "patience_ms",
            "lapses",
            "overlapping_starts",
            "recap_per_100_words",
            "advice_rate",
            "pause_after_objection_ms",
        ),
    ),
    (
        N_("Questions"),
        (
            "questions",
            "questions_open",
            "question_rate_per_h",
            "question_yield_ms",
            "followup_share",
            "stacked_share",
            "coverage_ratio",
        ),
    ),
    (N_("Pace and words"), ("pace_wpm", "fillers_per_100_words")),
    (N_("Ending"), ("next_step",)),
)
# Variants that need no card of their own: told with the number they vary.
_VARIANTS = {"longest_monologue_ms": "longest_monologue_strict_ms", "mean_turn_words": "median_turn_words"}
_PARTS = {
    f"{_PHASES}.first": N_("First 5 minutes"),
    f"{_PHASES}.middle": N_("Middle"),
    f"{_PHASES}.last": N_("Last 5 minutes"),
}
_GRADES = {
    "A": N_("Times from two channels"),
    "B": N_("Times from one mixed channel"),
    "C": N_("Times from a transcript only"),
}
_BASES = {"sound": N_("counted from the sound"), "words": N_("counted from the words")}
_SIDES = {"side:rep": "rep", "side:other": "other"}
_SUBJECTS = ("call", *_SIDES)


@dataclass(frozen=True, slots=True)
class _Number:
    """What one card shows: a metric, or its parts, for each side there is a value for."""

    key: str
    name: str
    found: tuple[Document, ...]

    @property
    def unit(self) -> str:
        return str(self.found[0]["unit"])

    @property
    def moments(self) -> list[tuple[int, int]]:
        return sorted({(m["start_ms"], m["end_ms"]) for measured in self.found for m in measured["moments"]})


class NumbersPane(Scrolled):
    """`play_asked` carries the moment: from, to."""

    play_asked = Signal(int, int)

    def __init__(self) -> None:
        super().__init__()
        self._document: Document = {}
        self._read: tuple[object, ...] = ()
        self._call = ""
        self._was: dict[tuple[str, str], Document] = {}
        self._open: set[str] = set()
        self._shown: dict[str, QFrame] = {}
        self._lit: QFrame | None = None
        self._calm = QTimer(self)
        self._calm.setSingleShot(True)
        self._calm.setInterval(_LIT_MS)
        self._calm.timeout.connect(self._put_out)

    def set_document(self, doc: Document) -> None:
        """Show a review; what was unfolded stays so, and so does the place."""
        read = (doc["call"]["id"], doc["measurements"], doc["labels"], doc["speakers"], doc["transcript"])
        if read == self._read:
            return
        another = doc["call"]["id"] != self._call
        self._was = {} if another else self._changed(doc)
        self._read, self._document = read, doc
        if another:
            self._call, self._open = doc["call"]["id"], set()
        self._put_out()
        self._shown = {}
        self.refill(self._parts(), from_top=another)

    def _changed(self, doc: Document) -> dict[tuple[str, str], Document]:
        """The numbers as they were, where they are others now: what the last change changed."""
        before = {(m["metric"], m["subject"]): m for m in self._document["measurements"]}
        now = {(m["metric"], m["subject"]): m for m in doc["measurements"]}
        return {
            key: before[key]
            for key in before.keys() & now.keys()
            if None not in (before[key]["value"], now[key]["value"]) and _said(before[key]) != _said(now[key])
        }

    def _figure(self, measured: Document, look: str) -> QHBoxLayout:
        """The number; where the last change made it another one, with what it was."""
        was = self._was.get((measured["metric"], measured["subject"]))
        if was is None:
            return _figure(_said(measured), look)
        row = QHBoxLayout()
        row.setSpacing(theme.TINY_GAP)
        old = Label(f"{' '.join(part for part in _said(was) if part)} →", "muted")
        old.setAccessibleName(_("before: {value}").format(value=said_whole(was["value"], was["unit"])))
        row.addWidget(old, 0, Qt.AlignmentFlag.AlignBottom)
        row.addLayout(_figure(_said(measured), look))
        return row

    def show_number(self, metric: str) -> None:
        """Lead to a number, or to why it is not given."""
        frame = self._shown.get(_key_of(metric))
        if frame is None:
            return
        self.settle()
        bar = self.verticalScrollBar()
        if not bar.value() <= frame.y() <= frame.y() + frame.height() <= bar.value() + self.viewport().height():
            bar.setValue(frame.y() - theme.WIDER)
        button = frame.findChild(QPushButton)
        if button is not None:
            button.setFocus(Qt.FocusReason.OtherFocusReason)
        self._put_out()
        self._lit = frame
        theme.restyle(frame, look="focus")
        self._calm.start()

    def _put_out(self) -> None:
        self._calm.stop()
        if self._lit is not None:
            theme.restyle(self._lit, look="card")
            self._lit = None

    # --- cards

    def _parts(self) -> list[QWidget]:
        parts: list[QWidget] = []
        for group, keys in _GROUPS:
            numbers = [number for key in keys if (number := self._number(key)).found]
            if numbers:
                parts += [_heading(_(group)), *(self._card(number) for number in numbers)]
        return parts + self._not_given()

    def _number(self, key: str) -> _Number:
        found = tuple(m for m in self._measured(key) if m["value"] is not None)
        return _Number(key, self._name(key), found)

    def _measured(self, key: str) -> list[Document]:
        """The sides' and the call's own; the own side comes first."""
        return [
            m
            for m in self._document["measurements"]
            if m["subject"] in _SUBJECTS and (m["metric"] == key or m["metric"].startswith(f"{key}."))
        ]

    def _name(self, key: str) -> str:
        if key == _PHASES:
            return _("Share of the talking over the call")
        return str(self._document["labels"]["metrics"][key]["name"])

    def _card(self, number: _Number) -> QWidget:
        frame, column = door_card()
        frame.setToolTip(tip(self._told(number)))
        frame.setAccessibleName(number.name)
        frame.setAccessibleDescription(self._told(number))
        target = self._document["labels"]["targets"].get(number.key)
        alone = len(number.found) == 1
        body = inset()
        body.addLayout(self._titled(number, alone))
        if not alone:
            body.addLayout(self._rows(number))
        if target and number.key != "next_step":  # how many sentences say it is no matter of more or less
            body.addWidget(self._bar(number, target))
        column.addLayout(body)
        self._add_foot(column, number, target)
        self._shown[number.key] = frame
        return frame

    def _titled(self, number: _Number, alone: bool) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(theme.WIDE)
        row.addWidget(Label(self._named(number), "heading", wrap=True), 1)
        if alone:
            measured = number.found[0]
            row.addLayout(self._figure(measured, "title"))
        return row

    def _named(self, number: _Number) -> str:
        """The name; with the side, where only one of two has a value and the name does not say which."""
        other = side_name(self._document, "other")
        lonely = len(number.found) == 1 and number.found[0]["subject"] == "side:other" and other not in number.name
        return f"{number.name} ({other})" if lonely else number.name

    def _rows(self, number: _Number) -> QVBoxLayout:
        rows = QVBoxLayout()
        rows.setSpacing(2)
        for measured in number.found:
            rows.addLayout(self._row(measured))
        return rows

    def _row(self, measured: Document) -> QHBoxLayout:
        part = _PARTS.get(measured["metric"])
        side = _SIDES.get(measured["subject"], "")
        name = Label(_(part), "muted") if part else Elided(capital(side_name(self._document, side)), _token(measured))
        row = QHBoxLayout()
        row.setSpacing(theme.WIDE)
        row.addWidget(name, 1)
        row.addLayout(self._figure(measured, "strong"))
        return row

    def _bar(self, number: _Number, target: Document) -> RangeBar:
        values = [(measured["value"], _token(measured)) for measured in number.found]
        said = ", ".join(
            [*(said_whole(value, number.unit) for value, _token in values), said_range(target, number.unit)]
        )
        return RangeBar(target, values, number.unit, said)

    def _add_foot(self, column: QVBoxLayout, number: _Number, target: Document | None) -> None:
        rough = any(measured["rough"] for measured in number.found)
        if not (target or rough or number.moments):
            return
        row = QHBoxLayout()
        row.setContentsMargins(theme.GAP, 0, 0, 0)
        row.setSpacing(theme.TINY_GAP)
        if target and within(number.found[0]["value"], target):
            check = Symbol("check", "good")
            check.setAccessibleName(_("in the usual range"))
            row.addWidget(check)
        said = [said_range(target, number.unit)] if target else []
        said += [said_rough(self._document)] if rough else []
        row.addWidget(Label("\n".join(said), "small", wrap=True), 1)
        column.addLayout(row)
        if number.moments:
            self._add_moments(row, column, number)

    def _told(self, number: _Number) -> str:
        """What hovering tells."""
        labels = self._document["labels"]
        first = number.found[0]
        lines = [labels["metrics"][first["metric"]]["definition"]]
        for measured in self._measured(_VARIANTS.get(number.key, "-")):
            if measured["value"] is not None and measured["subject"] != "side:other":
                name = labels["metrics"][measured["metric"]]["name"]
                lines.append(f"{name}: {said_whole(measured['value'], measured['unit'])}")
        if target := labels["targets"].get(number.key):
            stands = strength(target["strength"])
            lines.append(_("Range: {source} ({strength})").format(source=target["source"], strength=stands))
        grade, basis = _(_GRADES.get(first["grade"], "")), _(_BASES.get(first["basis"], ""))
        lines.append(_("{grade}; {basis}.").format(grade=grade, basis=basis))
        return "\n".join(lines)

    # --- moments

    def _add_moments(self, row: QHBoxLayout, column: QVBoxLayout, number: _Number) -> None:
        """The button that unfolds the moments, and the place where they appear."""
        n = len(number.moments)
        said = ngettext("{n} moment", "{n} moments", n).format(n=n)
        button = QPushButton(caption(said))
        button.setProperty("look", "quiet")
        button.setCheckable(True)
        button.setAutoDefault(True)  # Return presses it too
        button.setAccessibleName(_("{name}: {moments}").format(name=number.name, moments=said))
        button.setAccessibleDescription(self._told(number))
        place = QWidget()
        place.hide()
        inside = QVBoxLayout(place)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(0)
        row.addWidget(button)
        column.addWidget(place)

        def fold(on: bool) -> None:
            theme.set_icon(button, "chevron-down" if on else "chevron-right", "muted")
            (self._open.add if on else self._open.discard)(number.key)
            if on and not inside.count():
                for door in self._doors(number.moments):
                    inside.addWidget(door)
                self.order_keys()
            place.setVisible(on)

        button.toggled.connect(fold)
        fold(number.key in self._open)
        button.blockSignals(True)
        button.setChecked(number.key in self._open)
        button.blockSignals(False)

    def _doors(self, moments: Sequence[tuple[int, int]]) -> list[Door]:
        doors = []
        for start_ms, end_ms in moments:
            said = heard_in(self._document, start_ms, end_ms)
            side = side_of(self._document, said["speaker"]) if said else "unknown"
            door = Door(start_ms, end_ms, said["text"] if said else "", side, until=True)
            door.play_asked.connect(self.play_asked)
            doors.append(door)
        return doors

    # --- what is not given

    def _not_given(self) -> list[QWidget]:
        names: dict[str, list[str]] = {}
        frame, column = card()
        for key, why, name in self._withheld():
            self._shown.setdefault(key, frame)
            if name not in names.setdefault(why, []):
                names[why].append(name)
        for why, withheld in names.items():
            line = _("{why}: {names}").format(why=capital(why), names=", ".join(withheld))
            column.addWidget(Label(line, "muted", wrap=True))
        return [_heading(_("Not given on this call")), frame] if names else []

    def _withheld(self) -> Iterator[tuple[str, str, str]]:
        """The card's key, why, and the name of what is not given."""
        for _group, keys in _GROUPS:
            for key in keys:
                for measured in self._measured(key):
                    if measured["value"] is None:
                        yield key, why_not(measured), self._withheld_name(key, measured)

    def _withheld_name(self, key: str, measured: Document) -> str:
        name, side = self._name(key), side_name(self._document, _SIDES.get(measured["subject"], ""))
        whole = all(m["value"] is None for m in self._measured(key))
        return name if whole or not side else f"{name} ({side})"


def _key_of(metric: str) -> str:
    """The card a metric is shown on."""
    if metric.startswith(_PHASES):
        return _PHASES
    return next((main for main, variant in _VARIANTS.items() if variant == metric), metric)


def _token(measured: Document) -> str:
    return {"side:rep": "own", "side:other": "other"}.get(measured["subject"], "text")


def _said(measured: Document) -> tuple[str, str]:
    if measured["metric"] == "next_step":
        n = round(measured["value"])
        return (ngettext("{n} found", "{n} found", n).format(n=n) if n else _("none found")), ""
    return said_value(measured["value"], measured["unit"])


def _figure(said: tuple[str, str], look: str) -> QHBoxLayout:
    """A number and the words of its unit, on one line of writing."""
    number, unit = said
    row = QHBoxLayout()
    row.setSpacing(theme.TINY_GAP)
    value = Label(number, look)
    value.setFont(theme.figures_font())
    row.addWidget(value, 0, Qt.AlignmentFlag.AlignBottom)
    if unit:
        small = Label(unit, "small")
        small.setContentsMargins(0, 0, 0, 2 if look == "title" else 1)
        row.addWidget(small, 0, Qt.AlignmentFlag.AlignBottom)
    return row


def _heading(text: str) -> Label:
    label = Label(text, "small")
    label.setContentsMargins(2, theme.GAP, 0, 0)
    return label
