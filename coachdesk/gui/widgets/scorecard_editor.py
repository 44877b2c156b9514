"""A window to write a scorecard in: its name, the things it looks at and their order, and the fields of one of them.

`said` gives the card when it is in order. What is not is said at its field, and nothing a person wrote is taken away.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from coachdesk.coaching.card_edit import DraftCard, DraftCriterion, Wrong, wrong
from coachdesk.gui import theme
from coachdesk.gui.widgets.criterion_fields import KINDS, CriterionFields
from coachdesk.gui.widgets.door import Pressed
from coachdesk.gui.widgets.fields import Switch
from coachdesk.gui.widgets.paragraph import Paragraph
from coachdesk.gui.widgets.playbook_fields import Problems, beside, small_button, stacked
from coachdesk.gui.widgets.scrolled import Scrolled
from coachdesk.gui.widgets.symbol import Symbol
from coachdesk.gui.widgets.text import Elided, Label, tidy, tip
from coachdesk.sentences import N_, _

SIZE, LEAST = (820, 640), (760, 520)
_LIST, _NAMES = 280, 104  # px
_LONGEST = 300
WRONG = {
    "needs_words": N_("This needs words."),
    "blank": N_("In curly brackets only {own} and {other} are filled in, with what the two sides are called."),
    "nothing_to_add": N_("No criterion is a number, so there is nothing to add up."),
    "no_criteria": N_("A card looks at something: add the first criterion."),
    "no_such_rule": N_("The playbook does not have this rule. Choose another, or let people answer."),
    "ends_before": N_("This range ends before it begins. Make the first number the smaller one."),
    "too_wide": N_("A range has at most 100 steps."),
    "too_few": N_("Give at least two to choose from."),
    "twice": N_("Two are called the same. Give one another name."),
}


class ScorecardEditor(QDialog):
    """`said` gives a `DraftCard`. `rules`: id and title of those that may answer a yes or no."""

    said = Signal(object)

    def __init__(
        self, parent: QWidget | None, draft: DraftCard, rules: Sequence[tuple[str, str]], note: str = ""
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Scorecard: {name}").format(name=tidy(draft.name)) if draft.name else _("New scorecard"))
        self.setMinimumSize(*LEAST)
        self.resize(*SIZE)
        self.draft, self._rules, self._begun = draft, rules, draft
        self._at = 0 if draft.criteria else -1
        self._strict = False  # what is wrong is told from the first press of Keep on
        self._problems = Problems()
        self.criteria, self.fields = _Criteria(), CriterionFields()
        self._lay_out(note)
        self._connect()
        self._show()

    # --- how it looks

    def _lay_out(self, note: str) -> None:
        self.name = self._line(self.draft.name, _("Name of the card"))
        self.about = self._line(self.draft.about, _("What the card is for"))
        self.sum = Switch()
        self.sum.setChecked(self.draft.sum)
        self.sum.setAccessibleName(_("Add the numbers up"))
        head = [
            stacked(_row(_("Name"), self.name), self._problems.below("name")),
            stacked(_row(_("What it is for"), self.about), self._problems.below("about")),
            stacked(
                _row("", beside(self.sum, Paragraph(_("Add the numbers up")), stretch=1)), self._problems.below("sum")
            ),
        ]
        self.add, self.up, self.down = QPushButton(_("Add")), QPushButton(_("Up")), QPushButton(_("Down"))
        self.out = small_button("trash-2", _("Remove this criterion"))
        theme.set_icon(self.add, "plus")
        self.add.setToolTip(tip(_("Add a criterion")))
        self.up.setToolTip(tip(_("Move it up (Alt+Up)")))
        self.down.setToolTip(tip(_("Move it down (Alt+Down)")))
        tools = QHBoxLayout()
        tools.setSpacing(theme.TINY_GAP)
        for button in (self.add, self.up, self.down, self.out):
            button.setAutoDefault(False)
            tools.addWidget(button)
        tools.addStretch(1)
        left = QVBoxLayout()
        left.setSpacing(theme.GAP)
        left.addWidget(Label(_("Criteria"), "strong"))
        left.addWidget(self.criteria, 1)
        left.addWidget(self._problems.below("criteria"))
        left.addLayout(tools)
        side = QWidget()
        side.setLayout(left)
        left.setContentsMargins(0, 0, 0, 0)
        side.setFixedWidth(_LIST)
        halves = QHBoxLayout()
        halves.setSpacing(theme.PAGE)
        halves.addWidget(side)
        halves.addWidget(self.fields, 1)
        line = QFrame()
        line.setProperty("look", "line")
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.PAGE, theme.PAGE, theme.PAGE, theme.WIDER)
        column.setSpacing(theme.WIDE)
        for widget in (*([Paragraph(note, "muted")] if note else []), *head, line):
            column.addWidget(widget)
        column.addLayout(halves, 1)
        column.addLayout(self._buttons())

    def _line(self, said: str, name: str) -> QLineEdit:
        line = QLineEdit(tidy(said))
        line.setMaxLength(_LONGEST)
        line.setAccessibleName(name)
        line.setCursorPosition(0)
        return line

    def _buttons(self) -> QHBoxLayout:
        self.state = Paragraph("", "attention")
        self.leave, self.keep = QPushButton(_("Leave it")), QPushButton(_("Keep the card"))
        self.keep.setProperty("look", "primary")
        row = QHBoxLayout()
        row.setSpacing(theme.GAP)
        row.addWidget(self.state, 1)
        for button in (self.leave, self.keep):
            button.setAutoDefault(False)
            row.addWidget(button)
        return row

    def _connect(self) -> None:
        self.name.textEdited.connect(lambda said: self._change(replace(self.draft, name=said)))
        self.about.textEdited.connect(lambda said: self._change(replace(self.draft, about=said)))
        self.sum.clicked.connect(lambda on: self._change(replace(self.draft, sum=on)))
        self.criteria.chosen.connect(self.choose)
        self.fields.changed.connect(self._criterion_changed)
        self.add.clicked.connect(self.add_one)
        self.out.clicked.connect(self.remove)
        self.up.clicked.connect(lambda: self.move_by(-1))
        self.down.clicked.connect(lambda: self.move_by(1))
        self.leave.clicked.connect(self.reject)
        self.keep.clicked.connect(self.tell)
        for keys, by in (("Alt+Up", -1), ("Alt+Down", 1)):
            QShortcut(QKeySequence(keys), self, lambda by=by: self.move_by(by))
        QShortcut(QKeySequence("Ctrl+Return"), self, self.tell)

    # --- what a person does

    def choose(self, at: int) -> None:
        """The fields of another criterion."""
        self._at = at
        self._show()

    def add_one(self) -> None:
        """A criterion more, below the chosen one, ready to be written."""
        at = self._at + 1
        self._put([*self.draft.criteria[:at], DraftCriterion(), *self.draft.criteria[at:]], at)
        self.fields.begin_typing()

    def remove(self) -> None:
        """The chosen criterion; calls that were scored keep what was answered."""
        if self._at >= 0:
            rest = [each for n, each in enumerate(self.draft.criteria) if n != self._at]
            self._put(rest, min(self._at, len(rest) - 1))

    def move_by(self, by: int) -> None:
        """The chosen criterion one place up or down."""
        to = self._at + by
        if self._at >= 0 and 0 <= to < len(self.draft.criteria):
            order = list(self.draft.criteria)
            order[self._at], order[to] = order[to], order[self._at]
            self._put(order, to)

    def tell(self) -> None:
        """Hand the card over, if it is in order; else to the first field that is not."""
        found = self._wrong()
        self._strict = True
        if not found:
            self.said.emit(self.draft)
            self.accept()
            return
        first = found[0]
        if first.at >= 0:
            self._at = first.at
        self._show()
        if first.at >= 0:
            self.fields.begin_typing()
        elif first.field in ("name", "about"):
            getattr(self, first.field).setFocus()

    def reject(self) -> None:
        """Away with it; what was written is asked for once, so that Escape costs nothing."""
        if self.draft != self._begun and not self.leave.property("asked"):
            self.leave.setProperty("asked", True)
            self.leave.setText(_("Leave without keeping"))
            self.state.say(_("What you changed is not kept yet."))
            self.leave.setFocus()
            return
        super().reject()

    # --- the card as it is

    def _wrong(self) -> list[Wrong]:
        return wrong(self.draft, [rule for rule, _title in self._rules])

    def _put(self, criteria: list[DraftCriterion], at: int) -> None:
        self.draft = replace(self.draft, criteria=tuple(criteria))
        self._at = at
        self._show()

    def _criterion_changed(self, now: DraftCriterion) -> None:
        criteria = [now if n == self._at else each for n, each in enumerate(self.draft.criteria)]
        self.criteria.rename(self._at, now)
        self._change(replace(self.draft, criteria=tuple(criteria)))

    def _change(self, draft: DraftCard) -> None:
        self.draft = draft
        self._say_wrong()

    def _show(self) -> None:
        self.criteria.set_criteria(self.draft.criteria, self._at)
        self.fields.show_criterion(self.draft.criteria[self._at] if self._at >= 0 else None, self._rules)
        self.up.setEnabled(self._at > 0)
        self.down.setEnabled(0 <= self._at < len(self.draft.criteria) - 1)
        self.out.setEnabled(self._at >= 0)
        self._say_wrong()

    def _say_wrong(self) -> None:
        found = self._wrong() if self._strict else []
        self._problems.clear()
        self.fields.problems.clear()
        for one in reversed(found):  # the first of a field is said last, and stays
            problems = self._problems if one.at < 0 else self.fields.problems
            if one.at in (-1, self._at):
                problems.say(one.field, _(WRONG[one.code]))
        self.criteria.mark({one.at for one in found})
        if self._strict:
            self.state.say(_("Not in order yet; see the fields that are marked.") if found else "")


class _Criteria(Scrolled):
    """The criteria in their order; `chosen` gives the number of one."""

    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(_("Criteria"))
        self._column.setSpacing(2)
        self._rows: list[tuple[Pressed, Elided, Elided, Symbol]] = []

    def set_criteria(self, criteria: Sequence[DraftCriterion], at: int) -> None:
        self._rows = []
        self.refill([self._row(n, each) for n, each in enumerate(criteria)])
        for n, (row, *_rest) in enumerate(self._rows):
            row.setChecked(n == at)
        self._keep_height()
        self.settle()
        if at >= 0:
            self.ensureWidgetVisible(self._rows[at][0])

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._keep_height()

    def _keep_height(self) -> None:
        """Rows keep their height, once they are styled and know it: a list that is too long scrolls."""
        for row, name, kind, _symbol in self._rows:
            for label in (name, kind):
                label.ensurePolished()
                label.setMinimumHeight(label.sizeHint().height())
            row.setMinimumHeight(row.minimumSizeHint().height())

    def rename(self, at: int, now: DraftCriterion) -> None:
        row, name, kind, _symbol = self._rows[at]
        said = tidy(now.name) or _("Not named yet")
        name.say(said)
        kind.say(_(KINDS[now.kind]))
        row.setAccessibleName(_("Criterion {n}: {name}").format(n=at + 1, name=said))
        row.setAccessibleDescription(_(KINDS[now.kind]))

    def mark(self, wrong: set[int]) -> None:
        """Which are not in order."""
        for n, (_row, _name, _kind, symbol) in enumerate(self._rows):
            symbol.setVisible(n in wrong)

    def _row(self, n: int, criterion: DraftCriterion) -> QWidget:
        row = Pressed("nav")
        row.setCheckable(True)
        row.setAutoExclusive(True)
        name, kind, symbol = Elided(""), Elided("", "small"), Symbol("triangle-alert", "attention")
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(name)
        words.addWidget(kind)
        inside = QHBoxLayout(row)
        inside.setContentsMargins(10, 6, 10, 6)
        inside.addLayout(words, 1)
        inside.addWidget(symbol)
        symbol.hide()
        row.let_through()
        row.clicked.connect(lambda: self.chosen.emit(n))
        self._rows.append((row, name, kind, symbol))
        self.rename(n, criterion)
        return row


def _row(name: str, field: QWidget) -> QWidget:
    label = Label(name, "muted")
    label.setMinimumWidth(_NAMES)
    return beside(label, field, stretch=1)
