"""The store of speech models on this machine: list them, take them in, check them, have one fetched on request.

Nothing here loads a model or transcribes, and nothing is fetched because something else turned out to be missing:
`fetch` is the only function that uses the network, through `hub`. What a model's folder holds is for `model_files`.
"""

from __future__ import annotations

import re
import shutil
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import msgspec
from filelock import FileLock, Timeout

from coachdesk.errors import EngineError, InputError, ModelMissing
from coachdesk.speech.hub import ADD_INSTEAD, Hub, Progress, RemoteFile, connected
from coachdesk.speech.model_files import (
    VOCABULARIES,
    Manifest,
    ManifestFile,
    copied,
    digest,
    entry,
    lacking,
    need_room,
    present,
    problems_of,
    put,
    read_manifest,
    size_of,
    untouched,
    why,
)


@dataclass(frozen=True, slots=True)
class KnownModel:
    """A Whisper model in CTranslate2 form that can be fetched by name. `size_mb` is about what is downloaded."""

    repository: str
    size_mb: int
    languages: str  # "en" | "many"
    note: str


KNOWN: dict[str, KnownModel] = {
    "tiny": KnownModel("Systran/faster-whisper-tiny", 78, "many", "fastest, for trying out; many wrong words"),
    "tiny.en": KnownModel("Systran/faster-whisper-tiny.en", 78, "en", "fastest, English only; many wrong words"),
    "base": KnownModel("Systran/faster-whisper-base", 148, "many", "fast on any machine; fair"),
    "base.en": KnownModel("Systran/faster-whisper-base.en", 148, "en", "fast on any machine; fair, English only"),
    "small": KnownModel("Systran/faster-whisper-small", 486, "many", "the usual choice without a graphics card"),
    "small.en": KnownModel("Systran/faster-whisper-small.en", 486, "en", "the usual choice for English only"),
    "medium": KnownModel("Systran/faster-whisper-medium", 1531, "many", "good and slow; needs about 2 GB of memory"),
    "medium.en": KnownModel("Systran/faster-whisper-medium.en", 1531, "en", "good and slow, English only"),
    "large-v3": KnownModel("Systran/faster-whisper-large-v3", 3091, "many", "best words; wants a graphics card"),
    "turbo": KnownModel(
        "mobiuslabsgmbh/faster-whisper-large-v3-turbo", 1621, "many", "near the best; several times faster than it"
    ),
    "distil-large-v3": KnownModel(
        "Systran/faster-distil-whisper-large-v3", 1516, "en", "near the best for English; faster than medium"
    ),
}
ALIASES = {"large-v3-turbo": "turbo"} | {known.repository.partition("/")[2]: name for name, known in KNOWN.items()}

# What `auto` takes. The best words that come in useful time on a processor without a graphics card go first; then what
# still works there (too rough, or an hour's wait for an hour's call), then anything else by name.
PREFERENCE = (
    "small", "small.en", "base", "base.en", "distil-large-v3", "turbo", "tiny", "tiny.en", "medium", "medium.en",
    "large-v3",
)  # fmt: skip

_MULTILINGUAL_WORDS = 51865  # the engine's own rule: a vocabulary of at least this many tokens knows many languages
_SAFE_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,62}[A-Za-z0-9])?")
_RESERVED_NAME = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)  # devices, on Windows


@dataclass(frozen=True, slots=True)
class InstalledModel:
    """A model on this machine.

    `verified`: True = as its manifest says and untouched since; False = damaged; None = not known without hashing.
    """

    name: str
    folder: Path
    size_bytes: int
    languages: str
    verified: bool | None


def installed(models: Path) -> list[InstalledModel]:
    """The models under `models`, by name. Files are not read, only looked at."""
    if not models.is_dir():
        return []
    folders = sorted(folder for folder in models.iterdir() if _safe(folder.name) and folder.is_dir())
    return [_described(folder) for folder in folders if not lacking(present(folder))]


