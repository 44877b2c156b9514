"""A playbook to be changed: words, results, rules and their limits, ranges, phrases, questions, lines of the brief.

Every field tells one change as a function from text to text (`coaching/playbook_edit.py`), under the field's key; what is
wrong with it comes back to that key. Nothing is saved here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from coachdesk import rule_words
from coachdesk.coaching import playbook_edit as edit
from coachdesk.coaching.phrasing import fill_sides
from coachdesk.coaching.playbook import Playbook, Rule, TargetSpec, TrackerSpec
from coachdesk.conversation import metrics
from coachdesk.gui import theme
from coachdesk.gui.widgets.fields import Combo, Switch
from coachdesk.gui.widgets.fold import Fold
from coachdesk.gui.widgets.paragraph import Paragraph
from coachdesk.gui.widgets.playbook_fields import Amount, Line, More, Phrases, Problems, beside, small_button, stacked
from coachdesk.gui.widgets.playbook_reading import (
    COLUMN,
    heading,
    said_source,
    said_tracker,
    section,
    sourced,
    tracker_name,
)
from coachdesk.gui.widgets.reading import capital
from coachdesk.gui.widgets.scrolled import Scrolled
from coachdesk.gui.widgets.text import Label
from coachdesk.sentences import _

Change = Callable[[str], str]


class PlaybookEditing(Scrolled):
    """`edited` tells a field's key and its change. `set_book` shows what the text is now."""

    edited = Signal(str, object)

    def __init__(self) -> None:
        super().__init__()
        self.content.setMaximumWidth(COLUMN)
        self._column.setSpacing(theme.WIDE)
        self._open: set[str] = set()
        self._begun: dict[str, str] = {}
        self._problems = Problems()
        self._shape: object = None
        self._saved: Playbook | None = None
        self._following: list[Callable[[Playbook], None]] = []  # what is said of fields, and changes with them

    def begin(self, book: Playbook, library: Sequence[Rule]) -> None:
        """A playbook as it is saved, to be changed; `library`: the rules there are to pick from."""
        self._open, self._begun, self._shape, self._saved = set(), {}, None, book
        self._library = library
        self._problems = Problems()
        self.set_book(book, from_top=True)

    def set_book(self, book: Playbook, *, anew: bool = False, from_top: bool = False) -> None:
        """Fields for what there is now. They are drawn again where something came or went, or with `anew`."""
        shape = _shape(book)
        self._book, self._language = book, book.languages[0]
        if shape == self._shape and not anew:
            for show in self._following:
                show(book)
            return
        self._shape, self._following = shape, []
        self._problems.forget_fields()
        parts: list[QWidget] = [*self._words(), *self._results(), *self._rules()]
        parts += [
            heading(_("Numbers and words"), _("Ranges are shown beside the numbers; they are no marks.")),
            self._fold("targets", _("Usual ranges"), str(len(book.targets)), self._targets),
            self._fold("trackers", _("What is listened for"), str(len(book.trackers)), self._trackers),
            self._fold("questions", _("Questions at hand while recording"), str(len(book.questions)), self._questions),
            self._fold("slots", _("Lines of the brief"), str(len(book.slots)), self._slots),
        ]
        self.refill(parts, from_top=from_top)

    def say_problem(self, key: str, text: str) -> bool:
        """What is wrong with a field, or nothing any more; False where that field is not to be seen."""
        return self._problems.say(key, text)

    @property
    def has_problems(self) -> bool:
        """Whether something a person typed is not in the text."""
        return self._problems.any

    def all_fits(self) -> None:
        self._problems.clear()

    def _tell(self, key: str, change: Change) -> None:
        self.edited.emit(key, change)

    # --- words and results

    def _words(self) -> list[QWidget]:
        words = self._book.words(self._language)
        rows = []
        for key, said, name in (("name", words.name, _("Name")), ("about", words.about, _("What it is for"))):
            line = Line(said, name)
            line.told.connect(
                lambda text, key=key: self._tell(key, lambda t: edit.set_words(t, self._language, **{key: text}))
            )
            rows.append(_named(name, line, self._problems.below(key)))
        return section(_("In your words"), "", rows)

    def _results(self) -> list[QWidget]:
        words = self._book.words(self._language).results
        rows = [self._result(each, words.get(each, each)) for each in self._book.results]
        rows.append(
            self._more("new result", _("One more result"), lambda t, said: edit.add_result(t, said, self._language))
        )
        return section(_("Results"), _("How such a call may end; switched on: what you hope for."), rows)

    def _result(self, result: str, word: str) -> QWidget:
        key = f"result:{result}"
        line = Line(word, _("Result: {word}").format(word=word))
        line.told.connect(lambda said: self._tell(key, lambda t: edit.rename_result(t, result, said, self._language)))
        good = Switch()
        good.setChecked(result in self._book.good_results)
        good.setAccessibleName(_("Hoped for: {word}").format(word=word))
        good.clicked.connect(lambda on: self._tell(key, lambda t: edit.set_good(t, result, on)))
        out = self._out(key, word, lambda t: edit.remove_result(t, result))
        return stacked(beside(good, line, out, stretch=1), self._problems.below(key))

    # --- rules

    def _rules(self) -> list[QWidget]:
        known = {rule.id for rule in self._book.rule}
        trackers = {spec.id for spec in self._book.trackers}
        fits = [r for r in self._library if r.id not in known and {c.tracker for c in r.conditions} - {""} <= trackers]
        every = [*self._book.rule, *fits]
        families = dict.fromkeys(rule.family for rule in [*self._book.rule, *fits])
        folds: list[QWidget] = []
        for family in families:
            rules = sorted((rule for rule in every if rule.family == family), key=lambda rule: rule.id)
            named = rule_words.family(family)
            folds.append(self._fold(family, named, self._count(rules), partial(self._family, rules)))
        about = _("Switch off what does not fit your calls, and set from where on a rule speaks.")
        return [heading(_("Rules"), about), *folds]

    def _fold(self, key: str, title: str, count: str, make: Callable[[], list[QWidget]]) -> Fold:
        """One of the parts that are closed until they are wanted."""
        fold = Fold(title, count, make, is_open=key in self._open)
        fold.opened.connect(partial(self._remember, key))
        return fold

    def _count(self, rules: list[Rule]) -> str:
        on = sum(self._book.find(rule.id) is not None for rule in rules)
        return _("{on} of {n} on").format(on=on, n=len(rules))

    def _remember(self, family: str, on: bool) -> None:
        (self._open.add if on else self._open.discard)(family)
        self.order_keys()

    def _family(self, rules: list[Rule]) -> list[QWidget]:
        return [self._rule(rule) for rule in rules]

    def _rule(self, rule: Rule) -> QWidget:
        key = f"rule:{rule.id}"
        now = self._book.find(rule.id)
        rule = now or rule
        title = rule_words.title(rule, self._book, self._language)
        switch = Switch()
        switch.setChecked(now is not None)
        switch.setAccessibleName(title)
        own = rule.id not in self._book.rules and now is not None
        switch.setEnabled(not own)
        if own:
            switch.setToolTip(_("Written in this playbook's own file; open it as text to take it out."))
        limits = self._limits(rule) if now is not None else QWidget()
        switch.clicked.connect(lambda on: self._tell(key, lambda t: self._turn(t, rule.id, on)))
        said = Paragraph("", "muted")

        def show(book: Playbook) -> None:
            when = rule_words.when(book.find(rule.id) or rule, book, self._language)
            said.say(_("When: {said}.").format(said=when.rstrip(".")))

        show(self._book)
        self._following.append(show)
        return stacked(
            beside(Paragraph(title, "heading"), switch),
            said,
            limits,
            sourced(rule.strength, rule.source),
            self._problems.below(key),
        )

    def _turn(self, text: str, rule_id: str, on: bool) -> str:
        before = self._saved.limits.get(rule_id) if self._saved else None
        return edit.use_rule(text, rule_id, on, before if on else None)

    def _limits(self, rule: Rule) -> QWidget:
        rows = []
        for limit in rule_words.limits(rule, self._book, self._language):
            key = f"limit:{rule.id}:{limit.name}"
            said = _("Counts as better: {said}").format(said=limit.said) if limit.better else limit.said
            box = Amount(limit.unit, rule.limits[limit.name], said)
            box.told.connect(
                lambda value, key=key, name=limit.name: self._tell(
                    key, lambda t: edit.set_limit(t, rule.id, name, value)
                )
            )
            rows.append(stacked(beside(Paragraph(said), box), self._problems.below(key)))
        return stacked(*rows)

    # --- ranges

    def _targets(self) -> list[QWidget]:
        return [self._target(metric, target) for metric, target in self._book.targets.items()]

    def _target(self, metric: str, target: TargetSpec) -> QWidget:
        key = f"target:{metric}"
        known = metrics.BY_ID.get(metric)
        name = capital(fill_sides(_(known.name), self._book, self._language)) if known else metric
        unit = known.unit if known else "count"
        low = Amount(unit, target.low, _("{name}, from").format(name=name), optional=True)
        high = Amount(unit, target.high, _("{name}, to").format(name=name), optional=True)
        before = (self._saved.targets.get(metric) if self._saved else None) or target
        source = _("Your own range, instead of: {source}").format(source=before.source)[:300]

        def tell(_value: object) -> None:
            ends = (low.amount(), high.amount())
            same = ends == (before.low, before.high)
            self._tell(key, lambda t: edit.set_target(t, metric, *ends, before.source if same else source))

        low.told.connect(tell)
        high.told.connect(tell)
        out = self._out(key, name, lambda t: edit.remove_target(t, metric))
        row = beside(Paragraph(name), low, Label(_("to")), high, out)
        come_from = sourced(target.strength, target.source)
        self._following.append(
            lambda book: come_from.say(said_source(book.targets[metric].strength, book.targets[metric].source))
        )
        return stacked(row, come_from, self._problems.below(key))

    # --- trackers

    def _trackers(self) -> list[QWidget]:
        rows = [self._tracker(spec) for spec in self._book.trackers]
        hint = _("Something more to listen for")
        rows.append(self._more("new tracker", hint, lambda t, said: edit.add_tracker(t, said, [said], self._language)))
        return rows

    def _tracker(self, spec: TrackerSpec) -> QWidget:
        key = f"tracker:{spec.id}"
        name = tracker_name(spec, self._book, self._language)
        chips = Phrases(spec.phrases)
        chips.taken_out.connect(lambda phrase: self._tell(key, lambda t: edit.remove_phrase(t, spec.id, phrase)))
        more = self._more(
            key, _("One more phrase for “{name}”").format(name=name), lambda t, said: edit.add_phrase(t, spec.id, said)
        )
        out = self._out(key, name, lambda t: edit.remove_tracker(t, spec.id))
        about = Paragraph(said_tracker(spec, self._book, self._language), "small")
        return stacked(beside(Paragraph(name, "heading"), out), about, *([chips] if spec.phrases else []), more)

    # --- questions, brief

    def _questions(self) -> list[QWidget]:
        asked = self._book.asking(self._language)
        rows = [self._entry("questions", each, said) for each, said in asked.items()]
        hint = _("One more question")
        rows.append(self._more("new question", hint, lambda t, said: edit.add_question(t, said, self._language)))
        return rows

    def _entry(self, table: str, entry: str, said: str, about: str = "") -> QWidget:
        key = f"{table}:{entry}"
        line = Line(said, _("Words: {said}").format(said=said))
        line.told.connect(lambda text: self._tell(key, lambda t: edit.say_entry(t, table, entry, text, self._language)))
        out = self._out(key, said, lambda t: edit.remove_entry(t, table, entry))
        below = [Paragraph(about, "small")] if about else []
        return stacked(beside(line, out), *below, self._problems.below(key))

    def _slots(self) -> list[QWidget]:
        names = {spec.id: tracker_name(spec, self._book, self._language) for spec in self._book.trackers}
        rows = [
            self._entry(
                "slots",
                slot.id,
                slot.text.get(self._language) or capital(slot.id.replace("_", " ")),
                _("From “{tracker}”").format(tracker=names.get(slot.tracker, slot.tracker)),
            )
            for slot in self._book.slots
        ]
        tracker = Combo()
        tracker.setAccessibleName(_("What the new line is filled from"))
        for each, name in names.items():
            tracker.addItem(name, each)
        more = self._more(
            "new slot",
            _("One more line"),
            lambda t, said: edit.add_slot(t, said, tracker.currentData(), self._language),
        )
        return [*rows, stacked(beside(tracker), more)] if names else rows

    # --- what all have

    def _out(self, key: str, what: str, change: Change) -> QWidget:
        button = small_button("x", _("Remove: {what}").format(what=what))
        button.clicked.connect(lambda: self._tell(key, change))
        return button

    def _more(self, key: str, hint: str, add: Callable[[str, str], str]) -> QWidget:
        more = More(hint, self._begun.get(key, ""))
        more.typed.connect(lambda text: self._begun.__setitem__(key, text))

        def tell(said: str) -> None:
            def change(text: str) -> str:
                text = add(text, said)
                self._begun.pop(key, None)  # it fits: the line is free for the next
                more.field.clear()
                return text

            self._tell(key, change)

        more.told.connect(tell)
        return stacked(more, self._problems.below(key))


def _shape(book: Playbook) -> object:
    """What there is a field for."""
    return (
        book.id,
        [rule.id for rule in book.rule],
        list(book.results),
        list(book.targets),
        [(spec.id, spec.phrases) for spec in book.trackers],
        [question.id for question in book.questions],
        [slot.id for slot in book.slots],
    )


def _named(name: str, field: QWidget, problem: QWidget) -> QWidget:
    label = Label(name, "muted")
    label.setMinimumWidth(112)
    return stacked(beside(label, field, stretch=1), problem)
