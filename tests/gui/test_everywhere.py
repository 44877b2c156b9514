"""What must hold on every page and in every dialog: names for the keyboard, room for words, contrast, plain text."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAction, QColor, QImage
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QComboBox,
    QLabel,
    QLineEdit,
    QListView,
    QPlainTextEdit,
    QPushButton,
    QTabBar,
    QTableView,
    QToolButton,
    QWidget,
)

from coachdesk import sentences
from coachdesk.desk.desk import BringIn, open_desk
from coachdesk.gui import theme
from coachdesk.gui.bridge import Bridge
from coachdesk.gui.main_window import MainWindow
from coachdesk.gui.widgets.door import Door
from tests.conftest import ROOT, SAMPLES
from tests.gui import walking
from tests.gui.looking import cut_off, nameless, shown
from tests.gui.record_widgets import record_widgets

GUI = ROOT / "coachdesk" / "gui"
LEAST = 4.5  # WCAG 2.2, text
SLIVER = 6  # px
MARKUP = "<b>x</b><img src=x>"
TURNING = "\u202e\u2066"
HOSTILE = f"{MARKUP} & a\nb {TURNING}turned " + " ".join(
    f"long{n}" for n in range(40)
)  # no loop, as an engine would make


def everywhere(bridge: Bridge, broken: Path) -> Iterator[walking.Place]:
    """Every page and dialog with both samples."""
    with walking.opened(bridge) as window:
        yield from walking.first_run(window, bridge)
        yield "no calls", window
        yield from walking.pages(window, bridge)
        yield from walking.recording(window, bridge)
        yield from walking.failed_job(window, bridge, broken)
        for sample in ("sales_discovery", "recruiting_screen"):
            calls: list[str] = []
            bridge.ask(lambda desk, sample=sample: desk.open_sample(sample), calls.append)
            walking.rest(bridge)
            yield from walking.review(window, bridge, calls[0])
        yield from walking.dialogs(window, bridge)
        goal = lambda desk: desk.respond(calls[0], desk.review(calls[0]).suggestions[0]["rule"], "accept")  # noqa: E731
        bridge.ask(goal)
        bridge.changed.emit("")
        yield from walking.pages(window, bridge)
        yield from walking.library(window, bridge, said="the")
        yield from walking.playbooks(window, bridge)
        results = broken.with_name("results.csv")
        results.write_text("case,result,owner\nKestrow Heating and Cooling,won,x\nNobody,won,y\n", "utf-8")
        yield from walking.cases(window, bridge, results)
        yield from walking.settings(window, bridge)
        yield from walking.trying(sentences.pseudo("A problem without a follow-up"))
        yield from record_widgets(sentences.pseudo("What happens when it is late?"))


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    path = tmp_path / "a broken recording.wav"
    path.write_bytes(b"RIFF....")
    return path


@pytest.fixture
def pseudo() -> Iterator[None]:
    """Everything said a third longer; English again afterwards."""
    sentences.speak(sentences.PSEUDO)
    yield
    sentences.speak("")


@pytest.fixture(params=["light", "dark"])
def shade(request: pytest.FixtureRequest) -> Iterator[str]:
    theme.theme().apply(request.param)
    yield request.param
    theme.theme().apply("light")


def faults(places: Iterator[walking.Place], look: Callable[[QWidget], list[str]]) -> dict[str, list[str]]:
    """What is found, by the place it was found in; a fault seen before is not told again."""
    found: dict[str, list[str]] = {}
    told: set[str] = set()
    for name, place in places:
        fresh = [fault for fault in look(place) if fault not in told]
        told.update(fresh)
        if fresh:
            found[name] = fresh
    return found


def test_whatever_can_have_the_keyboard_has_a_name(bridge: Bridge, broken: Path) -> None:
    assert faults(everywhere(bridge, broken), nameless) == {}


def test_nothing_is_cut_off_where_words_are_a_third_longer(bridge: Bridge, broken: Path, pseudo: None) -> None:
    assert faults(everywhere(bridge, broken), cut_off) == {}


class TestContrast:
    @pytest.mark.parametrize("tokens", [theme.LIGHT, theme.DARK], ids=["light", "dark"])
    def test_every_pair_of_the_theme_can_be_read(self, tokens):
        faint = {pair: contrast(*map(tokens.colour, pair)) for pair in theme.PAIRS}
        assert {pair: found for pair, found in faint.items() if found < LEAST} == {}

    def test_every_label_and_button_can_be_read_where_it_stands(self, bridge, broken, shade):
        bridge.change_settings(theme=shade)
        assert faults(everywhere(bridge, broken), faint) == {}


def contrast(text: QColor, ground: QColor) -> float:
    lighter, darker = sorted((luminance(text), luminance(ground)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: QColor) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour.getRgbF()[:3]
    )
    return float(0.2126 * red + 0.7152 * green + 0.0722 * blue)


def faint(root: QWidget) -> list[str]:
    """Labels and buttons whose words differ too little from what is painted under them."""
    picture = root.grab().toImage()
    found = []
    for widget in shown(root):
        if not isinstance(widget, QLabel | QPushButton | QToolButton) or not widget.text():
            continue
        seen = on_screen(widget, root)
        if seen.height() < SLIVER:  # mostly letters or nothing: no ground to be seen
            continue
        text, ground = widget.palette().color(widget.foregroundRole()), ground_of(picture, seen)
        if (ratio := contrast(text, ground)) < LEAST:
            found.append(f"{ratio:.2f} {widget.text()[:40]!r} {text.name()} on {ground.name()}")
    return found


def on_screen(widget: QWidget, root: QWidget) -> QRect:
    """The part of a widget that is to be seen, as the window has it."""
    part = widget.visibleRegion().boundingRect()
    return part.translated(widget.mapTo(root, QPoint(0, 0))).intersected(root.rect())


def ground_of(picture: QImage, part: QRect) -> QColor:
    """The colour most of it has."""
    ratio = picture.devicePixelRatio()
    points = ((x, y) for x in range(part.left(), part.right() + 1, 2) for y in range(part.top(), part.bottom() + 1, 2))
    counted = Counter(picture.pixel(round(x * ratio), round(y * ratio)) for x, y in points)
    return QColor.fromRgb(counted.most_common(1)[0][0])


class TestPlainText:
    """Text of calls, files and playbooks is shown as it is: never markup, in its line, in its place."""

    @pytest.fixture
    def call(self, own_home: Path, tmp_path: Path) -> str:
        """A call that would say more than words, if it could; judged by a playbook of the same kind."""
        sample = SAMPLES / "sales_discovery"
        said = json.loads((sample / "transcript.json").read_text("utf-8"))
        said["title"] = said["account"] = HOSTILE
        said["playbook"] = "hostile"
        for speaker in said["speakers"]:
            speaker["name"] = f"{speaker['label']} {HOSTILE}"
        for utterance in said["utterances"]:
            utterance["text"] = f"{utterance['text']} {HOSTILE}"
        path = tmp_path / "hostile.json"
        path.write_text(json.dumps(said), "utf-8")
        (own_home / "playbooks").mkdir(parents=True)
        (own_home / "playbooks" / "hostile.toml").write_text(hostile_playbook(), "utf-8")
        with open_desk(str(own_home)) as desk:
            desk.change(welcomed=True, my_name=MARKUP, playbook="hostile")
            request = BringIn((sample / "call.opus",), transcript=path, prepared=sample, playbook="hostile")
            call = desk.bring_in(request)
            desk.put_in_bin(desk.open_sample("recruiting_screen"))
            binned = desk.import_transcript(path, "hostile")
            desk.put_in_bin(binned)
        return call

    @pytest.fixture
    def odd_file(self, tmp_path: Path) -> Path:
        path = tmp_path / f"<b>x<b><img src=x> & a\nb {TURNING}.wav"
        path.write_bytes(b"RIFF....")
        return path

    def walk(self, bridge: Bridge, call: str, odd_file: Path) -> Iterator[walking.Place]:
        with walking.opened(bridge) as window:
            yield from walking.library(window, bridge, said="img")
            yield from walking.failed_job(window, bridge, odd_file)
            yield from walking.review(window, bridge, call)
            yield from walking.dialogs(window, bridge)
            bridge.ask(lambda desk: desk.respond(call, "X-01", "accept"))
            yield from walking.pages(window, bridge)
            yield from walking.settings(window, bridge)
            yield from record_widgets(HOSTILE)

    def test_none_is_markup_turns_breaks_its_line_or_pushes_out_of_the_window(self, bridge, call, odd_file):
        assert faults(self.walk(bridge, call, odd_file), lambda place: unruly(place) + outside(place)) == {}

    def test_it_is_shown_as_it_was_said(self, bridge, call, odd_file):
        literal: dict[str, int] = Counter()
        for name, place in self.walk(bridge, call, odd_file):
            literal[name.split(", ")[-1]] += sum(MARKUP in text for text in texts(place))
        # nothing of the call is there, or it is painted
        silent = {"nothing found", "keys", "a bug", "a failed job", "ring", "no notes", "no questions", "no words"}
        silent |= {"consent", "consent noted", "consent refused", "consent being refused"}
        assert {name for name, times in literal.items() if not times} <= silent, literal


def hostile_playbook() -> str:
    """The sales playbook in hostile words, with a rule of its own that always holds."""
    bad = json.dumps(HOSTILE[:120])[1:-1].replace("{", "")
    text = (ROOT / "resources" / "playbooks" / "sales_discovery.toml").read_text("utf-8")
    text = text.replace('id = "sales_discovery"', 'id = "hostile"', 1)
    for old in ("Sales discovery", "the buyer", "Account", "Moved forward", "Price", "Next step"):
        text = text.replace(f'= "{old}"', f'= "{old} {bad}"', 1)
    return f"""{text}

