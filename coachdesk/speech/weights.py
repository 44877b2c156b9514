"""Speech model files on this machine: list them, take them in, check them, and fetch one when the person asks for it.

This is the only place of the house with network access, and `fetch` is the only function that uses it. Nothing here
loads a model or transcribes, and nothing is fetched because something else turned out to be missing.

Every model taken in gets a manifest with the sha256 of each file. What was downloaded is hashed against what the hub
says about its files before it gets its name: the hub's own client was seen reporting success with wrong content of
the right size (huggingface_hub issue 3643). Its file download also starts over after a broken connection of another
run, so the bytes are taken here, through its session, and go on where they stopped.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import time
import uuid
from collections.abc import Callable, Collection, Generator, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from coachdesk.errors import Cancelled, EngineError, InputError, ModelMissing


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

MANIFEST = "coachdesk-model.json"
_REQUIRED = ("model.bin", "config.json", "tokenizer.json")
_VOCABULARIES = ("vocabulary.json", "vocabulary.txt")
_WANTED = (*_REQUIRED, *_VOCABULARIES, "preprocessor_config.json")
_MULTILINGUAL_WORDS = 51865  # the engine's own rule: a vocabulary of at least this many tokens knows many languages
_SAFE_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,62}[A-Za-z0-9])?")
_RESERVED_NAME = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)  # devices, on Windows

_BLOCK = 1 << 20
_SPARE_BYTES = 64 << 20  # left free on the disk after a model came
_ANSWER_WITHIN_S = 15.0
_TRIES = 3  # in a row without a single new byte
_PAUSE_S = 1.0
_ADD_INSTEAD = "A model folder from elsewhere can be added instead: `coachdesk models add DIR`."


class ManifestFile(msgspec.Struct, frozen=True):
    """One file as it was taken in. `mtime_ns` tells cheaply that it was not touched since it was last hashed."""

    size: int
    sha256: str
    mtime_ns: int


class Manifest(msgspec.Struct, frozen=True):
    """What belongs into a model's folder; `source` is `hub:REPOSITORY@REVISION` or `folder`."""

    files: dict[str, ManifestFile]
    source: str

    @property
    def content(self) -> dict[str, str]:
        return {name: file.sha256 for name, file in self.files.items()}


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
    return [_described(folder) for folder in folders if not _lacking(folder)]


def find(models: Path, name_or_dir: str) -> Path:
    """The folder of an installed model, by its name or by any path."""
    for name in _spellings(name_or_dir):
        if not _lacking(models / name):
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
        _need_room(models, sum((folder / file).stat().st_size for file in _present(folder)))
        part.mkdir(mode=0o700, parents=True)
        files = {file: _copied(folder / file, part / file) for file in _present(folder)}
        _settle(part, models / name, Manifest(files, "folder"))
    except OSError as failed:
        raise EngineError(f"The model could not be copied: {_why(failed)}.", "Mend that, then try again.") from failed
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return _described(models / name)


def verify(models: Path, name: str) -> list[str]:
    """What is wrong with an installed model, one sentence each; nothing when every file is as its manifest says."""
    folder = next((models / each for each in _spellings(name) if (models / each).is_dir()), None)
    if folder is None:
        raise _not_here(name)
    manifest = _manifest(folder)
    if manifest is None:
        return ["no manifest: this folder was not taken in by CoachDesk, so its files cannot be checked"]
    problems = [problem for file, known in manifest.files.items() if (problem := _wrong(folder / file, known))]
    problems += [f"{file} is missing" for file in _lacking(folder) if file not in manifest.files]
    problems += [f"{file} does not belong here" for file in _present(folder) if file not in manifest.files]
    if not problems and _untouched(folder, manifest) is None:
        _remember_times(folder, manifest)
    return problems


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
        with _hub(endpoint) as hub, hub.alone(models / f".{name}.lock"):
            _fetched(hub, known.repository, models / name, _Progress(report, cancelled))
    except OSError as failed:
        raise EngineError(f"The model could not be fetched: {_why(failed)}.", _ADD_INSTEAD) from failed
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


