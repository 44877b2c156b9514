"""The pages that are made when they are first looked at, by name.

Such a page is a widget made with the bridge; `reload` is called each time it is shown. It may have any of the signals
`call_asked(call, start_ms, end_ms)` (a call to open; with a moment it plays), `page_asked(name)`, `record_asked`,
`import_asked` and `sample_asked`.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import Any

from PySide6.QtWidgets import QWidget

from coachdesk.gui.bridge import Bridge
from coachdesk.sentences import N_


@dataclass(frozen=True, slots=True)
class PageEntry:
    """A page in the navigation: its name, what it is called, its icon, its key, and the class where it is made late."""

    name: str
    said: str
    icon: str
    key: str
    module: str = ""  # "" = the window makes it itself
    made: str = ""


PAGES = (
    PageEntry("home", N_("Home"), "house", "Ctrl+0", "coachdesk.gui.pages.home", "HomePage"),
    PageEntry("record", N_("Record"), "mic", "Ctrl+2"),
    PageEntry("library", N_("Calls"), "library", "Ctrl+1"),
    PageEntry("cases", N_("Cases"), "briefcase", "Ctrl+3", "coachdesk.gui.pages.cases", "CasesPage"),
    PageEntry("review", "", "audio-lines", ""),  # called as the call that is open
    PageEntry("progress", N_("Progress"), "gauge", "Ctrl+4", "coachdesk.gui.pages.progress", "ProgressPage"),
    PageEntry("playbooks", N_("Playbooks"), "layers", "Ctrl+5", "coachdesk.gui.pages.playbooks", "PlaybooksPage"),
    PageEntry("settings", N_("Settings"), "settings", "Ctrl+,"),
)
BY_NAME = {entry.name: entry for entry in PAGES}


def make(name: str, bridge: Bridge) -> Any:
    """The page of an entry that is made late."""
    entry = BY_NAME[name]
    page: QWidget = getattr(importlib.import_module(entry.module), entry.made)(bridge)
    return page
