"""The look, in one file: colours, type, space, the style sheet, fonts and tinted icons. Light, dark, or as the system.

Own side blue, other side rust, everywhere the same; every text pair holds 4.5:1 (tests check PAIRS in both themes).
Painted widgets take colours from `tokens()` when they paint and repaint on `theme().changed`.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, fields

from PySide6.QtCore import QByteArray, QObject, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton, QApplication, QStyle, QStyleFactory, QWidget

from coachdesk.paths import resource

CHOICES = ("system", "light", "dark")
FAMILY = "Inter"
SMALL, BODY, STRONG = 12, 13, 15  # type sizes, px; titles (20) and figures (28) stand in the sheet
TINY_GAP, GAP, WIDE, WIDER, PAGE, HUGE = 4, 8, 12, 16, 24, 32  # space, px
CONTROL_RADIUS = 6  # px; cards have 8, in the sheet
MOTION_MS = 140  # long enough to be followed, too short to be waited for
_BESIDE = 6  # px between an icon and its text


@dataclass(frozen=True, slots=True)
class Tokens:
    """The colours of one theme, as #rrggbb."""

    surface: str
    card: str
    line: str
    hover: str
    selected: str
    text: str
    muted: str
    own: str
    other: str
    own_soft: str
    other_soft: str
    good: str
    good_soft: str
    attention: str
    attention_soft: str
    danger: str
    on_accent: str

    def colour(self, name: str) -> QColor:
        return QColor(getattr(self, name))


LIGHT = Tokens(
    surface="#f6f7f9",
    card="#ffffff",
    line="#dde3ea",
    hover="#eff2f6",
    selected="#e6eefb",
    text="#16191d",
    muted="#59636f",
    own="#2360c4",
    other="#a34812",
    own_soft="#e8f0fc",
    other_soft="#fbefe7",
    good="#1a7646",
    good_soft="#e5f4eb",
    attention="#855704",
    attention_soft="#fbf1da",
    danger="#b3261e",
    on_accent="#ffffff",
)
DARK = Tokens(
    surface="#16181c",
    card="#1e2126",
    line="#30353d",
    hover="#272b32",
    selected="#233350",
    text="#e8ebef",
    muted="#a1abb7",
    own="#6ea8ff",
    other="#f0945a",
    own_soft="#1f2d47",
    other_soft="#3a281c",
    good="#5cc78f",
    good_soft="#1b3227",
    attention="#e2b04a",
    attention_soft="#362b14",
    danger="#ff7a70",
    on_accent="#10141a",
)

# Every pair (text, ground) that is painted anywhere.
PAIRS = (
    *((text, ground) for text in ("text", "muted") for ground in ("surface", "card", "hover", "selected")),
    *((text, ground) for text in ("own", "other") for ground in ("surface", "card", "hover", "selected")),
    *((text, ground) for text in ("good", "attention", "danger") for ground in ("surface", "card")),
    *((text, ground) for text in ("text", "muted") for ground in ("own_soft", "other_soft")),
    *((text, ground) for text in ("text", "muted") for ground in ("good_soft", "attention_soft")),
    ("own", "own_soft"),
    ("other", "other_soft"),
    ("good", "good_soft"),
    ("attention", "attention_soft"),
    *(("on_accent", ground) for ground in ("own", "other", "good", "danger")),
)


class Theme(QObject):
    """Which tokens hold. One per program; `changed` fires after everything was restyled."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.tokens = LIGHT
        self._choice = "system"
        self._watched = False

    def apply(self, choice: str) -> None:
        """Style the whole application: "system", "light" or "dark"."""
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        self._choice = choice if choice in CHOICES else "system"
        self.tokens = DARK if self._wants_dark() else LIGHT
        app.setStyle(QStyleFactory.create("Fusion"))
        app.setFont(body_font())
        app.setPalette(_palette(self.tokens))
        app.setStyleSheet(sheet(self.tokens))
        self._tint_all()
        if not self._watched:
            self._watched = True
            # the palette is still the old one while the signal is sent
            app.styleHints().colorSchemeChanged.connect(lambda _: QTimer.singleShot(0, self._follow))
        self.changed.emit()

    def _wants_dark(self) -> bool:
        if self._choice != "system":
            return self._choice == "dark"
        return QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark

    def _follow(self) -> None:
        if self._choice == "system" and self._wants_dark() != (self.tokens is DARK):
            self.apply("system")

    def _tint_all(self) -> None:
        for widget in QApplication.allWidgets():
            if isinstance(widget, QAbstractButton) and widget.property("icon_name"):
                _tint(widget)


@functools.lru_cache(maxsize=1)
def theme() -> Theme:
    return Theme()


def tokens() -> Tokens:
    """The colours that hold now."""
    return theme().tokens


def colour(name: str) -> QColor:
    return theme().tokens.colour(name)


# --- type


@functools.lru_cache(maxsize=1)
def load_fonts() -> None:
    """Make the bundled font known; scripts it lacks come from the system's own fonts."""
    for path in sorted(resource("fonts").glob("*.otf")):
        QFontDatabase.addApplicationFont(str(path))