[[rule]]
id = "X-01"
kind = "improve"
severity = 5
weight = 1.0
strength = "solid"
source = "{bad}"
all = [ {{ signal = "speech_minutes", op = ">=", value = 0.1 }} ]
evidence = ["longest_rep_turns"]

[rule.text.en]
title = "{bad}"
advice = "{bad}"
drill = "{bad}"
try_saying = "{bad}"
improved = "{bad}"
"""


def texts(root: QWidget) -> Iterator[str]:
    """All that is written on what is to be seen, fields and lists included."""
    for widget in shown(root):
        if isinstance(widget, QLabel | QAbstractButton | QLineEdit):
            yield widget.text()
        elif isinstance(widget, QPlainTextEdit):
            yield widget.toPlainText()
        elif isinstance(widget, QComboBox):
            yield from (widget.itemText(n) for n in range(widget.count()))
        elif isinstance(widget, QTabBar):
            yield from (widget.tabText(n) for n in range(widget.count()))
        elif isinstance(widget, QTableView | QListView):
            model = widget.model()
            columns = range(model.columnCount() if isinstance(widget, QTableView) else 1)
            cells = (model.index(row, column).data() for row in range(min(model.rowCount(), 20)) for column in columns)
            yield from (str(cell) for cell in cells if cell is not None)
    yield from (action.text() for action in root.findChildren(QAction))


def unruly(root: QWidget) -> list[str]:
    """Text that could be read as markup, turns what follows, or breaks out of its line; tool tips that are not escaped."""
    found = [f"turns or breaks: {text[:60]!r}" for text in texts(root) if set(text) & set(TURNING)]
    for widget in chain([root], root.findChildren(QWidget)):
        if isinstance(widget, QLabel):
            if widget.text() and widget.textFormat() is not Qt.TextFormat.PlainText:
                found.append(f"may be markup: {widget.text()[:60]!r}")
            if "\n" in widget.text() and not widget.wordWrap():
                found.append(f"more than its line: {widget.text()[:60]!r}")
        elif isinstance(widget, QAbstractButton) and "\n" in widget.text():
            found.append(f"more than its line: {widget.text()[:60]!r}")
        if re.search(r"<(?!/?qt>|br>)", tip := widget.toolTip()) or set(tip) & set(TURNING):
            found.append(f"tool tip: {tip[:60]!r}")
    return found


def outside(root: QWidget) -> list[str]:
    """What reaches out of its window; what lies in a scrolling page may be below or above, never beside."""
    found = []
    for widget in shown(root):
        place = QRect(widget.mapTo(root, QPoint(0, 0)), widget.size())
        beside = place.left() < 0 or place.right() > root.width()
        above = (place.top() < 0 or place.bottom() > root.height()) and not scrolls(widget)
        if not place.isEmpty() and (beside or above):
            found.append(f"{type(widget).__name__} {getattr(widget, 'text', str)()[:40]!r} {place.getRect()}")
    return found


def scrolls(widget: QWidget | None) -> bool:
    """Whether it lies in something that scrolls."""
    while widget is not None and not isinstance(widget, QAbstractScrollArea):
        widget = widget.parentWidget()
    return widget is not None


class TestTheKeyboard:
    @pytest.fixture
    def window(self, bridge: Bridge, own_home: Path) -> Iterator[MainWindow]:
        bridge.change_settings(welcomed=True)
        calls: list[str] = []
        bridge.ask(lambda desk: desk.open_sample("sales_discovery"), calls.append)
        walking.rest(bridge)
        with walking.opened(bridge) as window:
            window.open_call(calls[0])
            walking.until(lambda: window._review._doc, "the review")
            yield window

    def test_tab_walks_a_pane_where_it_stands_in_the_window(self, window, bridge, qtbot):
        tabs = window._review.panes.tabs
        for pane in [tabs.widget(n) for n in range(tabs.count())]:
            tabs.setCurrentWidget(pane)
            walk = [w for w in self.tabbed(window, qtbot, start=tabs.tabBar()) if w is not tabs.more]  # a tab of a kind
            inside = [pane.isAncestorOf(widget) for widget in walk]
            assert inside == sorted(inside, reverse=True), f"{type(pane).__name__} is left and entered again"
            assert any(inside) and walk[inside.index(False)] is window._review.bar.result

    def test_so_it_does_after_the_pane_was_filled_anew_and_unfolded(self, window, bridge, qtbot):
        page = window._review
        page._acts.correct(0, "Hello there.")
        walking.until(lambda: page._doc["transcript"]["utterances"][0]["text"] == "Hello there.", "the new words")
        page.panes.tabs.setCurrentWidget(page.panes.numbers)
        folded = next(b for b in page.panes.numbers.findChildren(QPushButton) if b.isCheckable() and b.isVisible())
        folded.click()
        walking.rest(bridge)
        after = self.tabbed(window, qtbot, start=folded)
        assert isinstance(after[0], Door)
        inside = [page.panes.numbers.isAncestorOf(widget) for widget in after]
        assert inside == sorted(inside, reverse=True)

    def tabbed(self, window: MainWindow, qtbot, start: QWidget) -> list[QWidget]:
        """What Tab comes to after a widget, as far as the bar after listening and one beyond."""
        start.setFocus()
        found: list[QWidget] = []
        while not found or not window._review.bar.isAncestorOf(found[-1]):
            assert len(found) < 200
            qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
            found.append(window.focusWidget())
        return found

    def test_return_presses_whatever_button_has_the_keyboard(self, window, bridge, qtbot):
        for page, button in (
            (lambda: window.library, window.navigation.buttons["library"]),
            (lambda: window._settings_page, window.navigation.buttons["settings"]),
        ):
            button.setFocus()
            qtbot.keyClick(button, Qt.Key.Key_Return)
            assert window.pages.currentWidget() is page()


class TestTheSource:
    @pytest.mark.parametrize(
        ("words", "home"),
        [
            (r"\bQLabel\(|\bQLabel as\b", set()),
            (r"\b(?:import threading|QThread\w*|QRunnable|concurrent\.futures|asyncio)\b", {"bridge.py"}),
            (r"\bQt(?:Charts|Graphs\w*|DataVisualization|WebEngine\w*|Quick\w*|Qml)\b", set()),
        ],
        ids=["labels", "threads", "parts of Qt that do not fit the licence"],
    )
    def test_things_have_one_home(self, words, home):
        sources = {str(path.relative_to(GUI)): path.read_text("utf-8") for path in GUI.rglob("*.py")}
        assert {name for name, text in sources.items() if re.search(words, text)} == home
