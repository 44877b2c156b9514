"""A playbook while it is changed: its text, the texts before it, and whether the desk has found it in order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Draft:
    """`changed` is true where saving would make a difference. `checked`: the text the desk found in order last."""

    playbook: str
    saved: str
    text: str = ""
    before: list[str] = field(default_factory=list)
    last_key: str = ""  # the field that changed last: what is wrong now is said there
    checked: str = ""

    def __post_init__(self) -> None:
        self.text = self.text or self.saved
        self.checked = self.checked or self.saved

    @property
    def changed(self) -> bool:
        return self.text != self.saved

    @property
    def in_order(self) -> bool:
        return self.text == self.checked

    def apply(self, key: str, change: Callable[[str], str]) -> bool:
        """One change; False where it changes nothing. Raises InputError where it cannot be meant, and leaves all as it is."""
        text = change(self.text)
        if text == self.text:
            return False
        self.before.append(self.text)
        self.text, self.last_key = text, key
        return True

    def step_back(self) -> None:
        """The text before the last change."""
        if self.before:
            self.text, self.last_key = self.before.pop(), ""
