"""The fields of one criterion of a scorecard: what is asked, how it is answered, what an answer means, who answers it.

A criterion in, a changed one out with every key; what is wrong is said below its field by whoever checks. It keeps nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from coachdesk.coaching.card_edit import DraftCriterion, Option
from coachdesk.coaching.scorecard import WIDEST_RANGE
from coachdesk.gui import theme
from coachdesk.gui.widgets.fields import Combo, Switch, WholeBox
from coachdesk.gui.widgets.paragraph import Paragraph
from coachdesk.gui.widgets.playbook_fields import More, Problems, beside, small_button, stacked
from coachdesk.gui.widgets.scrolled import Scrolled
from coachdesk.gui.widgets.text import Label, tidy
from coachdesk.sentences import N_, _

KINDS = {
    "range": N_("A number of a range"),
    "yes_no": N_("Yes or no"),
    "choice": N_("One of several"),
    "text": N_("Own words"),
}
_LONGEST = 300
_NAMES, _NUMBER = 112, 84  # px
_EXPLAINED = 11  # numbers of a range that have a line each; of a wider one, the two ends have


class CriterionFields(Scrolled):
    """`changed` gives the criterion as it is now. `show_criterion` draws the fields, with what is wrong by field."""

    changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._column.setSpacing(theme.WIDE)
        self._shown: DraftCriterion | None = None
        self.problems = Problems()

    def show_criterion(self, criterion: DraftCriterion | None, rules: Sequence[tuple[str, str]]) -> None:
        """`rules`: id and title of what may answer it in place of a person."""
        another = self._shown is None or criterion is None or self._shown.id != criterion.id
        self._shown, self._rules = criterion, rules
        self.problems.forget_fields()
        if criterion is None:
            self.refill([Paragraph(_("What should people listen for? Add the first thing to look at."), "muted")])
            return
        parts = [
            _named(_("Looks at"), self._line("name", _("What the criterion looks at")), self.problems.below("name")),
            _named(_("Answered with"), self._kind(), None),
            *self._of_kind(criterion),
            _named(_("Guidance"), self._line("guidance", _("Guidance")), self.problems.below("guidance")),
            stacked(
                self._switch("required", _("Has to be answered before the card is complete")),
                self._switch("may_be_na", _("May be answered with “does not apply”")),
            ),
        ]
        self.refill(parts, from_top=another)

    def begin_typing(self) -> None:
        """The keyboard to the first line."""
        lines = (line for line in self.content.findChildren(QLineEdit) if line.isVisibleTo(self.content))
        first = next(lines, None)  # those that are drawn no more are still there, hidden
        if first is not None:
            first.setFocus()

    # --- fields that all have

    def _line(self, field: str, name: str) -> QLineEdit:
        assert self._shown is not None
        return _written(getattr(self._shown, field), name, lambda said: self._tell(**{field: said}))

    def _kind(self) -> QWidget:
        assert self._shown is not None
        kinds = Combo(least=12)
        kinds.setAccessibleName(_("Answered with"))
        for kind, name in KINDS.items():
            kinds.addItem(_(name), kind)
        kinds.setCurrentIndex(kinds.findData(self._shown.kind))
        kinds.activated.connect(lambda _n: self._draw(kind=kinds.currentData()))
        return kinds

    def _switch(self, field: str, name: str) -> QWidget:
        switch = Switch()
        switch.setChecked(bool(getattr(self._shown, field)))
        switch.setAccessibleName(name)
        switch.clicked.connect(lambda on: self._tell(**{field: on}))
        return beside(switch, Paragraph(name), stretch=1)

    # --- fields of a kind

    def _of_kind(self, criterion: DraftCriterion) -> list[QWidget]:
        if criterion.kind == "range":
            return self._range(criterion)
        if criterion.kind == "choice":
            return self._options(criterion)
        if criterion.kind == "yes_no" and (self._rules or criterion.rule):
            return [_named(_("A rule answers"), self._rule(criterion), self.problems.below("rule"))]
        return []

    def _range(self, criterion: DraftCriterion) -> list[QWidget]:
        boxes = []
        for field, name in (("low", _("Lowest number")), ("high", _("Highest number"))):
            box = WholeBox(-WIDEST_RANGE, 10 * WIDEST_RANGE)
            box.setFixedWidth(_NUMBER)
            box.setAccessibleName(name)
            box.setValue(getattr(criterion, field))
            box.valueChanged.connect(lambda value, field=field: self._draw(**{field: value}))
            boxes.append(box)
        ends = beside(boxes[0], Label(_("to")), boxes[1], QWidget(), stretch=3)
        lines = [self._anchor(criterion, number) for number in explained(criterion)]
        rows: list[QWidget] = [_named(_("From"), ends, self.problems.below("range"))]
        about = Paragraph(_("What a number means: what was done, not what somebody is like."), "small")
        return [*rows, stacked(about, *lines, self.problems.below("anchors"))] if lines else rows

    def _anchor(self, criterion: DraftCriterion, number: int) -> QWidget:
        def tell(said: str) -> None:
            assert self._shown is not None
            others = [(n, words) for n, words in self._shown.anchors if n != number]
            self._tell(anchors=tuple(sorted([*others, *([(number, said)] if said.strip() else [])])))

        name = _("What {number} means").format(number=number)
        line = _written(dict(criterion.anchors).get(number, ""), name, tell)
        line.setPlaceholderText(_("if you like"))
        label = Label(str(number), "muted")
        label.setMinimumWidth(24)
        return beside(label, line, stretch=1)

    def _options(self, criterion: DraftCriterion) -> list[QWidget]:
        rows = [self._option(n, option) for n, option in enumerate(criterion.options)]
        more = More(_("One more to choose from"))

        def add(said: str) -> None:
            assert self._shown is not None
            self._draw(options=(*self._shown.options, Option(tidy(said))))

        more.told.connect(add)
        return [stacked(Label(_("To choose from"), "muted"), *rows, more, self.problems.below("options"))]

    def _option(self, n: int, option: Option) -> QWidget:
        def changed(*now: Option) -> tuple[Option, ...]:
            assert self._shown is not None
            return (*self._shown.options[:n], *now, *self._shown.options[n + 1 :])

        name = _("To choose from, {n}").format(n=n + 1)
        line = _written(option.name, name, lambda said: self._tell(options=changed(replace(option, name=said))))
        out = small_button("x", _("Remove: {what}").format(what=option.name or name))
        out.clicked.connect(lambda: self._draw(options=changed()))
        return beside(line, out)

    def _rule(self, criterion: DraftCriterion) -> QWidget:
        rule = Combo(least=12)
        rule.setAccessibleName(_("A rule answers"))
        rule.addItem(_("None: people do"), "")
        for each, title in self._rules:
            rule.addItem(f"{title} ({each})", each)
        if criterion.rule and rule.findData(criterion.rule) < 0:
            rule.addItem(criterion.rule, criterion.rule)
        rule.setCurrentIndex(rule.findData(criterion.rule))
        rule.activated.connect(lambda _n: self._tell(rule=rule.currentData()))
        said = _("It answers until a person does, with its moment, and says nothing where it cannot tell.")
        return stacked(rule, Paragraph(said, "small"))

    # --- telling

    def _tell(self, **now: Any) -> None:
        assert self._shown is not None
        self._shown = replace(self._shown, **now)
        self.changed.emit(self._shown)

    def _draw(self, **now: Any) -> None:
        """A change after which there are other fields."""
        before = self._shown
        self._tell(**now)
        if self._shown is not None and before is not None:
            self.show_criterion(self._shown, self._rules)


def explained(criterion: DraftCriterion) -> list[int]:
    """The numbers that have a line for what they mean: all of a narrow range; of a wide one the ends, and those that are said."""
    numbers = range(criterion.low, min(criterion.high, criterion.low + WIDEST_RANGE) + 1)
    if len(numbers) <= _EXPLAINED:
        return list(numbers)
    return sorted({numbers[0], numbers[-1], *(n for n, _said in criterion.anchors if n in numbers)})


def _written(said: str, name: str, tell: Callable[[str], None]) -> QLineEdit:
    line = QLineEdit(tidy(said))
    line.setMaxLength(_LONGEST)
    line.setAccessibleName(name)
    line.setCursorPosition(0)
    line.textEdited.connect(tell)
    return line


def _named(name: str, field: QWidget, problem: QWidget | None) -> QWidget:
    label = Label(name, "muted")
    label.setMinimumWidth(_NAMES)
    row = beside(label, field, stretch=1)
    return stacked(row, problem) if problem is not None else row
