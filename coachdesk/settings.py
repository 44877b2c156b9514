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


def _setting(default: Any, help_text: str, section: str, name: str, choices: tuple[str, ...] = ()) -> Any:
    """A setting: its default, and what faces need to show it. `section` "" = kept, but not on the settings page."""
    return field(default=default, metadata={"help": help_text, "section": section, "name": name, "choices": choices})


THEMES = ("system", "light", "dark")
SPEEDS = (0.75, 3.0)


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting, with its section, its default and one sentence of help. Order is the order of the settings page."""

    my_name: str = _setting("", "Your name, as transcripts and goals show it.", "You", "Your name")
    playbook: str = _setting("sales_discovery", "The playbook used when none is named.", "You", "Playbook")
    languages: tuple[str, ...] = _setting(
        ("en",), "The languages spoken on your calls; the first is assumed, none = detect.", "You", "Languages"
    )
    my_channel: str = _setting(
        "left",
        "The channel your own voice is on in two-channel recordings: left or right.",
        "Calls",
        "Your channel",
        ("left", "right"),
    )
    longest_call_h: float = _setting(
        24.0, "A recording longer than this is refused, in hours.", "Calls", "Longest call (hours)"
    )
    wording: bool = _setting(
        True, "Scan wording (sentiment, from the words only) at all.", "Privacy", "Scan the wording"
    )
    my_voice: bool = _setting(
        False,
        "Know your voice on calls with one channel: learnt from calls where you said which one is you; only yours, only "
        "here, in one file that is never published or exported, and gone with one press.",
        "Privacy",
        "My voice",
    )
    engine: str = _setting(
        "auto",
        "The speech engine: auto, whisper, draft or none.",
        "Transcript",
        "Engine",
        ("auto", "whisper", "draft", "none"),
    )
    model: str = _setting(
        "",
        "The Whisper model: a name from `coachdesk models list`, or a folder; empty = the best there is.",
        "Transcript",
        "Model",
    )
    hot_words: tuple[str, ...] = _setting(
        (), "Up to 20 names the transcript should know.", "Transcript", "Names to know"
    )
    cpu_threads: int = _setting(0, "Threads for the speech engine; 0 = one per physical core.", "Transcript", "Threads")
    theme: str = _setting("system", "Light, dark, or as the system.", "Appearance", "Theme", THEMES)
    interface_language: str = _setting(
        "", "The language of the window; empty = English.", "Appearance", "Language of the window"
    )
    play_speed: float = _setting(1.0, "How fast calls are played, 0.75 to 3.", "Sound", "Speed")
    skip_silence: bool = _setting(False, "Leave out long silences while playing.", "Sound", "Skip silence")
    live_words: bool = _setting(
        True, "Write down what is said while the call is recorded.", "Recording", "Words while recording"
    )
    own_talk: bool = _setting(
        False,
        "Show your share of the talking and your longest stretch while the call is recorded.",
        "Recording",
        "Your share while recording",
    )
    strip: bool = _setting(
        True, "Keep a small strip in sight while a call is recorded.", "Recording", "Strip while recording"
    )
    offer_to_record: bool = _setting(
        True, "Offer to record when another program begins to use the microphone.", "Recording", "Offer to record"
    )
    watch_folder: str = _setting(
        "",
        "A folder where recordings of other programs arrive; new ones are offered; empty = none.",
        "Recording",
        "Folder to watch",
    )
    record_mic: str = _setting("", "The microphone recorded last; empty = the default one.", "", "")
    record_system: str = _setting("", "The other party's device recorded last; empty = the default one.", "", "")
    last_consent: dict[str, str] = field(
        default_factory=dict, metadata={"help": "How people agreed last, by playbook.", "section": ""}
    )
    welcomed: bool = _setting(False, "Whether the first questions were answered.", "", "")

    def __post_init__(self) -> None:
        checks = (
            (self.my_channel in ("left", "right"), "my_channel is left or right"),
            (self.engine in ("auto", "whisper", "draft", "none", "scripted"), "engine is auto, whisper, draft or none"),
            (len(self.hot_words) <= 20, "hot_words holds at most 20 names"),
            (self.cpu_threads >= 0, "cpu_threads is 0 or more"),
            (self.theme in THEMES, "theme is system, light or dark"),
            (SPEEDS[0] <= self.play_speed <= SPEEDS[1], "play_speed is 0.75 to 3"),
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
    usual = Settings()
    plain = {
        f.name: msgspec.to_builtins(getattr(settings, f.name))
        for f in dataclasses.fields(Settings)
        if getattr(settings, f.name) != getattr(usual, f.name)
    }
    part = home.settings.with_suffix(".part")
    part.write_text(tomli_w.dumps(plain), "utf-8")
    part.replace(home.settings)
