"""Which speech engine listens: what the person asked for, or the best there is."""

from __future__ import annotations

import hashlib
from pathlib import Path

from coachdesk.document import encode
from coachdesk.errors import InputError
from coachdesk.paths import Home
from coachdesk.settings import Settings
from coachdesk.speech import weights
from coachdesk.speech.engine import EngineChoice

ENGINES = ("auto", "whisper", "draft", "none", "scripted")
WORDS_VERSION = (
    3  # raise when chunks, utterances or confidences are made differently: older words are not taken for new
)


def choose(
    home: Home, settings: Settings, engine: str = "", model: str = "", language: str | None = None
) -> EngineChoice:
    """The engine with its parameters. `auto`: Whisper where a model is there, else the draft, else numbers only.

    Raises InputError for an unknown engine, ModelMissing where Whisper was asked for and there is no model.
    """
    wanted = engine or settings.engine
    if wanted not in ENGINES:
        raise InputError(f"There is no engine {wanted}.", f"Choose one of {', '.join(ENGINES[:4])}.")
    spoken = language if language is not None else (settings.languages[0] if settings.languages else "")
    named = model or settings.model
    if wanted == "auto":
        best = weights.best(home.models)
        if named or best:
            wanted = "whisper"
        else:
            wanted = "draft" if spoken in ("", "en") else "none"
    if wanted == "whisper":
        best = weights.best(home.models)
        folder = weights.find(home.models, named or (best.name if best else "small"))
        return EngineChoice("whisper", str(folder), spoken, settings.hot_words, settings.cpu_threads)
    if wanted == "scripted":
        return EngineChoice("scripted", str(Path(named).absolute()), spoken or "en")
    return EngineChoice(wanted, "", spoken)


def params_of(choice: EngineChoice) -> str:
    """What makes the words: equal parameters on equal sound give equal words."""
    parts = [WORDS_VERSION, choice.engine, _identity(choice), choice.language, list(choice.hot_words)]
    return hashlib.sha256(encode(parts)).hexdigest()[:16]


def model_name(choice: EngineChoice) -> str:
    """The model as people know it: never a path of this machine."""
    return Path(choice.model).name if choice.model else {"draft": "pocketsphinx en-us"}.get(choice.engine, "")


def _identity(choice: EngineChoice) -> str:
    """What the model is by its content, so that a folder may move; cheap: size and the first megabyte."""
    if not choice.model:
        return choice.engine
    path = Path(choice.model)
    file = path / "model.bin" if path.is_dir() else path
    if not file.is_file():
        return path.name
    digest = hashlib.sha256(str(file.stat().st_size).encode())
    with file.open("rb") as content:
        digest.update(content.read(1 << 20))
    return digest.hexdigest()[:16]