# --- folders and names -------------------------------------------------------------------------------------------


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


def _present(folder: Path) -> list[str]:
    return [file for file in _WANTED if (folder / file).is_file()]


def _lacking(folder: Path) -> list[str]:
    return _lacking_among(_present(folder))


def _lacking_among(files: Collection[str]) -> list[str]:
    lacking = [file for file in _REQUIRED if file not in files]
    return lacking if any(file in files for file in _VOCABULARIES) else [*lacking, "vocabulary.json"]


def _refuse_incomplete(folder: Path) -> None:
    if lacking := _lacking(folder):
        hint = "A Whisper model for CTranslate2 has model.bin, config.json, tokenizer.json, vocabulary.json (or .txt)."
        raise ModelMissing(f"The folder {folder.name} holds no whole model: {', '.join(lacking)} missing.", hint)


def _not_here(name: str) -> ModelMissing:
    known = KNOWN.get(ALIASES.get(name, name))
    if known is None:
        hint = "`coachdesk models list` shows what there is; `coachdesk models add DIR` takes a folder."
    else:
        fetch_it = f"`coachdesk models fetch {ALIASES.get(name, name)}` gets it (about {known.size_mb} MB)"
        hint = f"{fetch_it}; `coachdesk models add DIR` takes a folder."
    return ModelMissing(f"The speech model {name!r} is not on this machine.", hint)


def _described(folder: Path) -> InstalledModel:
    size = sum((folder / file).stat().st_size for file in _present(folder))
    manifest = _manifest(folder)
    verified = None if manifest is None else _untouched(folder, manifest)
    return InstalledModel(folder.name, folder, size, _languages(folder), verified)


def _languages(folder: Path) -> str:
    if folder.name in KNOWN:
        return KNOWN[folder.name].languages
    listing, lines = (folder / file for file in _VOCABULARIES)
    try:
        if listing.is_file():
            count = len(msgspec.json.decode(listing.read_bytes(), type=list[str]))
        else:
            count = len(lines.read_bytes().splitlines())
    except (OSError, msgspec.DecodeError):
        return "en"  # a broken vocabulary is for verify() to tell, not for a listing to fail on
    return "many" if count >= _MULTILINGUAL_WORDS else "en"


# --- manifests and content ---------------------------------------------------------------------------------------


def _manifest(folder: Path) -> Manifest | None:
    try:
        manifest = msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Manifest)
    except (OSError, msgspec.DecodeError):
        return None
    # It lies in a folder anyone may have brought along: names in it must not lead elsewhere.
    return manifest if set(manifest.files) <= set(_WANTED) else None