def body_font(size: int = BODY, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """The one family in a size (px) and weight."""
    load_fonts()
    font = QFont(FAMILY)
    font.setPixelSize(size)
    font.setWeight(weight)
    return font


def strong_font(size: int = BODY) -> QFont:
    return body_font(size, QFont.Weight.DemiBold)


def figures_font(size: int = SMALL) -> QFont:
    """Tabular figures, for times that change or stand under one another."""
    font = body_font(size)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


# --- icons


@functools.lru_cache(maxsize=512)
def _tinted(name: str, shade: str, size: int, ratio: float) -> QPixmap:
    drawing = (resource("icons") / f"{name}.svg").read_bytes().replace(b"currentColor", shade.encode())
    pixmap = QPixmap(QSize(round(size * ratio), round(size * ratio)))
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    QSvgRenderer(QByteArray(drawing)).render(painter, QRectF(0, 0, size * ratio, size * ratio))
    painter.end()
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


def pixmap(name: str, token: str = "text", size: int = 16, ratio: float = 1.0) -> QPixmap:
    """A bundled icon in a colour of the theme, for painting at a device pixel ratio."""
    return _tinted(name, getattr(tokens(), token), size, ratio)


def icon(name: str, token: str = "text", size: int = 16) -> QIcon:
    """A bundled icon in a colour of the theme, sharp at 100 to 300 %."""
    made = QIcon()
    for ratio in (1.0, 1.5, 2.0, 3.0):
        made.addPixmap(_tinted(name, getattr(tokens(), token), size, ratio))
        made.addPixmap(_tinted(name, tokens().muted, size, ratio), QIcon.Mode.Disabled)
    return made


def set_icon(button: QAbstractButton, name: str, token: str = "text", size: int = 16) -> None:
    """Give a button an icon that follows the theme; beside text it keeps some distance."""
    button.setProperty("icon_name", name)
    button.setProperty("icon_token", token)
    button.setProperty("icon_size", size)
    _tint(button)


def _tint(button: QAbstractButton) -> None:
    name, token, size = (button.property(f"icon_{part}") for part in ("name", "token", "size"))
    beside = _BESIDE if button.text() else 0
    button.setIconSize(QSize(size + beside, size))
    made = QIcon()
    for ratio in (1.0, 1.5, 2.0, 3.0):
        for mode, shade in ((QIcon.Mode.Normal, getattr(tokens(), token)), (QIcon.Mode.Disabled, tokens().muted)):
            made.addPixmap(_widened(_tinted(name, shade, size, ratio), beside, ratio), mode)
    button.setIcon(made)


def _widened(picture: QPixmap, beside: int, ratio: float) -> QPixmap:
    """The picture with room at its right."""
    if not beside:
        return picture
    wide = QPixmap(QSize(picture.width() + round(beside * ratio), picture.height()))
    wide.fill(Qt.GlobalColor.transparent)
    wide.setDevicePixelRatio(ratio)
    with QPainter(wide) as painter:
        painter.drawPixmap(0, 0, picture)
    return wide


def moves(widget: QWidget) -> bool:
    """Whether things may move here: not where the system asks for less motion."""
    return widget.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration, None, widget) > 0


def restyle(widget: QWidget, **properties: object) -> None:
    """Change properties the style sheet looks at, effective at once."""
    for name, value in properties.items():
        widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()


# --- palette and sheet


def _palette(t: Tokens) -> QPalette:
    palette = QPalette()
    role = QPalette.ColorRole
    plain = {
        role.Window: t.surface,
        role.WindowText: t.text,
        role.Base: t.card,
        role.AlternateBase: t.hover,
        role.Text: t.text,
        role.Button: t.card,
        role.ButtonText: t.text,
        role.BrightText: t.danger,
        role.ToolTipBase: t.card,
        role.ToolTipText: t.text,
        role.PlaceholderText: t.muted,
        role.Highlight: t.selected,
        role.HighlightedText: t.text,
        role.Link: t.own,
        role.Accent: t.own,
        role.Mid: t.line,
        role.Dark: t.line,
        role.Light: t.card,
    }
    for kind, shade in plain.items():
        palette.setColor(kind, QColor(shade))
    for kind in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, kind, QColor(t.muted))
    return palette


def sheet(t: Tokens) -> str:
    """The one style sheet; `look` properties choose among the few looks there are."""
    shade = "dark" if t is DARK else "light"
    text = _SHEET.replace("$arrow", resource(f"icons/arrow-{shade}.svg").as_posix())
    for field in sorted(fields(t), key=lambda f: -len(f.name)):
        text = text.replace(f"${field.name}", getattr(t, field.name))
    return text


