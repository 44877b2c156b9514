"""One of the person's own numbers over their calls: what is usual, how far it usually strays, every dot a call."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout

from coachdesk.gui import theme
from coachdesk.gui.widgets.calls_chart import CallsChart, Frame, Point
from coachdesk.gui.widgets.goal_card import said_day
from coachdesk.gui.widgets.reading import capital, said_spread, said_value, said_whole
from coachdesk.gui.widgets.text import Elided, tip
from coachdesk.sentences import _, ngettext

Document = dict[str, Any]
WIDTH = 300  # px
_SHOWN = 30  # the newest calls


class TrendCard(QFrame):
    open_asked = Signal(str)

    def __init__(self, series: Document) -> None:
        super().__init__()
        self.setProperty("look", "card")
        self.setFixedWidth(WIDTH)
        self._unit = series["unit"]
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.WIDE, theme.GAP, theme.WIDE, theme.GAP)
        column.setSpacing(2)
        name = Elided(capital(series["name"]), "heading")
        column.addWidget(name)
        column.addWidget(Elided(self._usual(series), "small"))
        basis = _("Counted by words.") if series["basis"] == "words" else _("Counted by sound.")
        self.setToolTip(tip(f"{series['definition']}\n{basis}"))
        self.chart = CallsChart(72)
        column.addWidget(self.chart)
        self._said = Elided("", "small")
        column.addWidget(self._said)
        self._fill(series)

    def _usual(self, series: Document) -> str:
        if series["median"] is None:
            return _("not enough calls yet: {n} of {of}").format(n=series["n"], of=series["of"])
        said = ngettext("usual {usual}; {n} call", "usual {usual}; {n} calls", series["n"])
        usual = said_spread(round(series["median"], 4), round(series["spread"], 4), self._unit)
        return said.format(usual=usual, n=series["n"])

    def _say(self, value: float) -> str:
        return said_whole(round(value, 4), self._unit)

    def _fill(self, series: Document) -> None:
        points = [Point(one["call"], one["value"], self._told(one), plain=True) for one in series["values"][-_SHOWN:]]
        middle, spread = series["median"], series["spread"]
        band = None if middle is None else (middle - spread, middle + spread)
        scale = lambda value: said_value(round(value, 4), self._unit)[0]  # noqa: E731
        self.chart.set_points(points, Frame(band), scale, series["name"])
        self.chart.chosen.connect(lambda _call: self._show_call())
        self.chart.open_asked.connect(self.open_asked)
        self._show_call()

    def _told(self, one: Document) -> str:
        return f"{said_day(one['started_at'])} · {self._say(one['value'])} · {one['title']}"

    def _show_call(self) -> None:
        point = self.chart.current
        self._said.say(point.said if point else "")
