"""A playbook to be read: what it is for, sides and results, rules by family in plain words, ranges, what is listened for."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from coachdesk import rule_words
from coachdesk.coaching.phrasing import fill_sides
from coachdesk.coaching.playbook import Playbook, Rule, TargetSpec, TrackerSpec
from coachdesk.conversation import metrics
from coachdesk.gui import theme
from coachdesk.gui.widgets.flow import Flow
from coachdesk.gui.widgets.fold import Fold
from coachdesk.gui.widgets.paragraph import Paragraph
from coachdesk.gui.widgets.reading import capital, said_range
from coachdesk.gui.widgets.scrolled import Scrolled, card
from coachdesk.gui.widgets.text import Label, caption
from coachdesk.sentences import _, ngettext
from coachdesk.sentences import strength as said_strength

COLUMN = 760  # px, the widest that reads well
_NAMES = 190  # px of the first column of a table


class PlaybookReading(Scrolled):
    """`set_book` shows one; folds stay as they were while it is the same."""

    def __init__(self) -> None:
        super().__init__()
        self.content.setMaximumWidth(COLUMN)
        self._column.setSpacing(theme.WIDE)
        self._open: set[str] = set()
        self._shown: Playbook | None = None

    def set_book(self, book: Playbook) -> None:
        if book == self._shown:
            return
        another = self._shown is None or self._shown.id != book.id
        if another:
            self._open = set()
        self._shown = book
        self._language = book.languages[0]
        slots = {slot.id: _said_slot(book, slot.id, self._language) for slot in book.slots}
        asked, cards = book.asking(self._language), _scorecards(book, self._language)
        beside = [
            self._fold("targets", _("Usual ranges"), len(book.targets), partial(self._targets, book)),
            self._fold("trackers", _("What is listened for"), len(book.trackers), partial(self._trackers, book)),
            self._fold("questions", _("Questions at hand while recording"), len(asked), partial(self._lines, asked)),
            self._fold("slots", _("Lines of the brief"), len(slots), partial(self._lines, slots)),
            self._fold("cards", _("Scorecards"), len(cards), partial(self._lines, cards)),
        ]
        parts: list[QWidget] = [self._sides(book), *self._rules(book), heading(_("Numbers and words"), "")]
        parts += [fold for fold in beside if fold is not None]
        self.refill(parts, from_top=another)

    # --- sides and results

    def _sides(self, book: Playbook) -> QWidget:
        trade = book.words(self._language)
        frame, column = card()
        grid = QGridLayout()
        grid.setColumnMinimumWidth(0, _NAMES)
        grid.setHorizontalSpacing(theme.WIDE)
        grid.setVerticalSpacing(theme.GAP)
        grid.setColumnStretch(1, 1)
        for row, (name, said, look) in enumerate(
            (
                (_("Own side"), trade.own, "own"),
                (_("Other side"), trade.other, "other"),
                (_("A case is called"), trade.case, ""),
            )
        ):
            grid.addWidget(Label(name, "muted"), row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(_plain(said, look), row, 1)
        grid.addWidget(Label(_("Results"), "muted"), 3, 0, Qt.AlignmentFlag.AlignTop)
        results = [(trade.results.get(each, each), each in book.good_results) for each in book.results]
        grid.addWidget(_chips(results), 3, 1)
        column.addLayout(grid)
        return frame

    # --- rules

    def _rules(self, book: Playbook) -> list[QWidget]:
        folds: list[QWidget] = []
        for family in dict.fromkeys(rule.family for rule in book.rule):
            rules = [rule for rule in book.rule if rule.family == family]
            count = ngettext("{n} rule", "{n} rules", len(rules)).format(n=len(rules))
            fold = self._fold(family, rule_words.family(family), count, partial(self._family, rules, book))
            folds += [fold] if fold else []
        about = _("What may be said after a call: at most three suggestions, the strongest first.")
        return [heading(_("Rules"), about), *folds] if folds else []

    def _fold(self, key: str, title: str, count: int | str, make: Callable[[], list[QWidget]]) -> Fold | None:
        """One of the parts that are closed until they are wanted; none where there is nothing in it."""
        if not count:
            return None
        fold = Fold(title, str(count), make, is_open=key in self._open)
        fold.opened.connect(partial(self._remember, key))
        return fold

    def _family(self, rules: list[Rule], book: Playbook) -> list[QWidget]:
        return [rule_in_words(rule, book, self._language) for rule in rules]

    def _remember(self, family: str, on: bool) -> None:
        (self._open.add if on else self._open.discard)(family)
        self.order_keys()

    # --- tables

    def _targets(self, book: Playbook) -> list[QWidget]:
        return [self._target(metric, target, book) for metric, target in book.targets.items()]

    def _target(self, metric: str, target: TargetSpec, book: Playbook) -> QWidget:
        known = metrics.BY_ID.get(metric)
        name = fill_sides(_(known.name), book, self._language) if known else metric
        said = said_range({"low": target.low, "high": target.high}, known.unit if known else "count")
        return _row(capital(name), capital(said), sourced(target.strength, target.source))

    def _trackers(self, book: Playbook) -> list[QWidget]:
        return [_row(tracker_name(spec, book, self._language), "", *self._heard(spec, book)) for spec in book.trackers]

    def _heard(self, spec: TrackerSpec, book: Playbook) -> list[QWidget]:
        found: list[QWidget] = [_plain(said_tracker(spec, book, self._language), "small")]
        return [_chips([(phrase, False) for phrase in spec.phrases]), *found] if spec.phrases else found

    def _lines(self, said: dict[str, str]) -> list[QWidget]:
        return [Paragraph(line) for line in said.values()]


def rule_in_words(rule: Rule, book: Playbook, language: str) -> QWidget:
    """A rule to be read: title, when it is said, what is said, and where that comes from."""
    whole = QWidget()
    column = QVBoxLayout(whole)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(theme.TINY_GAP)
    column.addWidget(Paragraph(rule_words.title(rule, book, language), "heading"))
    said = rule_words.when(rule, book, language)
    column.addWidget(Paragraph(_("When: {said}.").format(said=said.rstrip("."))))
    column.addWidget(Paragraph(rule_words.written(book.rule_text(rule, language).advice, book, language), "muted"))
    column.addWidget(sourced(rule.strength, rule.source))
    return whole


def sourced(strength: str, source: str) -> Paragraph:
    """How strong something is, and where it comes from."""
    return Paragraph(said_source(strength, source), "small")


def said_source(strength: str, source: str) -> str:
    words = " ".join(source.split())
    return _("{strength}: {source}").format(strength=capital(said_strength(strength)), source=words)


def tracker_name(spec: TrackerSpec, book: Playbook, language: str) -> str:
    return book.words(language).trackers.get(spec.id) or capital(spec.id.replace("_", " "))


def said_tracker(spec: TrackerSpec, book: Playbook, language: str) -> str:
    """Whose words count, and whether there is a built-in list."""
    trade = book.words(language)
    side = {"rep": trade.own, "other": trade.other}.get(spec.side)
    who = _("Said by {side}").format(side=side) if side else _("Said by either side")
    built_in = ngettext(
        "{n} built-in list of words", "{n} built-in lists of words", len(spec.patterns)
    ).format(n=len(spec.patterns))  # fmt: skip
    return _("{who} · {lists}").format(who=who, lists=built_in) if spec.patterns else who


def _said_slot(book: Playbook, slot_id: str, language: str) -> str:
    slot = next(each for each in book.slots if each.id == slot_id)
    name = slot.text.get(language) or capital(slot.id.replace("_", " "))
    spec = next((each for each in book.trackers if each.id == slot.tracker), None)
    heard = tracker_name(spec, book, language) if spec else slot.tracker
    return _("{name}: from “{tracker}”").format(name=name, tracker=heard)


def _scorecards(book: Playbook, language: str) -> dict[str, str]:
    """Scorecards: what each is called, and how many things it looks at."""
    n = {card.id: len(card.criteria) for card in book.scorecard}
    return {
        card.id: ngettext("{name}: {n} criterion", "{name}: {n} criteria", n[card.id]).format(
            name=card.words(language).name, n=n[card.id]
        )
        for card in book.scorecard
    }


def section(title: str, about: str, rows: list[QWidget]) -> list[QWidget]:
    """A heading, and a card of rows with lines between them; nothing where there are no rows."""
    if not rows:
        return []
    frame, column = card()
    column.setSpacing(theme.WIDE)
    for number, row in enumerate(rows):
        if number:
            line = QFrame()
            line.setProperty("look", "line")
            column.addWidget(line)
        column.addWidget(row)
    return [heading(title, about), frame]


def heading(title: str, about: str) -> QWidget:
    """The heading of a section, and a line about it."""
    whole = QWidget()
    column = QVBoxLayout(whole)
    column.setContentsMargins(2, theme.WIDE, 0, 0)
    column.setSpacing(2)
    column.addWidget(Label(title, "strong"))
    if about:
        column.addWidget(Paragraph(about, "muted"))
    return whole


def _row(name: str, said: str, *below: QWidget) -> QWidget:
    whole = QWidget()
    row = QHBoxLayout(whole)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(theme.WIDE)
    named = Paragraph(name)
    named.setFixedWidth(_NAMES)
    row.addWidget(named, 0, Qt.AlignmentFlag.AlignTop)
    words = QVBoxLayout()
    words.setSpacing(2)
    if said:
        words.addWidget(Paragraph(said))
    for each in below:
        words.addWidget(each)
    row.addLayout(words, 1)
    return whole


def _plain(text: str, look: str = "") -> Label:
    return Paragraph(text, look)


def _chips(said: list[tuple[str, bool]]) -> QWidget:
    """Words in little frames that only tell; those hoped for in green."""
    whole = QWidget()
    flow = Flow(whole, 6)
    for text, good in said:
        chip = QPushButton(caption(text))
        chip.setProperty("look", "chip")
        chip.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        chip.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        if good:
            theme.set_icon(chip, "check", "good")
        flow.addWidget(chip)
    return whole
