"""Things that can be done or waved off, on top of a page: a calm line each, with a verb at its right. Nothing blocks."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from coachdesk.gui import theme
from coachdesk.gui.widgets.paragraph import Paragraph
from coachdesk.gui.widgets.symbol import Symbol
from coachdesk.gui.widgets.text import caption, tidy
from coachdesk.sentences import _

Action = tuple[str, str, bool]  # label, key, whether it is the one most want


class Offer(QFrame):
    """An icon, a sentence, buttons."""

    answered = Signal(str)

    def __init__(self, icon: str, text: str, actions: Sequence[Action], token: str = "own") -> None:
        super().__init__()
        self.setProperty("look", "card")
        self._text = Paragraph(text)
        self._text.setFont(theme.figures_font(theme.BODY))  # a time that counts down does not make the words tremble
        self.buttons = {key: self._button(label, key, primary) for label, key, primary in actions}
        self._primary = [key for _label, key, primary in actions if primary]
        self._labels = {key: label for label, key, _primary in actions}
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.WIDE, theme.GAP, theme.GAP, theme.GAP)
        row.setSpacing(theme.GAP)
        row.addWidget(Symbol(icon, token))
        row.addSpacing(theme.TINY_GAP)
        row.addWidget(self._text, 1)
        row.addSpacing(theme.GAP)
        for button in self.buttons.values():
            row.addWidget(button)
        self._name()

    def set_text(self, text: str) -> None:
        """Another sentence; the keyboard stays where it is."""
        if tidy(text) != self._text.text():
            self._text.say(text)
            self._name()

    @property
    def text(self) -> str:
        return self._text.text()

    def set_leading(self, on: bool) -> None:
        """Whether its first verb is filled or drawn like any other button."""
        for key in self._primary:
            theme.restyle(self.buttons[key], look="primary" if on else "")

    def focus_first(self) -> None:
        next(iter(self.buttons.values()), self).setFocus(Qt.FocusReason.OtherFocusReason)

    def _button(self, label: str, key: str, primary: bool) -> QPushButton:
        made = QPushButton(caption(label))
        made.setAutoDefault(True)  # Return presses it too
        made.setProperty("look", "primary" if primary else "quiet")
        made.clicked.connect(partial(self.answered.emit, key))
        return made

    def _name(self) -> None:
        for key, button in self.buttons.items():
            button.setAccessibleName(f"{tidy(self._labels[key])}: {self.text}")


class Offers(QWidget):
    """A column of offers, oldest first, and only its top one with a filled button; not there while there are none."""

    answered = Signal(str, str)  # key of the offer, key of the action

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(_("Offers"))
        self._offers: dict[str, Offer] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.GAP)
        self.hide()

    def add(self, key: str, icon: str, text: str, actions: Sequence[Action], token: str = "own") -> None:
        """Offer something; one of this key that is there already gives way to it, in its place."""
        offer = Offer(icon, text, actions, token)
        offer.answered.connect(partial(self.answered.emit, key))
        old = self._offers.get(key)
        at = self._column.indexOf(old) if old else self._column.count()
        had_keyboard = old is not None and self._has_keyboard(old)
        self._column.insertWidget(at, offer)
        offer.show()  # at once: what is still hidden takes no keyboard
        self._offers[key] = offer
        if old is not None:
            self._drop(old)
        if had_keyboard:
            offer.focus_first()
        self._lead()
        self.show()
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, offer.text))

    def remove(self, key: str) -> None:
        """Take an offer away; nothing where there is none."""
        offer = self._offers.pop(key, None)
        if offer is None:
            return
        had_keyboard = self._has_keyboard(offer)
        self._drop(offer)
        self._lead()
        self.setVisible(bool(self._offers))
        if had_keyboard and self._offers:
            next(reversed(self._offers.values())).focus_first()

    def set_text(self, key: str, text: str) -> None:
        """Another sentence for an offer that is there, such as the time that is left."""
        if key in self._offers:
            self._offers[key].set_text(text)

    def __contains__(self, key: str) -> bool:
        return key in self._offers

    def offer(self, key: str) -> Offer:
        return self._offers[key]

    def _lead(self) -> None:
        """One filled button at a time: that of the offer on top."""
        top = min(self._offers.values(), key=self._column.indexOf, default=None)
        for offer in self._offers.values():
            offer.set_leading(offer is top)

    def _drop(self, offer: Offer) -> None:
        self._column.removeWidget(offer)
        offer.hide()
        offer.deleteLater()

    def _has_keyboard(self, offer: Offer) -> bool:
        focused = self.window().focusWidget()
        return focused is not None and offer.isAncestorOf(focused)
