"""The scorecards of a playbook that is changed: those it has, each to be edited or taken out, and a new one, empty or
begun from a card of the sets. Each change is told as a function from text to text, as all fields of a playbook tell it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from coachdesk import rule_words
from coachdesk.coaching import card_edit
from coachdesk.coaching.card_edit import DraftCard
from coachdesk.coaching.phrasing import fill_sides
from coachdesk.coaching.playbook import Playbook
from coachdesk.coaching.scorecard import Card
from coachdesk.gui import theme
from coachdesk.gui.widgets.paragraph import Paragraph
from coachdesk.gui.widgets.playbook_fields import Problems, beside, small_button, stacked
from coachdesk.gui.widgets.scorecard_editor import ScorecardEditor
from coachdesk.gui.widgets.text import caption
from coachdesk.sentences import _, ngettext

Tell = Callable[[str, Callable[[str], str]], None]
NEW = "new card"


class PlaybookCards:
    """`rows` draws them for a playbook; `tell` gets a field's key and its change."""

    def __init__(self, above: QWidget, book: Playbook, sets: Sequence[Card], problems: Problems, tell: Tell) -> None:
        self._above, self._book, self._problems, self._tell = above, book, problems, tell
        self._language = book.languages[0]
        self._sets = [card for card in sets if book.card(card.id) is None]
        self._rules = [rule.id for rule in book.rule]

    def rows(self) -> list[QWidget]:
        return [*(self._row(card) for card in self._book.scorecard), self._new()]

    def _row(self, card: Card) -> QWidget:
        words, key = card.words(self._language), f"card:{card.id}"
        change, out = QPushButton(_("Edit card")), small_button("x", _("Remove: {what}").format(what=words.name))
        change.setAutoDefault(True)
        change.setAccessibleName(_("Edit card: {name}").format(name=words.name))
        change.clicked.connect(lambda: self._edit(card))
        out.clicked.connect(lambda: self._tell(key, lambda text: card_edit.remove_card(text, card.id)))
        n = ngettext("{n} criterion", "{n} criteria", len(card.criteria)).format(n=len(card.criteria))
        picked = card.id in self._book.scorecards
        said = _("{n} · shared with other playbooks; edited, it becomes this one's own").format(n=n) if picked else n
        about = fill_sides(words.about, self._book, self._language)
        return stacked(
            beside(Paragraph(words.name, "heading"), change, out),
            *([Paragraph(about, "muted")] if about else []),
            Paragraph(said, "small"),
            self._problems.below(key),
        )

    def _new(self) -> QWidget:
        button = QPushButton(_("New card"))
        button.setAutoDefault(True)
        theme.set_icon(button, "plus")
        if not self._sets:
            button.clicked.connect(lambda: self._write(DraftCard()))
        else:
            menu = QMenu(button)
            menu.addAction(_("Empty"), lambda: self._write(DraftCard()))
            menu.addSeparator()
            for card in self._sets:
                name = caption(card.words(self._language).name)
                menu.addAction(_("Begin from “{name}”").format(name=name), partial(self._begin_from, card))
            button.setMenu(menu)
        return stacked(beside(button, QWidget(), stretch=1), self._problems.below(NEW))

    def _edit(self, card: Card) -> None:
        own = card_edit.copied(card, self._rules)
        dialog = self._editor(card_edit.draft_of(own, self._language))
        dialog.said.connect(lambda draft: self._keep(f"card:{card.id}", draft, own))
        dialog.open()

    def _begin_from(self, card: Card) -> None:
        """A card of a set under its own id, which is free here."""
        own = card_edit.copied(card, self._rules)
        dialog = self._editor(card_edit.draft_of(own, self._language))
        dialog.said.connect(lambda draft: self._keep(NEW, draft, own))
        dialog.open()

    def _write(self, draft: DraftCard) -> None:
        dialog = self._editor(draft)
        dialog.said.connect(lambda made: self._keep(NEW, made, None))
        dialog.open()

    def _editor(self, draft: DraftCard) -> ScorecardEditor:
        rules = [(rule.id, rule_words.title(rule, self._book, self._language)) for rule in self._book.rule]
        return ScorecardEditor(self._above.window(), draft, rules)

    def _keep(self, key: str, draft: DraftCard, before: Card | None) -> None:
        card_id = before.id if before else card_edit.fresh_card(self._book.scorecard, draft.name)
        card = card_edit.card_of(draft, self._language, before, card_id)
        if card != before or card_id in self._book.scorecards or self._book.card(card_id) is None:
            self._tell(key, lambda text: card_edit.put_card(text, card))
