"""The rows of a transcript: which line carries a heading, how its words are laid out, how high each row is, where it lies.

Heights are guessed from the length of the words, all at once and cheaply; a row that comes near the view is laid out and its
height is then exact. Finding a row by its place and a place by its row takes O(log n).
"""

from __future__ import annotations

import bisect
import unicodedata
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QFontMetricsF, QTextLayout, QTextOption

from coachdesk.gui.theme import body_font
from coachdesk.gui.widgets.text import tidy
from coachdesk.sentences import _, clock

LINE = 20  # px, a line of words; taller where a script needs it
HEADING = 22
NOTE = 18
PAD = 4  # above and below the words
TURN_GAP, PAUSE_GAP = 14, 8  # above a heading: another speaker, the same one later
FIRST_GAP = 8
HEADING_EVERY_MS = 30_000
_KEPT = 400  # laid out rows; more than the tallest screen shows
_LOOK_BACK = 12  # rows that may still be spoken while later ones began
_SAMPLE = "So what happens when it is late, and how often is that?"
_WIDE_FROM = "\u2e80"  # from here on characters are about as wide as they are high


@dataclass(frozen=True, slots=True)
class Line:
    """One utterance, as the transcript shows it. `index` is what signals name it by."""

    index: int
    speaker: str
    side: str
    start_ms: int
    end_ms: int
    text: str
    suspect: bool = False
    corrected: bool = False
    rough: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Laid:
    """A row laid out: where its parts begin, below its own top."""

    text: str
    layout: QTextLayout
    gap: int
    headed: bool
    text_top: int
    text_height: int
    note: str
    height: int


class Heights:
    """Heights with their sums (a Fenwick tree): change one, find the top of one, find the one at a place."""

    def __init__(self, heights: Iterable[int]) -> None:
        self._each = list(heights)
        self._sums = [0, *self._each]
        size = len(self._sums)
        for at in range(1, size):
            above = at + (at & -at)
            if above < size:
                self._sums[above] += self._sums[at]
        self._step = 1 << max(size - 1, 1).bit_length() - 1
        self.total = sum(self._each)

    def __len__(self) -> int:
        return len(self._each)

    def __getitem__(self, row: int) -> int:
        return self._each[row]

    def append(self, height: int) -> None:
        """One more at the end."""
        self._each.append(height)
        at = len(self._sums)
        covered, below = height, at - 1
        while below > at - (at & -at):
            covered += self._sums[below]
            below -= below & -below
        self._sums.append(covered)
        self._step = 1 << at.bit_length() - 1
        self.total += height

    def pop(self) -> int:
        """Take the last one away."""
        height = self._each.pop()
        self._sums.pop()
        self._step = 1 << max(len(self._sums) - 1, 1).bit_length() - 1
        self.total -= height
        return height

    def set(self, row: int, height: int) -> int:
        """Change one height; returns by how much it grew."""
        grown = height - self._each[row]
        if grown:
            self._each[row] = height
            self.total += grown
            at = row + 1
            while at < len(self._sums):
                self._sums[at] += grown
                at += at & -at
        return grown

    def top(self, row: int) -> int:
        """All heights before this row."""
        found, at = 0, row
        while at > 0:
            found += self._sums[at]
            at -= at & -at
        return found

    def row_at(self, y: int) -> int:
        """The row that covers y; the first or last one beyond the ends."""
        row, rest, step = 0, y, self._step
        while step:
            ahead = row + step
            if ahead < len(self._sums) and self._sums[ahead] <= rest:
                row = ahead
                rest -= self._sums[ahead]
            step >>= 1
        return min(row, len(self._each) - 1)