_SHEET = """
QWidget { font-size: 13px; }
QToolTip { background: $card; color: $text; border: 1px solid $line; padding: 6px 8px; }
QLabel { background: transparent; }
QLabel[look="title"] { font-size: 20px; font-weight: 600; }
QLabel[look="strong"] { font-size: 15px; font-weight: 600; }
QLabel[look="heading"] { font-weight: 600; }
QLabel[look="muted"] { color: $muted; }
QLabel[look="small"] { color: $muted; font-size: 12px; }
QLabel[look="figure"] { font-size: 28px; font-weight: 600; }
QLabel[look="good"] { color: $good; }
QLabel[look="attention"] { color: $attention; }
QLabel[look="danger"] { color: $danger; }
QLabel[look="own"] { color: $own; font-weight: 600; }
QLabel[look="other"] { color: $other; font-weight: 600; }
QFrame[look="card"] { background: $card; border: 1px solid $line; border-radius: 8px; }
QFrame[look="focus"] { background: $card; border: 1px solid $own; border-radius: 8px; }
.QFrame[look="good"] { background: $good_soft; border: none; border-radius: 8px; }
QFrame[look="note"] { background: $attention_soft; border: none; border-radius: 8px; }
QFrame[look="try"] { background: $own_soft; border: none; border-radius: 6px; }
QFrame[look="toast"] { background: $card; border: 1px solid $muted; border-radius: 8px; }
QFrame[look="line"] { background: $line; border: none; max-height: 1px; min-height: 1px; }
QFrame[look="bar"] { background: $card; border: none; border-top: 1px solid $line; }
QFrame[look="side"] { background: $surface; border: none; border-right: 1px solid $line; }

QPushButton, QToolButton {
  background: $card; color: $text; border: 1px solid $line; border-radius: 6px; padding: 5px 12px; min-height: 18px; }
QPushButton:hover, QToolButton:hover { background: $hover; }
QPushButton:pressed, QToolButton:pressed { background: $selected; }
QPushButton:focus, QToolButton:focus { border: 2px solid $own; padding: 4px 11px; outline: none; }
QPushButton:disabled, QToolButton:disabled { color: $muted; background: $surface; }
QPushButton:checked, QToolButton:checked { background: $selected; border-color: $own; }
QPushButton[look="primary"] { background: $own; color: $on_accent; border: 1px solid $own; font-weight: 600; }
QPushButton[look="primary"]:hover { border-color: $text; }
QPushButton[look="primary"]:focus { border: 2px solid $text; }
QPushButton[look="primary"]:disabled { background: $hover; color: $muted; border-color: $line; }
QPushButton[look="danger"] { background: $danger; color: $on_accent; border: 1px solid $danger; font-weight: 600; }
QPushButton[look="danger"]:hover { border-color: $text; }
QPushButton[look="danger"]:focus { border: 2px solid $text; }
QPushButton[look="danger"]:disabled { background: $hover; color: $muted; border-color: $line; }
QPushButton[look="quiet"], QToolButton[look="quiet"] { background: transparent; border: 1px solid transparent; padding: 4px 8px; }
QPushButton[look="quiet"]:hover, QToolButton[look="quiet"]:hover { background: $hover; }
QPushButton[look="quiet"]:focus, QToolButton[look="quiet"]:focus { border: 2px solid $own; padding: 3px 7px; }
QPushButton[look="quiet"]:checked, QToolButton[look="quiet"]:checked { background: $selected; }
QToolButton::menu-indicator { image: none; width: 0; }
QPushButton[look="moment"] {
  background: transparent; border: 1px solid transparent; border-radius: 6px; padding: 4px 8px; text-align: left; color: $text; }
QPushButton[look="moment"]:hover { background: $hover; }
QPushButton[look="moment"]:focus { border: 2px solid $own; padding: 3px 7px; }
QPushButton[look="chip"] { border-radius: 12px; padding: 3px 12px; }
QPushButton[look="chip"]:focus { padding: 2px 11px; }
QPushButton[look="chip"][offered="true"] { color: $own; border-color: $own; }
QPushButton[look="chip"][none="true"]:checked { background: $hover; border-color: $muted; }
QPushButton[look="legend"] {
  background: transparent; border: 1px solid transparent; border-radius: 6px; padding: 2px 6px; color: $muted; font-size: 12px; }
QPushButton[look="legend"]:checked { color: $text; background: transparent; }
QPushButton[look="legend"]:hover { background: $hover; }
QPushButton[look="legend"]:focus { border: 2px solid $own; padding: 1px 5px; }
QPushButton[look="nav"] {
  background: transparent; border: 2px solid transparent; border-radius: 6px; padding: 7px 10px; text-align: left; }
QPushButton[look="nav"]:hover { background: $hover; }
QPushButton[look="nav"]:checked { background: $selected; font-weight: 600; }
QPushButton[look="nav"]:focus { border: 2px solid $own; padding: 7px 10px; }
QPushButton[look="nav"]:disabled { color: $muted; }
QPushButton[look="action"] {
  background: $card; border: 1px solid $line; border-radius: 8px; padding: 16px; text-align: left; }
QPushButton[look="action"]:hover { border-color: $own; }
QPushButton[look="action"]:focus { border: 2px solid $own; padding: 15px; }
QPushButton[look="choice"] { border-radius: 8px; padding: 10px 16px; text-align: left; }
QPushButton[look="choice"]:focus { padding: 9px 15px; }

QLineEdit, QPlainTextEdit, QComboBox, QSpinBox, QDoubleSpinBox, QDateTimeEdit {
  background: $card; color: $text; border: 1px solid $line; border-radius: 6px; padding: 4px 8px; min-height: 20px;
  selection-background-color: $own; selection-color: $on_accent; }
QLineEdit:focus, QPlainTextEdit:focus, QComboBox:focus, QSpinBox:focus, QDoubleSpinBox:focus, QDateTimeEdit:focus {
  border: 2px solid $own; padding: 3px 7px; }
QLineEdit:disabled, QComboBox:disabled { color: $muted; background: $surface; }
QLineEdit[look="inline"] { border: 1px solid transparent; background: transparent; padding: 2px 6px; }
QLineEdit[look="inline"]:hover { border-color: $line; background: $card; }
QLineEdit[look="inline"]:focus { border: 2px solid $own; background: $card; padding: 1px 5px; }
QLineEdit[look="headline"] {
  font-size: 20px; font-weight: 600; border: 1px solid transparent; background: transparent; padding: 2px 4px;
  min-height: 26px; }
QLineEdit[look="headline"]:hover { border-color: $line; background: $card; }
QLineEdit[look="headline"]:focus { border: 2px solid $own; background: $card; padding: 1px 3px; }
QComboBox::drop-down, QDateTimeEdit::drop-down, QDateEdit::drop-down { border: none; width: 24px; }
QComboBox::down-arrow, QDateTimeEdit::down-arrow, QDateEdit::down-arrow { image: url("$arrow"); width: 12px; height: 12px; }
QComboBox QAbstractItemView { background: $card; color: $text; border: 1px solid $line; selection-background-color: $selected;
  selection-color: $text; outline: 0; }
QCheckBox { spacing: 8px; padding: 3px; border: 2px solid transparent; border-radius: 6px; }
QCheckBox:focus { border-color: $own; outline: none; }

QTabWidget::pane { border: none; }
QTabBar { background: transparent; }
QTabBar::tab { background: transparent; color: $muted; padding: 8px 8px; border: none; border-bottom: 2px solid transparent; }
QTabBar::tab:hover { color: $text; }
QTabBar::tab:selected { color: $text; border-bottom: 2px solid $own; font-weight: 600; }
QTabBar { outline: none; }
QTabBar::tab:selected:focus { color: $own; background: $selected; }

QTableView, QListView { background: $card; border: 1px solid $line; border-radius: 8px; outline: 0; gridline-color: $line; }
QTableView:focus, QListView:focus { border: 2px solid $own; }
QHeaderView { background: $card; border: none; }
QHeaderView::section { background: $card; color: $muted; border: none; border-bottom: 1px solid $line;
  padding: 8px; font-size: 12px; }
QHeaderView::section:hover { color: $text; }
QTableCornerButton::section { background: $card; border: none; }

QScrollArea { border: none; background: transparent; }
QScrollArea:focus { border: none; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 2px; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 2px; }
QScrollBar::handle { background: $line; border-radius: 3px; min-height: 28px; min-width: 28px; }
QScrollBar::handle:hover { background: $muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QSplitter::handle { background: transparent; }
QSplitter::handle:hover { background: $line; }
QProgressBar { background: $hover; border: none; border-radius: 3px; max-height: 6px; min-height: 6px; }
QProgressBar::chunk { background: $own; border-radius: 3px; }
QFileDialog QToolButton { padding: 2px; min-height: 0; }
QMenu { background: $card; color: $text; border: 1px solid $line; padding: 4px; }
QMenu::item { padding: 6px 24px 6px 12px; border-radius: 4px; }
QMenu::item:selected { background: $selected; }
QMenu::item:disabled { color: $muted; }
QMenu::separator { height: 1px; background: $line; margin: 4px 8px; }
QDialog { background: $surface; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { width: 22px; border: none; background: transparent; }
QAbstractSpinBox QLineEdit, QAbstractSpinBox QLineEdit:focus { border: none; padding: 0; min-height: 0; background: transparent; }
"""
