"""The window a scorecard is written in: fields of a kind, order, what is wrong at its field, nothing lost by Escape."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from coachdesk import sentences
from coachdesk.coaching.card_edit import DraftCard, DraftCriterion, Option
from coachdesk.gui.widgets.fields import Combo, Switch, WholeBox
from coachdesk.gui.widgets.playbook_fields import More
from coachdesk.gui.widgets.scorecard_editor import WRONG, ScorecardEditor
from tests.gui.looking import cut_off, nameless, shown

RULES = [("OPN-01", "A plan"), ("LIS-08", "A recap")]
BOTH = DraftCard(
    "Card", "", False, (DraftCriterion("First", id="first"), DraftCriterion("Second", "yes_no", id="second"))
)


@pytest.fixture
def editor(qtbot):
    made = ScorecardEditor(None, BOTH, RULES)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    return made


def field(pane: QWidget, kind: type, name: str):
    return next(w for w in pane.findChildren(kind) if w.accessibleName() == name and w.isVisibleTo(pane))


def write(pane: QWidget, name: str, said: str) -> None:
    line = field(pane, QLineEdit, name)
    line.setText(said)
    line.textEdited.emit(said)


def choose(pane: QWidget, name: str, value: str) -> None:
    combo = field(pane, Combo, name)
    combo.setCurrentIndex(combo.findData(value))
    combo.activated.emit(combo.currentIndex())


def words(pane: QWidget) -> str:
    return "\n".join(label.text() for label in shown(pane) if isinstance(label, QLabel))


def test_a_card_is_written_and_handed_over(editor, qtbot):
    editor.choose(1)
    editor.add_one()
    write(editor, "What the criterion looks at", "The end")
    choose(editor, "Answered with", "choice")
    more = editor.fields.findChild(More)
    for said in ("With a day", "Without"):
        more = next(each for each in editor.fields.findChildren(More) if each.isVisibleTo(editor))
        more.field.setText(said)
        qtbot.keyClick(more.field, Qt.Key.Key_Return)
    field(editor, Switch, "May be answered with “does not apply”").click()
    editor.choose(1)
    choose(editor, "A rule answers", "LIS-08")
    editor.choose(0)
    field(editor, WholeBox, "Highest number").setValue(3)
    write(editor, "What 3 means", "Heard out")
    with qtbot.waitSignal(editor.said) as told:
        editor.tell()
    assert told.args[0] == DraftCard(
        "Card",
        "",
        False,
        (
            DraftCriterion("First", high=3, anchors=((3, "Heard out"),), id="first"),
            DraftCriterion("Second", "yes_no", rule="LIS-08", id="second"),
            DraftCriterion("The end", "choice", options=(Option("With a day"), Option("Without")), may_be_na=True),
        ),
    )


def test_order_and_removal_by_keyboard(editor, qtbot):
    qtbot.keyClick(editor, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert [each.name for each in editor.draft.criteria] == ["Second", "First"]
    assert not editor.down.isEnabled() and editor.up.isEnabled()
    editor.remove()
    assert [each.name for each in editor.draft.criteria] == ["Second"]
    editor.remove()
    assert editor.draft.criteria == () and "Add the first thing to look at" in words(editor)


def test_what_is_wrong_is_said_at_its_field_once_it_is_kept_and_goes_when_it_fits(editor):
    heard = []
    editor.said.connect(heard.append)
    editor.choose(1)
    write(editor, "What the criterion looks at", " ")
    editor.choose(0)
    assert WRONG["needs_words"] not in words(editor)
    editor.tell()
    assert heard == [] and WRONG["needs_words"] in words(editor.fields)
    assert editor.focusWidget() is field(
        editor, QLineEdit, "What the criterion looks at"
    )  # led to the one that needs it
    assert editor.focusWidget().text() == ""
    write(editor, "What the criterion looks at", "Second again")
    assert WRONG["needs_words"] not in words(editor)
    editor.tell()
    assert len(heard) == 1


def test_escape_asks_once_where_something_is_written(editor):
    write(editor, "Name of the card", "Another")
    editor.reject()
    assert editor.isVisible() and "not kept yet" in words(editor)
    editor.reject()
    assert not editor.isVisible()


@pytest.mark.parametrize("size", [(820, 640), (760, 520)])
def test_nothing_is_cut_off_or_nameless_in_the_pseudo_language(qtbot, size):
    sentences.speak("xx")
    try:
        kinds = ("range", "yes_no", "choice", "text")
        criteria = tuple(DraftCriterion("A long name of what is looked at " * 3, kind) for kind in kinds)
        made = ScorecardEditor(None, DraftCard("Name " * 12, "About " * 20, True, criteria), RULES)
        made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        qtbot.addWidget(made)
        made.resize(*size)
        made.show()
        for at in range(4):
            made.choose(at)
            made.tell()
            made.choose(at)
            qtbot.wait(20)
            assert (cut_off(made), nameless(made)) == ([], [])
    finally:
        sentences.speak("")
