"""Words that wrap at any width. A plain wrapped label asks for more width the longer its text is, and widens its page."""

from __future__ import annotations

from coachdesk.gui.widgets.text import Label

_LEAST = 96  # px: room for the longest single word


class Paragraph(Label):
    """A label that takes the width it gets."""

    def __init__(self, text: str = "", look: str = "") -> None:
        super().__init__(text, look, wrap=True)
        self.setMinimumWidth(_LEAST)