class Rows:
    """The lines with their geometry at one text width."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.heights = Heights(())
        self._headed: list[int] = []  # the gap above a heading; 0: no heading
        self._exact = bytearray()
        self._width = 0
        self._laid: OrderedDict[int, Laid] = OrderedDict()
        self._rows: dict[int, int] = {}
        self._letter = 0.0

    def __len__(self) -> int:
        return len(self.lines)

    def row_of(self, index: int) -> int | None:
        """The row of a line by its index."""
        return self._rows.get(index)

    def set_lines(self, lines: Sequence[Line]) -> None:
        self.lines = list(lines)
        self._rows = {line.index: row for row, line in enumerate(self.lines)}
        self._headed = _headings(self.lines)
        self._guess()

    def set_width(self, width: int) -> bool:
        """The room words have; says whether that changed anything."""
        if width == self._width:
            return False
        self._width = width
        self._guess()
        return True

    def replace(self, lines: Sequence[Line]) -> None:
        """Other lines in the rows of their indexes; everything else stays as it was measured."""
        for line in lines:
            row = self.row_of(line.index)
            if row is not None:
                self.lines[row] = line
                self._forget(row)
        headed = _headings(self.lines)
        for other in (n for n, gap in enumerate(headed) if gap != self._headed[n]):
            self._forget(other)
        self._headed = headed

    def add(self, line: Line) -> int:
        """One more line where its time puts it, most often last; returns its row. Its index must be a new one."""
        row = bisect.bisect_right(self.lines, line.start_ms, key=lambda other: other.start_ms)
        self.lines.insert(row, line)
        first = max(row - 1, 0)
        while first and not self._headed[first]:
            first -= 1
        headed = _headings(self.lines[first:])
        if first:
            headed[0] = self._headed[first]  # it was one already
        self._cut(first)
        for other, gap in zip(self.lines[first:], headed, strict=True):
            self._rows[other.index] = len(self._headed)
            self._headed.append(gap)
            self._exact.append(0)
            self.heights.append(self._guessed(other, gap))
        return row

    def _cut(self, first: int) -> None:
        """Measures from a row on are void."""
        for row in range(len(self._headed) - 1, first - 1, -1):
            self._laid.pop(row, None)
            self.heights.pop()
            self._headed.pop()
            self._exact.pop()

    def spoken_at(self, ms: int) -> int | None:
        """The row that is being said: of those going on the one that began last, else the last that began."""
        last = bisect.bisect_right(self.lines, ms, key=lambda line: line.start_ms) - 1
        for row in range(last, max(last - _LOOK_BACK, -1), -1):
            if self.lines[row].end_ms > ms:
                return row
        return last if last >= 0 else None

    def said(self, row: int, form: str = "{name}, {time}: {text}") -> str:
        """The row as one sentence."""
        line = self.lines[row]
        return form.format(name=tidy(line.speaker), time=clock(line.start_ms), text=self.words(row))

    def starts_heading(self, row: int) -> bool:
        """Whether the row carries name and time."""
        return self._headed[row] > 0

    def is_exact(self, row: int) -> bool:
        return bool(self._exact[row])

    def laid(self, row: int) -> Laid:
        """The row laid out. Its height is exact from now on."""
        found = self._laid.get(row)
        if found is None:
            found = self._laid[row] = self._lay_out(row)
            self.heights.set(row, found.height)
            self._exact[row] = 1
            if len(self._laid) > _KEPT:
                self._laid.popitem(last=False)
        else:
            self._laid.move_to_end(row)
        return found

    def words(self, row: int) -> str:
        """What the row shows."""
        return shown(self.lines[row].text)

    def _forget(self, row: int) -> None:
        # the height stays as a guess, so that nothing moves before the row is measured anew
        self._laid.pop(row, None)
        self._exact[row] = 0

    def _guess(self) -> None:
        self._laid.clear()
        self._exact = bytearray(len(self.lines))
        if not self._letter:
            self._letter = QFontMetricsF(body_font()).horizontalAdvance(_SAMPLE) / len(_SAMPLE) * 1.03
        self.heights = Heights([self._guessed(line, gap) for line, gap in zip(self.lines, self._headed, strict=True)])

    def _guessed(self, line: Line, gap: int) -> int:
        text = line.text
        narrow = max(int(self._width / (self._letter or 7.0)), 1)
        in_line = narrow if text.isascii() or max(text, default="") < _WIDE_FROM else max(narrow // 2, 1)
        height = (-(-len(text) // in_line) or 1) * LINE + 2 * PAD
        if gap:
            height += gap + HEADING
        return height + NOTE if line.suspect or line.corrected else height

    def _lay_out(self, row: int) -> Laid:
        line, gap = self.lines[row], self._headed[row]
        text = shown(line.text)
        layout, height = lay_out(text, self._width)
        top = gap + PAD + (HEADING if gap else 0)
        note = said_note(line)
        whole = top + height + (NOTE if note else 0) + PAD
        return Laid(text, layout, gap, gap > 0, top, height, note, whole)


def lay_out(text: str, width: int) -> tuple[QTextLayout, int]:
    """Words broken into lines of at most this width, and how high they stand."""
    layout = QTextLayout(text, body_font())
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    option.setTextDirection(Qt.LayoutDirection.LayoutDirectionAuto)
    if _reads_leftwards(text):
        option.setAlignment(Qt.AlignmentFlag.AlignRight)  # a bare layout does not do so by itself
    layout.setTextOption(option)
    layout.setCacheEnabled(True)
    layout.beginLayout()
    y = 0
    while (line := layout.createLine()).isValid():
        line.setLineWidth(width)
        natural = line.height()
        height = max(LINE, ceil(natural))
        line.setPosition(QPointF(0, y + (height - natural) / 2))
        y += height
    layout.endLayout()
    return layout, max(y, LINE)


def shown(text: str) -> str:
    """Somebody's words on one line; what is printable already (nearly always) costs nothing."""
    if text.isprintable():
        return text
    return " ".join(word for word in map(tidy, text.split()) if word)


def _reads_leftwards(text: str) -> bool:
    """Whether the first character with a direction is of a script written from right to left."""
    if text.isascii():
        return False
    ways = (unicodedata.bidirectional(character) for character in text)
    return next((way for way in ways if way in ("L", "R", "AL")), "L") != "L"


def said_note(line: Line) -> str:
    """What stands under the words, if anything."""
    notes = []
    if line.suspect:
        notes.append(_("unsure, in no number"))
    if line.corrected:
        notes.append(_("corrected by you"))
    return " · ".join(notes)


def _headings(lines: Sequence[Line]) -> list[int]:
    """The gap above each line that carries name and time; 0 for a line that goes on."""
    found: list[int] = []
    speaker, last_ms = None, 0
    for line in lines:
        if line.speaker != speaker:
            found.append(TURN_GAP if found else FIRST_GAP)
        elif line.start_ms - last_ms >= HEADING_EVERY_MS:
            found.append(PAUSE_GAP)
        else:
            found.append(0)
            continue
        speaker, last_ms = line.speaker, line.start_ms
    return found