def find(models: Path, name_or_dir: str) -> Path:
    """The folder of an installed model, by its name or by any path."""
    for name in _spellings(name_or_dir):
        if not lacking(present(models / name)):
            return models / name
    folder = Path(name_or_dir).expanduser().absolute()
    if name_or_dir and folder.is_dir():
        _refuse_incomplete(folder)
        return folder
    raise _not_here(name_or_dir)


def best(models: Path) -> InstalledModel | None:
    """The model `auto` takes (see PREFERENCE), or None where there is none. A damaged one is never taken."""
    rank = {name: place for place, name in enumerate(PREFERENCE)}
    usable = [model for model in installed(models) if model.verified is not False]
    return min(usable, key=lambda model: (rank.get(model.name, len(rank)), model.name), default=None)


def add(models: Path, folder: Path, name: str | None = None) -> InstalledModel:
    """Copy a model's folder in. The same content again is no error, and mends a damaged copy."""
    folder = folder.expanduser().absolute()
    if not folder.is_dir():
        raise InputError(f"There is no folder {folder}.", "Name a folder that holds a Whisper model for CTranslate2.")
    _refuse_incomplete(folder)
    name = _checked_name(name or ALIASES.get(folder.name, folder.name))
    part = models / f".{name}@{uuid.uuid4().hex[:8]}.part"
    try:
        need_room(models, sum(size_of(folder / file) for file in present(folder)))
        part.mkdir(mode=0o700, parents=True)
        manifest = Manifest({file: copied(folder / file, part / file) for file in present(folder)}, "folder")
        put(part, models / name, _settled(models / name, manifest))
    except OSError as failed:
        raise EngineError(f"The model could not be copied: {why(failed)}.", "Mend that, then try again.") from failed
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return _described(models / name)


def verify(models: Path, name: str) -> list[str]:
    """What is wrong with an installed model, one sentence each; nothing when every file is as its manifest says."""
    folder = next((models / each for each in _spellings(name) if (models / each).is_dir()), None)
    if folder is None:
        raise _not_here(name)
    manifest = read_manifest(folder)
    if manifest is None:
        return ["no manifest: this folder was not taken in by CoachDesk, so its files cannot be checked"]
    return problems_of(folder, manifest)


