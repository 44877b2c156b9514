"""After listening, one bar: the result, the next step as it was found, done. One key each."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import QDate, QLocale, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDateEdit,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QPushButton,
    QToolButton,
    QWidget,
)

from coachdesk.gui import theme
from coachdesk.gui.widgets.text import Elided, Label, caption, place, tidy, tip
from coachdesk.sentences import _

Document = dict[str, Any]


class ReviewBar(QFrame):
    """`step_said`: (id or "", text, owner, due or None, state) as the person confirmed or wrote it."""

    result_chosen = Signal(str)
    step_said = Signal(str, str, str, object, str)
    done_chosen = Signal(bool)
    play_asked = Signal(int, int)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("look", "bar")
        self._step: Document | None = None
        self._owners: dict[str, str] = {}
        self._reviewed = False
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.WIDER, theme.GAP, theme.WIDER, theme.GAP)
        row.setSpacing(theme.GAP)
        self.result = QToolButton()
        self.result.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.result.setToolTip(tip(_("How the call ended (R)")))
        self._results = QMenu(self.result)
        self.result.setMenu(self._results)
        self._said = Elided()
        self.confirm = QPushButton(_("Confirm"))
        self.confirm.setToolTip(tip(_("This is the next step (N)")))
        self.confirm.clicked.connect(self.confirm_step)
        self.edit = QPushButton(_("Edit"))
        self.edit.setProperty("look", "quiet")
        self.edit.setToolTip(tip(_("Write the next step yourself (E)")))
        self.edit.clicked.connect(self.edit_step)
        self.done = QPushButton()
        self.done.setProperty("look", "primary")
        self.done.setToolTip(tip(_("Reviewed, back to all calls (D)")))
        self.done.clicked.connect(self.finish)
        row.addWidget(self.result)
        row.addWidget(self._said, 1)
        for part in (self.confirm, self.edit, self.done):
            row.addWidget(part)

    def set_document(self, doc: Document) -> None:
        labels = doc["labels"]
        self._owners = {"rep": labels["own"], "other": labels["other"]}
        self._results.clear()
        for n, (word, text) in enumerate(labels["results"].items(), 1):
            self._results.addAction(f"&{n}  {caption(text)}", partial(self.result_chosen.emit, word))
        self._results.addSeparator()
        self._results.addAction(_("No result yet"), partial(self.result_chosen.emit, ""))
        chosen = doc["call"]["result"]
        said = labels["results"].get(chosen, chosen) if chosen else _("not set")
        self.result.setText(caption(_("Result: {result}").format(result=said)))
        live = [step for step in doc["next_steps"] if step["state"] == "open"]
        own = [step for step in live if step["source"] == "person"]
        self._step = (own or live or [None])[0]
        self._say_step()
        self._reviewed = doc["reviewed"]
        self.done.setText(_("Reviewed") if self._reviewed else _("Done"))
        theme.set_icon(self.done, "check", "on_accent")

    def _say_step(self) -> None:
        step = self._step
        if step is None:
            self._said.say(_("Next step: I did not find one."))
            self.confirm.hide()
            self.edit.setText(_("Write it"))
            return
        confirmed = step["source"] == "person"
        due = ", " + _day(step["due"]) if step["due"] else ""
        who = self._owners.get(step["owner"], step["owner"])
        frame = _("Next step: {text} ({who}{due})") if confirmed else _("Next step I found: “{text}” ({who}{due})")
        self._said.say(frame.format(text=step["text"], who=who, due=due))
        self.confirm.setVisible(not confirmed)
        self.edit.setText(_("Edit"))

    # --- one key each

    def open_results(self) -> None:
        self.result.showMenu()

    def confirm_step(self) -> None:
        """The step as it was found is the step."""
        step = self._step
        if step is not None and step["source"] != "person":
            self.step_said.emit(step["id"], step["text"], step["owner"], step["due"], "open")

    def edit_step(self) -> None:
        """Write it, or another."""
        dialog = StepDialog(self._step, self._owners, self)
        dialog.said.connect(lambda *step: self.step_said.emit(*step))
        dialog.open()

    def finish(self) -> None:
        self.done_chosen.emit(not self._reviewed)


class StepDialog(QDialog):
    """What, who, by when."""

    said = Signal(str, str, str, object, str)

    def __init__(self, step: Document | None, owners: dict[str, str], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Next step"))
        self.setMinimumWidth(460)
        self._id = step["id"] if step else ""
        form = QFormLayout(self)
        form.setContentsMargins(theme.PAGE, theme.PAGE, theme.PAGE, theme.WIDER)
        form.setSpacing(theme.WIDE)
        self.text = QLineEdit(tidy(step["text"]) if step else "")
        self.owner = QComboBox()
        for role, name in owners.items():
            self.owner.addItem(tidy(name), role)
        self.owner.setCurrentIndex(max(0, self.owner.findData(step["owner"] if step else "rep")))
        self.due = QDateEdit()
        self.due.setCalendarPopup(True)
        self.due.setMinimumDate(QDate(2000, 1, 1))
        self.due.setSpecialValueText(_("no day named"))
        self.due.setDate(
            QDate.fromString(step["due"], "yyyy-MM-dd") if step and step["due"] else self.due.minimumDate()
        )
        for label, field in ((_("What"), self.text), (_("Who"), self.owner), (_("By"), self.due)):
            form.addRow(Label(label), field)
            field.setAccessibleName(label)
        buttons = QDialogButtonBox()
        save = buttons.addButton(_("Save"), QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(_("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        if step:
            drop = buttons.addButton(_("Not a next step"), QDialogButtonBox.ButtonRole.DestructiveRole)
            drop.clicked.connect(partial(self._say, "dropped"))
        buttons.accepted.connect(partial(self._say, "open"))
        buttons.rejected.connect(self.reject)
        save.setEnabled(bool(self.text.text().strip()))
        self.text.textChanged.connect(lambda text: save.setEnabled(bool(text.strip())))
        form.addRow(buttons)

    def _say(self, state: str) -> None:
        due = None if self.due.date() == self.due.minimumDate() else self.due.date().toString("yyyy-MM-dd")
        self.said.emit(self._id, self.text.text().strip(), self.owner.currentData(), due, state)
        self.accept()


def _day(iso: str) -> str:
    return place().toString(QDate.fromString(iso, "yyyy-MM-dd"), QLocale.FormatType.ShortFormat)