def _write_manifest(folder: Path, manifest: Manifest) -> None:
    part = folder / f".{MANIFEST}.part"
    with part.open("wb") as file:
        file.write(msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n")
        _flush(file)
    part.replace(folder / MANIFEST)
    _flush_folder(folder)


def _remember_times(folder: Path, manifest: Manifest) -> None:
    files = {
        name: ManifestFile(file.size, file.sha256, (folder / name).stat().st_mtime_ns)
        for name, file in manifest.files.items()
    }
    with suppress(OSError):  # a folder that cannot be written is as good as before
        _write_manifest(folder, Manifest(files, manifest.source))


def _untouched(folder: Path, manifest: Manifest) -> bool | None:
    """True by size and time; False when a size is wrong or a file is missing; None when only hashing can tell."""
    try:
        found = {name: (folder / name).stat() for name in manifest.files}
    except OSError:
        return False
    if any(found[name].st_size != file.size for name, file in manifest.files.items()) or _lacking(folder):
        return False
    same = all(found[name].st_mtime_ns == file.mtime_ns for name, file in manifest.files.items())
    return True if same and set(_present(folder)) == set(manifest.files) else None


def _wrong(path: Path, known: ManifestFile) -> str:
    try:
        size = path.stat().st_size
        if size != known.size:
            return f"{path.name} has {size} bytes instead of {known.size}"
        return "" if _digest(path, "sha256") == known.sha256 else f"{path.name} has other content than it came with"
    except FileNotFoundError:
        return f"{path.name} is missing"
    except OSError as failed:
        return f"{path.name} cannot be read: {_why(failed)}"


def _digest(path: Path, kind: str, start: bytes = b"") -> str:
    digest = hashlib.new(kind, start, usedforsecurity=False)
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _entry(path: Path, sha256: str) -> ManifestFile:
    found = path.stat()
    return ManifestFile(found.st_size, sha256, found.st_mtime_ns)


def _copied(source: Path, target: Path) -> ManifestFile:
    """Copy and hash in one reading; links are followed, so that a hub cache's snapshot becomes real files."""
    digest = hashlib.sha256()
    with source.open("rb") as reading, target.open("xb") as writing:
        while block := reading.read(_BLOCK):
            digest.update(block)
            writing.write(block)
        _flush(writing)
    return _entry(target, digest.hexdigest())


def _settle(part: Path, target: Path, manifest: Manifest) -> None:
    """Give a copied folder its name. Another model of that name is never overwritten; the same one is mended."""
    if not target.exists():
        _write_manifest(part, manifest)
        part.rename(target)
        _flush_folder(target.parent)
        return
    there = _manifest(target)
    content = there.content if there else {file: _digest(target / file, "sha256") for file in _present(target)}
    if content != manifest.content:
        raise InputError(f"There is another model named {target.name} already.", "Choose another name with --name.")
    _write_manifest(part, Manifest(manifest.files, there.source if there else manifest.source))
    _replace(part, target)


def _replace(part: Path, target: Path) -> None:
    """Put files in place one by one, the manifest last: a model in use keeps its folder, and other files stay."""
    for path in sorted(part.iterdir(), key=lambda path: path.name == MANIFEST):
        if path.name in (*_WANTED, MANIFEST):
            path.replace(target / path.name)
    _flush_folder(target)


def _need_room(folder: Path, size: int) -> None:
    there = next(above for above in (folder, *folder.absolute().parents) if above.exists())
    free = shutil.disk_usage(there).free
    if free < size + _SPARE_BYTES:
        raise EngineError(
            f"The disk has too little room: {free >> 20} MB are free, {(size + _SPARE_BYTES) >> 20} MB are needed.",
            "Make room, or move the CoachDesk home with --home.",
        )


def _flush(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


def _flush_folder(folder: Path) -> None:
    if os.name == "posix":  # elsewhere a folder cannot be opened
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _why(failed: BaseException) -> str:
    """The first line of what a library said, short enough for one sentence."""
    words = (getattr(failed, "strerror", None) or str(failed) or type(failed).__name__).strip().splitlines()
    return words[0].strip().rstrip(".")[:200] if words else type(failed).__name__


# --- the network -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Remote:
    """A file as the hub describes it: its sha256 (large files), or the sha1 git gives it (small files)."""

    name: str
    size: int
    sha256: str
    git_sha1: str

    def is_in(self, path: Path) -> bool:
        if path.stat().st_size != self.size:
            return False
        if self.sha256:
            return _digest(path, "sha256") == self.sha256
        return _digest(path, "sha1", b"blob %d\0" % self.size) == self.git_sha1


@dataclass(slots=True)
class _Progress:
    """Counts bytes on disk over all files; every step is also where a person's stop takes effect."""

    report: Callable[[int, int], None]
    cancelled: Callable[[], bool]
    total: int = 0
    sizes: dict[str, int] = field(default_factory=dict)

    def step(self, file: str, size: int) -> None:
        if self.cancelled():
            raise Cancelled("Fetching was stopped.", "The same command goes on where it stopped.")
        self.sizes[file] = size
        self.report(sum(self.sizes.values()), self.total)


class _Interrupted(Exception):
    """The connection broke or the server is overloaded: worth another try."""


@dataclass(frozen=True, slots=True)
class _Hub:
    """The hub's client, imported late. Tokens are never sent, and nothing is told that the request does not need."""

    library: Any
    utils: Any
    errors: Any
    endpoint: str | None

    def describe(self, repository: str) -> tuple[str, list[_Remote]]:
        """The newest revision and its files that a model needs."""
        client = self.library.HfApi(endpoint=self.endpoint, token=False)
        try:
            info = client.model_info(repository, files_metadata=True, timeout=_ANSWER_WITHIN_S, token=False)
            files = [_remote(each) for each in info.siblings if each.rfilename in _WANTED]
            revision = str(info.sha)
        except self.errors.HTTPError as failed:
            raise self._unreachable(failed) from failed
        except (ValueError, TypeError, KeyError, AttributeError) as odd:  # a login page of a hotel, for example
            raise EngineError("The model hub's answer could not be understood.", _ADD_INSTEAD) from odd
        if _lacking_among([file.name for file in files]) or not re.fullmatch(r"[0-9a-f]{7,64}", revision):
            raise EngineError(f"The model hub's folder {repository} is not whole.", _ADD_INSTEAD)
        return revision, files

    def stream(
        self, repository: str, revision: str, file: str, start: int
    ) -> Generator[tuple[bool, bytes], None, None]:
        """Blocks of a file from byte `start` on, each with whether the server really began there."""
        url = self.library.hf_hub_url(repository, file, revision=revision, endpoint=self.endpoint)
        headers = self.utils.build_hf_headers(token=False) | {"Accept-Encoding": "identity"}
        if start:
            headers["Range"] = f"bytes={start}-"
        try:
            with self.utils.get_session().stream("GET", url, headers=headers, timeout=_ANSWER_WITHIN_S) as response:
                if response.status_code in (408, 429) or response.status_code >= 500:
                    raise _Interrupted(f"the server answered {response.status_code}")
                self.utils.hf_raise_for_status(response)
                for block in response.iter_raw():
                    yield response.status_code == 206, block
        except self.errors.HfHubHTTPError as refused:
            raise self._unreachable(refused) from refused
        except self.errors.HTTPError as broken:
            raise _Interrupted(_why(broken)) from broken

    @contextmanager
    def alone(self, lock: Path) -> Iterator[None]:
        """Two that fetch the same model would write the same partial files."""
        with ExitStack() as held:
            try:
                held.enter_context(self.utils.WeakFileLock(lock, timeout=0.2))
            except TimeoutError as busy:
                raise EngineError("Another CoachDesk is fetching this model now.", "Wait for it to end.") from busy
            yield

    def _unreachable(self, failed: Exception) -> EngineError:
        status = getattr(getattr(failed, "response", None), "status_code", None)
        if status is None:
            return EngineError(f"The model hub cannot be reached: {_why(failed)}.", f"Are you online? {_ADD_INSTEAD}")
        return EngineError(f"The model hub refused the request with status {status}.", _ADD_INSTEAD)


@contextmanager
def _hub(endpoint: str | None) -> Iterator[_Hub]:
    """Import the hub's client with everything off that is not needed, and leave no connection open."""
    if endpoint is not None and not endpoint.startswith(("http://", "https://")):
        raise InputError(f"{endpoint!r} is no address of a model hub.", "It begins with https://.")
    # Read at import: no telemetry, no bars on stderr. Xet, the hub's chunk store, would resume in a way of its own.
    for name in ("HF_HUB_DISABLE_TELEMETRY", "HF_HUB_DISABLE_PROGRESS_BARS", "HF_HUB_DISABLE_XET"):
        os.environ[name] = "1"
    import huggingface_hub
    from huggingface_hub import constants, errors, utils

    constants.HF_HUB_DISABLE_TELEMETRY = True  # in case something else imported it first
    try:
        yield _Hub(huggingface_hub, utils, errors, endpoint)
    finally:
        utils.close_session()


def _remote(sibling: Any) -> _Remote:
    if sibling.lfs is not None:
        return _Remote(sibling.rfilename, int(sibling.lfs.size), str(sibling.lfs.sha256), "")
    return _Remote(sibling.rfilename, int(sibling.size), "", str(sibling.blob_id))


def _already_whole(target: Path) -> bool:
    """True: nothing to do. A folder that did not come from the hub is the person's own, and refused."""
    if not target.exists():
        return False
    manifest = _manifest(target)
    if manifest is None or not manifest.source.startswith("hub:"):
        raise InputError(
            f"The model {target.name} that is here was not fetched.", f"To fetch it anew, first remove {target}."
        )
    return not verify(target.parent, target.name)


def _fetched(hub: _Hub, repository: str, target: Path, progress: _Progress) -> None:
    if _already_whole(target):
        return
    revision, files = hub.describe(repository)
    part = target.parent / f".{target.name}@{revision[:12]}.fetch"
    for old in target.parent.glob(f".{target.name}@*.fetch"):
        if old != part:  # begun for another revision: of no use any more
            shutil.rmtree(old, ignore_errors=True)
    part.mkdir(mode=0o700, exist_ok=True)
    progress.sizes = {file.name: _size(part / file.name) for file in files}
    progress.total = sum(file.size for file in files)
    _need_room(part, progress.total - sum(progress.sizes.values()))
    came = {file.name: _fetched_file(hub, (repository, revision), file, part, target, progress) for file in files}
    _write_manifest(part, Manifest(came, f"hub:{repository}@{revision}"))
    if target.exists():
        _replace(part, target)
        shutil.rmtree(part, ignore_errors=True)
    else:
        part.rename(target)
        _flush_folder(target.parent)


def _fetched_file(
    hub: _Hub, origin: tuple[str, str], file: _Remote, part: Path, damaged: Path, progress: _Progress
) -> ManifestFile:
    path = part / file.name
    if not path.exists() and (damaged / file.name).exists() and file.is_in(damaged / file.name):
        shutil.copyfile(damaged / file.name, path)  # mending: what is still whole is not fetched again
    progress.step(file.name, _size(path))
    _complete(hub, origin, file, path, progress)
    if not file.is_in(path):
        path.unlink()
        raise EngineError(
            f"What came as {file.name} is not what the model hub announced; it was removed.",
            f"Try again later, or from another network. {_ADD_INSTEAD}",
        )
    return _entry(path, file.sha256 or _digest(path, "sha256"))


def _complete(hub: _Hub, origin: tuple[str, str], file: _Remote, path: Path, progress: _Progress) -> None:
    """Append to the file until it has its size, giving up after some tries that brought nothing."""
    fruitless = 0
    while (size := _size(path)) < file.size or not path.exists():
        why = "the server sent less than it announced"
        try:
            with closing(hub.stream(*origin, file.name, size)) as blocks:
                _append(blocks, path, file, progress)
        except _Interrupted as broken:
            why = str(broken)
        if _size(path) >= file.size:
            return
        fruitless = 0 if _size(path) > size else fruitless + 1
        if fruitless == _TRIES:
            raise EngineError(
                f"Fetching {file.name} broke off: {why}.", f"The same command goes on where it stopped. {_ADD_INSTEAD}"
            )
        time.sleep(_PAUSE_S)


def _append(blocks: Iterator[tuple[bool, bytes]], path: Path, file: _Remote, progress: _Progress) -> None:
    with path.open("ab") as writing:
        for place, (goes_on, block) in enumerate(blocks):
            if place == 0 and not goes_on:  # the server sends the whole file again
                writing.seek(0)
                writing.truncate()
            writing.write(block[: file.size + 1 - writing.tell()])  # one byte too many is enough to be refused
            progress.step(file.name, writing.tell())
            if writing.tell() > file.size:
                break
        _flush(writing)


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
