"""What works on this machine, and what to do about what does not. Codes and facts; faces make the sentences."""

from __future__ import annotations

import importlib.util
import platform
import shutil
from typing import Any

import coachdesk
from coachdesk.conversation.lexicon import lexicon
from coachdesk.history.store import Store, wal_is_safe
from coachdesk.history.words import search_is_sound
from coachdesk.speech import voiceprint, weights

GET_VOICES = "pip install --no-deps resemblyzer"  # its weights are all that is used of it
ROOM_NEEDED = 1 << 30


def examine(store: Store) -> dict[str, Any]:
    """{"version", "python", "checks": [{"check", "ok", "detail"}]}; ok None = not checked."""
    home = store.home
    models = weights.installed(home.models)
    free = shutil.disk_usage(home.root).free
    problems = store.quick_check()
    can_hear = voiceprint.encoder() is not None
    checks: list[tuple[str, bool | None, str]] = [
        ("history", not problems, "; ".join(problems[:3])),
        ("search_index", search_is_sound(store), ""),
        ("sqlite", wal_is_safe(store.sqlite_version), store.sqlite_version),
        ("voice_detector", _has("onnxruntime") and _has("faster_whisper"), ""),
        ("draft_engine", _has("pocketsphinx"), ""),
        ("voice_model", can_hear, "" if can_hear else GET_VOICES),
        ("whisper_model", bool(models), ", ".join(model.name for model in models)),
        ("english_tables", lexicon("en") is not None, ""),
        ("room_on_disk", free > ROOM_NEEDED, f"{free // (1 << 20)} MB"),
    ]
    return {
        "version": coachdesk.__version__,
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "home": str(home.root),
        "checks": [{"check": name, "ok": ok, "detail": detail} for name, ok, detail in checks],
    }


def _has(package: str) -> bool:
    return importlib.util.find_spec(package) is not None
