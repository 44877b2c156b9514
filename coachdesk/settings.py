"""Settings: one frozen dataclass is the table; defaults, checks, help and file all come from it (TOML on disk)."""

from __future__ import annotations

import dataclasses
import tomllib
from dataclasses import dataclass, field
from typing import Any

import msgspec
import tomli_w

from coachdesk.errors import SettingsError
from coachdesk.paths import Home


def _setting(default: Any, help_text: str) -> Any:
    return field(default=default, metadata={"help": help_text})


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting, with its default and one sentence of help."""

    my_name: str = _setting("", "Your name, as transcripts and goals show it.")
    my_channel: str = _setting("left", "The channel your own voice is on in two-channel recordings: left or right.")
    playbook: str = _setting("sales_discovery", "The playbook used when none is named.")
    languages: tuple[str, ...] = _setting(
        ("en",), "The languages spoken on your calls; the first is assumed, none = detect."
    )
    engine: str = _setting("auto", "The speech engine: auto, whisper, draft or none.")
    model: str = _setting(
        "", "The Whisper model: a name from `coachdesk models list`, or a folder; empty = the best there is."
    )
    hot_words: tuple[str, ...] = _setting((), "Up to 20 names the transcript should know.")
    cpu_threads: int = _setting(0, "Threads for the speech engine; 0 = one per physical core.")
    longest_call_h: float = _setting(24.0, "A recording longer than this is refused, in hours.")
    wording: bool = _setting(True, "Scan wording (sentiment, from the words only) at all.")

    def __post_init__(self) -> None:
        checks = (
            (self.my_channel in ("left", "right"), "my_channel is left or right"),
            (self.engine in ("auto", "whisper", "draft", "none", "scripted"), "engine is auto, whisper, draft or none"),
            (len(self.hot_words) <= 20, "hot_words holds at most 20 names"),
            (self.cpu_threads >= 0, "cpu_threads is 0 or more"),
            (0 < self.longest_call_h <= 48, "longest_call_h is above 0 and at most 48"),
        )
        for holds, rule in checks:
            if not holds:
                raise SettingsError(f"A setting is wrong: {rule}.", "Mend it in settings.toml in your CoachDesk home.")


def load(home: Home) -> Settings:
    """The person's settings; defaults where nothing is set. A wrong file is named, never ignored."""
    if not home.settings.exists():
        return Settings()
    try:
        found = tomllib.loads(home.settings.read_text("utf-8"))
        unknown = sorted(found.keys() - {f.name for f in dataclasses.fields(Settings)})
        if unknown:
            raise SettingsError(f"There is no setting {unknown[0]}.", f"Mend or remove it in {home.settings}.")
        return msgspec.convert(found, Settings, strict=True)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, UnicodeDecodeError) as wrong:
        raise SettingsError(
            f"The settings file cannot be read: {wrong}.", f"Mend or remove {home.settings}."
        ) from wrong


def save(home: Home, settings: Settings) -> None:
    """Write the settings that differ from their defaults, whole file at once."""
    home.make()
    plain = {
        f.name: msgspec.to_builtins(getattr(settings, f.name))
        for f in dataclasses.fields(Settings)
        if getattr(settings, f.name) != f.default
    }
    part = home.settings.with_suffix(".part")
    part.write_text(tomli_w.dumps(plain), "utf-8")
    part.replace(home.settings)