def fetch(
    models: Path,
    name: str,
    report: Callable[[int, int], None],
    endpoint: str | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> InstalledModel:
    """Download a known model, going on where an earlier try stopped; `report(bytes so far, bytes in all)`.

    A model already here and whole is left alone; one that came from the hub and is damaged is replaced.
    """
    name = ALIASES.get(name, name)
    known = KNOWN.get(name)
    if known is None:
        raise InputError(f"There is no model {name!r} to fetch.", f"Known are: {', '.join(KNOWN)}.")
    try:
        models.mkdir(mode=0o700, parents=True, exist_ok=True)
        with connected(endpoint) as hub, FileLock(models / f".{name}.lock", timeout=0.2):
            _fetched(hub, known.repository, models / name, Progress(report, cancelled))
    except Timeout as busy:  # two that fetch the same model would write the same partial files
        raise EngineError("Another CoachDesk is fetching this model now.", "Wait for it to end.") from busy
    except OSError as failed:
        raise EngineError(f"The model could not be fetched: {why(failed)}.", ADD_INSTEAD) from failed
    return _described(models / name)


def offline_environment() -> dict[str, str]:
    """What the speech child's environment says, so that no library in it ever looks at the network."""
    return {
        "HF_HUB_OFFLINE": "1",
        "TRANSFORMERS_OFFLINE": "1",
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "HF_HUB_DISABLE_IMPLICIT_TOKEN": "1",
        "HF_HUB_DISABLE_UPDATE_CHECK": "1",
        "DO_NOT_TRACK": "1",
        "TOKENIZERS_PARALLELISM": "false",
    }


# --- names and folders


def _safe(name: str) -> bool:
    return _SAFE_NAME.fullmatch(name) is not None and _RESERVED_NAME.fullmatch(name) is None


def _spellings(name: str) -> list[str]:
    return [each for each in (name, ALIASES.get(name, "")) if _safe(each)]


def _checked_name(name: str) -> str:
    if not _safe(name):
        raise InputError(
            f"{name!r} cannot be a model's name.",
            "Choose one with --name: up to 64 letters, digits, dots, dashes and underscores.",
        )
    return name


def _refuse_incomplete(folder: Path) -> None:
    if missing := lacking(present(folder)):
        hint = "A Whisper model for CTranslate2 has model.bin, config.json, tokenizer.json, vocabulary.json (or .txt)."
        raise ModelMissing(f"The folder {folder.name} holds no whole model: {', '.join(missing)} missing.", hint)


def _not_here(name: str) -> ModelMissing:
    known = KNOWN.get(ALIASES.get(name, name))
    if known is None:
        hint = "`coachdesk models list` shows what there is; `coachdesk models add DIR` takes a folder."
    else:
        fetch_it = f"`coachdesk models fetch {ALIASES.get(name, name)}` gets it (about {known.size_mb} MB)"
        hint = f"{fetch_it}; `coachdesk models add DIR` takes a folder."
    return ModelMissing(f"The speech model {name!r} is not on this machine.", hint)


def _described(folder: Path) -> InstalledModel:
    size = sum(size_of(folder / file) for file in present(folder))
    manifest = read_manifest(folder)
    verified = None if manifest is None else untouched(folder, manifest)
    return InstalledModel(folder.name, folder, size, _languages(folder), verified)


def _languages(folder: Path) -> str:
    if folder.name in KNOWN:
        return KNOWN[folder.name].languages
    listing, lines = (folder / file for file in VOCABULARIES)
    try:
        if listing.is_file():
            count = len(msgspec.json.decode(listing.read_bytes(), type=list[str]))
        else:
            count = len(lines.read_bytes().splitlines())
    except (OSError, msgspec.DecodeError):
        return "en"  # a broken vocabulary is for verify() to tell, not for a listing to fail on
    return "many" if count >= _MULTILINGUAL_WORDS else "en"


def _settled(target: Path, manifest: Manifest) -> Manifest:
    """The manifest to write at `target`. Another model of that name is never overwritten; the same one is mended."""
    if not target.exists():
        return manifest
    there = read_manifest(target)
    content = there.content if there else {file: digest(target / file) for file in present(target)}
    if content != manifest.content:
        raise InputError(f"There is another model named {target.name} already.", "Choose another name with --name.")
    return Manifest(manifest.files, there.source if there else manifest.source)


# --- fetching


def _fetched(hub: Hub, repository: str, target: Path, progress: Progress) -> None:
    if _already_whole(target):
        return
    revision, files = hub.describe(repository)
    part = target.parent / f".{target.name}@{revision[:12]}.fetch"
    for old in target.parent.glob(f".{target.name}@*.fetch"):
        if old != part:  # begun for another revision: of no use any more
            shutil.rmtree(old, ignore_errors=True)
    part.mkdir(mode=0o700, exist_ok=True)
    progress.sizes = {file.name: size_of(part / file.name) for file in files}
    progress.total = sum(file.size for file in files)
    need_room(part, progress.total - sum(progress.sizes.values()))
    came = {file.name: _fetched_file(hub, file, part, target, progress) for file in files}
    put(part, target, Manifest(came, f"hub:{repository}@{revision}"))


def _already_whole(target: Path) -> bool:
    """True: nothing to do. A folder that did not come from the hub is the person's own, and refused."""
    if not target.exists():
        return False
    manifest = read_manifest(target)
    if manifest is None or not manifest.source.startswith("hub:"):
        raise InputError(
            f"The model {target.name} that is here was not fetched.", f"To fetch it anew, first remove {target}."
        )
    return not problems_of(target, manifest)


def _fetched_file(hub: Hub, file: RemoteFile, part: Path, damaged: Path, progress: Progress) -> ManifestFile:
    path = part / file.name
    if not path.exists() and file.is_in(damaged / file.name):
        shutil.copyfile(damaged / file.name, path)  # mending: what is still whole is not fetched again
    hub.bring(file, path, progress)
    return entry(path, file.sha256 or digest(path))
