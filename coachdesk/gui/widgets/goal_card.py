"""A goal with its proof: calls before and after as dots, the usual spread as a band, the verdict in words, every call a door."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import QDate, QLocale, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from coachdesk.gui import theme
from coachdesk.gui.widgets import reading
from coachdesk.gui.widgets.calls_chart import CallsChart, Frame, Point
from coachdesk.gui.widgets.paragraph import Paragraph
from coachdesk.gui.widgets.reading import capital, said_spread, said_whole
from coachdesk.gui.widgets.scrolled import card
from coachdesk.gui.widgets.symbol import Symbol
from coachdesk.gui.widgets.text import Elided, Label, caption, place
from coachdesk.sentences import N_, _, clock, done_in, reason, verdict

Document = dict[str, Any]
_STATES = {"done": N_("Done with it"), "dismissed": N_("Put aside")}
_LOOKS = {"improved": "good", "worse": "attention"}


def said_day(iso: str) -> str:
    """A day as this place writes it."""
    return place().toString(QDate.fromString(iso[:10], Qt.DateFormat.ISODate), QLocale.FormatType.ShortFormat)


def said_value(value: float, unit: str) -> str:
    """A focus number in words; what is counted one by one has no unit to say."""
    return f"{value:.0f}" if unit in ("", "count") and float(value).is_integer() else said_whole(value, unit)


class GoalCard(QFrame):
    """`responded`: (rule, the call it was said yes on, accept | dismiss | done)."""

    open_asked = Signal(str)
    play_asked = Signal(str, int, int)
    responded = Signal(str, str, str)

    def __init__(self, goal: Document) -> None:
        super().__init__()
        self._goal = goal
        self._calls = {one["call"]: one for one in (*goal["before"], *goal["after"])}
        self.setProperty("look", "card")
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.WIDER, theme.WIDE, theme.WIDER, theme.WIDE)
        column.setSpacing(theme.GAP)
        column.addLayout(self._head())
        column.addWidget(self._verdict())
        self.chart = CallsChart()
        self.chart.setVisible(bool(self._calls))
        column.addWidget(self.chart)
        column.addWidget(self._legend())
        column.addWidget(self._call_line())
        self._fill()

    def _head(self) -> QHBoxLayout:
        goal = self._goal
        row = QHBoxLayout()
        row.setSpacing(theme.GAP)
        row.addWidget(Symbol("target", "own" if goal["state"] == "open" else "muted"), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(Paragraph(goal["plan"] or goal["title"], "strong"))
        about = _("{kind} · since {day}").format(kind=goal["playbook"], day=said_day(goal["since"]))
        ended = _(_STATES[goal["state"]]) if goal["state"] in _STATES else ""
        words.addWidget(Paragraph(" · ".join(part for part in (about, ended) if part), "small"))
        row.addLayout(words, 1)
        for button in self._buttons():
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        return row

    def _verdict(self) -> Paragraph:
        goal = self._goal
        said = Paragraph(
            _("{done}; {verdict}.").format(done=capital(done_in(goal)), verdict=verdict(goal["verdict"])),
            _LOOKS.get(goal["verdict"]["code"], ""),
        )
        said.explain(
            _(
                "Better or worse is said from {before} calls before and {after} after on, where the change is larger than your "
                "usual spread and shuffled numbers would seldom lie so far apart."
            ).format(before=3, after=5)
        )
        return said

    def _legend(self) -> Paragraph:
        goal = self._goal
        parts = [_("Counts as done: {test}").format(test=goal["improved"])] if goal["improved"] else []
        if goal["usual"] is not None:
            usual = said_spread(round(goal["usual"], 4), round(goal["spread"], 4), goal["unit"])
            parts.append(_("Band: your usual before it, {usual}").format(usual=usual))
        return Paragraph(" · ".join(part.rstrip(".") for part in parts), "small")

    def _call_line(self) -> QWidget:
        """The chosen call: what came of it, its moments, the way to it."""
        whole = self._line = QWidget()
        row = QHBoxLayout(whole)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.TINY_GAP)
        self._said = Elided()
        self.play = QPushButton()
        theme.set_icon(self.play, "circle-play", "own")
        self.open = QPushButton(_("Open"))
        for button in (self.play, self.open):
            button.setProperty("look", "quiet")
        self.play.clicked.connect(self._play)
        self.open.clicked.connect(lambda: self.open_asked.emit(self._chosen["call"]))
        row.addWidget(self._said, 1)
        row.addWidget(self.play)
        row.addWidget(self.open)
        return whole

    def _buttons(self) -> list[QPushButton]:
        goal = self._goal
        still = ((_("Done with it"), "done", "check"), (_("Put aside"), "dismiss", ""))
        made = []
        for text, answer, icon in still if goal["state"] == "open" else ((_("Again"), "accept", "target"),):
            button = QPushButton(text)
            button.setProperty("look", "quiet")
            button.setAccessibleName(f"{text}: {goal['title']}")
            if icon:
                theme.set_icon(button, icon, "own")
            button.clicked.connect(partial(self.responded.emit, goal["rule"], goal["call"], answer))
            made.append(button)
        return made

    # --- the calls

    def _fill(self) -> None:
        goal = self._goal
        points = [_point(one, goal) for one in self._calls.values()]
        band = None if goal["usual"] is None else (goal["usual"] - goal["spread"], goal["usual"] + goal["spread"])
        limits = goal["test"]["value"]
        lines = tuple(limits if isinstance(limits, list) else [limits])
        self.chart.chosen.connect(lambda _call: self._show_call())
        self.chart.open_asked.connect(self.open_asked)
        say = lambda value: reading.said_value(round(value, 4), goal["unit"])[0]  # noqa: E731
        self.chart.set_points(points, Frame(band, lines, len(goal["before"])), say, goal["plan"] or goal["title"])
        self._show_call()

    @property
    def _chosen(self) -> Document:
        point = self.chart.current
        return self._calls[point.call] if point else {}

    def _show_call(self) -> None:
        one = self._chosen
        self._line.setVisible(bool(one))
        if not one:
            return
        self._said.say(_told(one, self._goal))
        moments = one["moments"]
        self.play.setVisible(bool(moments))
        if moments:
            self.play.setText(caption(clock(moments[0]["start_ms"])))
            self.play.setAccessibleName(_("Play {time}: {title}").format(time=self.play.text(), title=one["title"]))
        self.open.setAccessibleName(_("Open {title}").format(title=one["title"]))

    def _play(self) -> None:
        moment = self._chosen["moments"][0]
        self.play_asked.emit(self._chosen["call"], moment["start_ms"], moment["end_ms"])


def _point(one: Document, goal: Document) -> Point:
    value = one["value"] if one["basis"] == goal["basis"] else None
    return Point(one["call"], value, _told(one, goal), None if value is None else one["done"])


def _told(one: Document, goal: Document) -> str:
    """A call in one line: day, title, what came of it."""
    if one["done"] is None:
        came = _("could not be checked: {why}").format(why=reason(one["reason"], {"language": ""}))
    else:
        came = (_("done, {value}") if one["done"] else _("not found, {value}")).format(
            value=said_value(one["value"], goal["unit"])
        )
        if one["basis"] != goal["basis"]:
            came = _("{came} (counted in another way)").format(came=came)
    return f"{said_day(one['started_at'])} · {one['title']} · {came}"


def teaching() -> QFrame:
    """What stands here before there is a goal."""
    frame, column = card("try")
    column.addWidget(Label(_("No goal yet"), "heading"))
    said = _(
        "Open a call and press “Make it my goal” under a suggestion. From then on each of your calls of that kind shows "
        "whether it worked: you see it here, and before you record."
    )
    column.addWidget(Paragraph(said))
    return frame
