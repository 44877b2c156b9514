"""The model hub: what it says about a repository's files, and their bytes. The only network of the house.

Nothing here is called unless the person asks for a model. Where a model's folder is and when it is whole is for
`weights`; here one file at a time is brought to where it is wanted.

What came is hashed against what the hub says about it: the hub's own client was seen reporting success with wrong
content of the right size (huggingface_hub issue 3643). Its file download also starts over after a broken connection
of another run, so the bytes are taken here, through its session, and go on where they stopped.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from coachdesk.errors import Cancelled, EngineError, InputError
from coachdesk.speech.model_files import WANTED, digest, flush, lacking, size_of, why

ADD_INSTEAD = "A model folder from elsewhere can be added instead: `coachdesk models add DIR`."
_ANSWER_WITHIN_S = 15.0
_TRIES = 3  # in a row without a single new byte
_PAUSE_S = 1.0


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file as the hub describes it: its sha256 (large files), or the sha1 git gives it (small files)."""

    name: str
    url: str
    size: int
    sha256: str
    git_sha1: str

    def is_in(self, path: Path) -> bool:
        if not path.exists() or path.stat().st_size != self.size:
            return False
        if self.sha256:
            return digest(path) == self.sha256
        return digest(path, "sha1", b"blob %d\0" % self.size) == self.git_sha1


@dataclass(slots=True)
class Progress:
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


@contextmanager
def connected(endpoint: str | None) -> Iterator[Hub]:
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
        yield Hub(huggingface_hub, utils, errors, endpoint)
    finally:
        utils.close_session()


@dataclass(frozen=True, slots=True)
class Hub:
    """The hub's client, as `connected` gives it. Tokens are never sent, nor anything the request does not need."""

    library: Any
    utils: Any
    errors: Any
    endpoint: str | None

    def describe(self, repository: str) -> tuple[str, list[RemoteFile]]:
        """The newest revision and its files that a model needs."""
        client = self.library.HfApi(endpoint=self.endpoint, token=False)
        try:
            info = client.model_info(repository, files_metadata=True, timeout=_ANSWER_WITHIN_S, token=False)
            revision = str(info.sha)
            files = [self._remote(repository, revision, each) for each in info.siblings if each.rfilename in WANTED]
        except self.errors.HTTPError as failed:
            raise _unreachable(failed) from failed
        except (ValueError, TypeError, KeyError, AttributeError) as odd:  # a login page of a hotel, for example
            raise EngineError("The model hub's answer could not be understood.", ADD_INSTEAD) from odd
        if lacking([file.name for file in files]) or not re.fullmatch(r"[0-9a-f]{7,64}", revision):
            raise EngineError(f"The model hub's folder {repository} is not whole.", ADD_INSTEAD)
        return revision, files

    def bring(self, file: RemoteFile, path: Path, progress: Progress) -> None:
        """Bring a file whole to `path`, going on after the bytes that are there; what is not the file is removed."""
        progress.step(file.name, size_of(path))
        self._complete(file, path, progress)
        if not file.is_in(path):
            path.unlink()
            raise EngineError(
                f"What came as {file.name} is not what the model hub announced; it was removed.",
                f"Try again later, or from another network. {ADD_INSTEAD}",
            )

    def _remote(self, repository: str, revision: str, sibling: Any) -> RemoteFile:
        name = sibling.rfilename
        url = self.library.hf_hub_url(repository, name, revision=revision, endpoint=self.endpoint)
        if sibling.lfs is not None:
            return RemoteFile(name, url, int(sibling.lfs.size), str(sibling.lfs.sha256), "")
        return RemoteFile(name, url, int(sibling.size), "", str(sibling.blob_id))

    def _complete(self, file: RemoteFile, path: Path, progress: Progress) -> None:
        """Append to the file until it has its size, giving up after some tries that brought nothing."""
        fruitless = 0
        while (size := size_of(path)) < file.size or not path.exists():
            reason = "the server sent less than it announced"
            try:
                with closing(self._stream(file.url, size)) as blocks:
                    _append(blocks, path, file, progress)
            except _Interrupted as broken:
                reason = str(broken)
            if size_of(path) >= file.size:
                return
            fruitless = 0 if size_of(path) > size else fruitless + 1
            if fruitless == _TRIES:
                again = f"The same command goes on where it stopped. {ADD_INSTEAD}"
                raise EngineError(f"Fetching {file.name} broke off: {reason}.", again)
            time.sleep(_PAUSE_S)

    def _stream(self, url: str, start: int) -> Generator[tuple[bool, bytes], None, None]:
        """Blocks of a file from byte `start` on, each with whether the server really began there."""
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
            raise _unreachable(refused) from refused
        except self.errors.HTTPError as broken:
            raise _Interrupted(why(broken)) from broken


def _append(blocks: Iterator[tuple[bool, bytes]], path: Path, file: RemoteFile, progress: Progress) -> None:
    with path.open("ab") as writing:
        for place, (goes_on, block) in enumerate(blocks):
            if place == 0 and not goes_on:  # the server sends the whole file again
                writing.seek(0)
                writing.truncate()
            writing.write(block[: file.size + 1 - writing.tell()])  # one byte too many is enough to be refused
            progress.step(file.name, writing.tell())
            if writing.tell() > file.size:
                break
        flush(writing)


def _unreachable(failed: Exception) -> EngineError:
    status = getattr(getattr(failed, "response", None), "status_code", None)
    if status is None:
        return EngineError(f"The model hub cannot be reached: {why(failed)}.", f"Are you online? {ADD_INSTEAD}")
    return EngineError(f"The model hub refused the request with status {status}.", ADD_INSTEAD)
