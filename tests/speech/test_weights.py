"""Model files: taken in, checked, damaged, mended; and fetched from a hub on loopback that misbehaves on request."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import filelock
import pytest

from coachdesk.errors import Cancelled, EngineError, InputError, ModelMissing
from coachdesk.speech import weights
from coachdesk.speech.model_files import MANIFEST, REQUIRED

MICRO = Path(__file__).parent.parent / "data" / "whisper-micro"
FILES = {path.name: path.read_bytes() for path in sorted(MICRO.iterdir())}
TOTAL = sum(map(len, FILES.values()))
REVISION = "0123456789abcdef0123456789abcdef01234567"
TINY = weights.KNOWN["tiny"].repository


@pytest.fixture(autouse=True)
def loopback_allowed(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """These tests talk to a hub of their own on loopback; everywhere else the hub is off."""
    monkeypatch.delenv("HF_HUB_OFFLINE")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", False)


def ignore(done: int, total: int) -> None:
    """A report nobody looks at."""


@dataclass
class Hub:
    """A model hub: the two routes that are used, and what shall go wrong with them."""

    address: str = ""
    sends: dict[str, bytes] = field(default_factory=dict)  # instead of what is announced
    cut_after: dict[str, list[int]] = field(default_factory=dict)  # file -> bytes after which each answer breaks off
    ranges: bool = True
    page: bytes | None = None  # a login page that answers everything
    status: int = 200
    served: dict[str, int] = field(default_factory=dict)
    headers: list[dict[str, str]] = field(default_factory=list)

    @property
    def served_bytes(self) -> int:
        return sum(self.served.values())

    def description(self) -> dict[str, Any]:
        siblings = [{"rfilename": "README.md", "size": 3, "blobId": "0" * 40}, *map(_sibling, FILES)]
        return {"id": TINY, "sha": REVISION, "siblings": siblings}


def _sibling(name: str) -> dict[str, Any]:
    content = FILES[name]
    git = hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()
    plain = {"rfilename": name, "size": len(content), "blobId": git}
    if name != "model.bin":
        return plain
    sha = hashlib.sha256(content).hexdigest()
    return plain | {"lfs": {"size": len(content), "sha256": sha, "pointerSize": 134}}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    hub: Hub

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""

    def do_GET(self) -> None:
        hub = self.hub
        hub.headers.append(dict(self.headers))
        if hub.status != 200:
            self._send(hub.status, b"{}", {})
        elif hub.page is not None:
            self._send(200, hub.page, {"Content-Type": "text/html"})
        elif self.path == f"/api/models/{TINY}?blobs=true":
            self._send(200, json.dumps(hub.description()).encode(), {"Content-Type": "application/json"})
        elif self.path == f"/{TINY}/resolve/{REVISION}/model.bin":  # large files live elsewhere
            self._send(302, b"", {"Location": "/cdn/model.bin", "X-Repo-Commit": REVISION})
        elif self.path == "/cdn/model.bin" or self.path.startswith(f"/{TINY}/resolve/{REVISION}/"):
            self._file(self.path.rpartition("/")[2])
        else:
            self._send(404, b"{}", {"X-Error-Code": "EntryNotFound"})

    def _file(self, name: str) -> None:
        content = self.hub.sends.get(name, FILES[name])
        start = 0
        if self.hub.ranges and (wanted := self.headers.get("Range")):
            start = int(wanted.removeprefix("bytes=").removesuffix("-"))
        known = {"ETag": '"x"', "X-Repo-Commit": REVISION}
        if start:
            known["Content-Range"] = f"bytes {start}-{len(content) - 1}/{len(content)}"
        cuts = self.hub.cut_after.get(name, [])
        cut = cuts.pop(0) if cuts else None
        # Counted before a byte leaves, so that no test looks earlier than it is counted.
        self.hub.served[name] = self.hub.served.get(name, 0) + len(content[start:][:cut])
        self._send(206 if start else 200, content[start:], known, cut)

    def _send(self, status: int, body: bytes, headers: dict[str, str], cut: int | None = None) -> None:
        self.send_response(status)
        for key, value in ({"Content-Length": str(len(body))} | headers).items():
            self.send_header(key, value)
        self.close_connection = cut is not None
        with suppress(BrokenPipeError, ConnectionResetError):  # the other side stopped listening
            self.end_headers()
            self.wfile.write(body[:cut])


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    monkeypatch.setattr("coachdesk.speech.hub._PAUSE_S", 0.02)
    monkeypatch.setenv("HF_TOKEN", "hf_secret")  # a person may have one: it is never sent
    hub = Hub()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (Handler,), {"hub": hub}))
    server.daemon_threads = False
    address = server.server_address
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    hub.address = f"http://127.0.0.1:{address[1]}"
    try:
        socket.create_connection(("127.0.0.1", int(address[1])), timeout=5).close()
    except OSError:
        pytest.skip("this machine has no loopback network")
    else:
        yield hub
    finally:
        server.shutdown()
        thread.join()
        server.server_close()  # joins the handlers too, so an answer still open would show


def leftovers(models: Path) -> list[str]:
    return sorted(path.name for path in models.iterdir() if path.suffix in (".part", ".fetch"))


def damaged(content: bytes) -> bytes:
    return content[:-1] + bytes([content[-1] ^ 1])


# --- fetching


def test_a_model_is_fetched_checked_and_listed(hub: Hub, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    model = weights.fetch(tmp_path / "models", "tiny", lambda done, total: seen.append((done, total)), hub.address)
    assert model == weights.installed(tmp_path / "models")[0]
    assert (model.name, model.size_bytes, model.languages, model.verified) == ("tiny", TOTAL, "many", True)
    assert {path.name for path in model.folder.iterdir()} == {*FILES, MANIFEST}
    assert all((model.folder / name).read_bytes() == content for name, content in FILES.items())
    assert not any(path.is_symlink() for path in model.folder.rglob("*"))
    assert weights.verify(tmp_path / "models", "tiny") == []
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert seen[-1] == (TOTAL, TOTAL)
    assert not any("secret" in value for sent in hub.headers for value in sent.values())
    assert leftovers(tmp_path / "models") == []


def test_what_is_here_and_whole_is_not_fetched_again(hub: Hub, tmp_path: Path) -> None:
    weights.fetch(tmp_path, "tiny", ignore, hub.address)
    asked = len(hub.headers)
    assert weights.fetch(tmp_path, "tiny", ignore, hub.address).verified
    assert len(hub.headers) == asked


def test_a_broken_connection_goes_on_where_it_stopped(hub: Hub, tmp_path: Path) -> None:
    hub.cut_after = {"model.bin": [600_000]}
    assert weights.fetch(tmp_path, "tiny", ignore, hub.address).verified
    assert TOTAL <= hub.served_bytes < TOTAL + 1000
    assert sum("Range" in sent for sent in hub.headers) == 2  # asked, and asked again where it was redirected to


def test_a_later_call_goes_on_where_a_failed_one_stopped(hub: Hub, tmp_path: Path) -> None:
    hub.cut_after = {"model.bin": [600_000, 0, 0, 0]}
    with pytest.raises(EngineError, match=r"model\.bin broke off") as failed:
        weights.fetch(tmp_path, "tiny", ignore, hub.address)
    assert "models add DIR" in failed.value.hint
    assert weights.installed(tmp_path) == []
    seen: list[int] = []
    assert weights.fetch(tmp_path, "tiny", lambda done, _: seen.append(done), hub.address).verified
    assert seen[0] >= 600_000
    assert TOTAL <= hub.served_bytes < TOTAL + 1000
    assert leftovers(tmp_path) == []


def test_stopping_takes_effect_at_once_and_keeps_what_came(hub: Hub, tmp_path: Path) -> None:
    done_so_far = [0]
    with pytest.raises(Cancelled):
        weights.fetch(
            tmp_path,
            "tiny",
            lambda done, _: done_so_far.append(done),
            hub.address,
            cancelled=lambda: done_so_far[-1] > 200_000,
        )
    assert 200_000 < done_so_far[-1] < TOTAL
    hub.served.clear()
    assert weights.fetch(tmp_path, "tiny", ignore, hub.address).verified
    assert hub.served_bytes <= TOTAL - 200_000


def test_a_server_without_ranges_sends_it_all_again(hub: Hub, tmp_path: Path) -> None:
    hub.ranges = False
    hub.cut_after = {"model.bin": [600_000]}
    assert weights.fetch(tmp_path, "tiny", ignore, hub.address).verified
    assert hub.served["model.bin"] == 600_000 + len(FILES["model.bin"])


@pytest.mark.parametrize("name", ["model.bin", "tokenizer.json"])
def test_wrong_content_of_the_right_size_is_refused_and_removed(hub: Hub, tmp_path: Path, name: str) -> None:
    hub.sends = {name: damaged(FILES[name])}
    with pytest.raises(EngineError, match="not what the model hub announced"):
        weights.fetch(tmp_path, "tiny", ignore, hub.address)
    assert weights.installed(tmp_path) == []
    assert list(tmp_path.rglob(name)) == []
    hub.sends.clear()
    assert weights.fetch(tmp_path, "tiny", ignore, hub.address).verified


def test_more_than_announced_is_not_written_to_the_disk(hub: Hub, tmp_path: Path) -> None:
    hub.sends = {"config.json": FILES["config.json"] + b" " * 5_000_000}
    with pytest.raises(EngineError, match=r"What came as config\.json"):
        weights.fetch(tmp_path, "tiny", ignore, hub.address)
    assert sum(path.stat().st_size for path in tmp_path.rglob("*")) < 3_000_000


def test_a_damaged_model_is_mended_by_fetching_only_what_is_wrong(hub: Hub, tmp_path: Path) -> None:
    model = weights.fetch(tmp_path, "tiny", ignore, hub.address)
    (model.folder / "tokenizer.json").write_bytes(damaged(FILES["tokenizer.json"]))
    hub.served.clear()
    assert weights.fetch(tmp_path, "tiny", ignore, hub.address).verified
    assert set(hub.served) == {"tokenizer.json"}
    assert weights.verify(tmp_path, "tiny") == []
    assert leftovers(tmp_path) == []


def test_partial_files_of_another_revision_are_dropped(hub: Hub, tmp_path: Path) -> None:
    old = tmp_path / ".tiny@fedcba987654.fetch"
    old.mkdir()
    (old / "model.bin").write_bytes(b"old")
    assert weights.fetch(tmp_path, "tiny", ignore, hub.address).verified
    assert not old.exists()


def test_a_folder_of_ones_own_is_never_replaced(hub: Hub, tmp_path: Path) -> None:
    weights.add(tmp_path, MICRO, "tiny")
    with pytest.raises(InputError, match="was not fetched"):
        weights.fetch(tmp_path, "tiny", ignore, hub.address)
    assert hub.headers == []


def test_two_do_not_fetch_the_same_model_at_once(hub: Hub, tmp_path: Path) -> None:
    with filelock.FileLock(tmp_path / ".tiny.lock"), pytest.raises(EngineError, match="Another CoachDesk"):
        weights.fetch(tmp_path, "tiny", ignore, hub.address)


def test_unknown_names_are_answered_with_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no model 'huge'") as unknown:
        weights.fetch(tmp_path, "huge", ignore)
    assert "large-v3" in unknown.value.hint


def test_a_hub_that_is_down_is_told_quickly(tmp_path: Path) -> None:
    with socket.socket() as reserved:  # bound but not listening: every connection is refused
        reserved.bind(("127.0.0.1", 0))
        began = time.monotonic()
        with pytest.raises(EngineError, match="cannot be reached") as down:
            weights.fetch(tmp_path, "tiny", ignore, f"http://127.0.0.1:{reserved.getsockname()[1]}")
    assert time.monotonic() - began < 10
    assert "models add DIR" in down.value.hint
    assert weights.installed(tmp_path) == []


@pytest.mark.parametrize("status", [401, 404, 503])
def test_a_hub_that_refuses_is_told_with_its_status(hub: Hub, tmp_path: Path, status: int) -> None:
    hub.status = status
    with pytest.raises(EngineError, match=f"status {status}"):
        weights.fetch(tmp_path, "tiny", ignore, hub.address)


def test_a_login_page_is_no_model(hub: Hub, tmp_path: Path) -> None:
    hub.page = b"<html>Welcome to our hotel</html>"
    with pytest.raises(EngineError, match="could not be understood"):
        weights.fetch(tmp_path, "tiny", ignore, hub.address)


def test_an_address_is_an_address(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no address"):
        weights.fetch(tmp_path, "tiny", ignore, "hub")


def test_a_full_disk_is_noticed_before_anything_is_fetched(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("coachdesk.speech.model_files._SPARE_BYTES", 1 << 60)
    with pytest.raises(EngineError, match="too little room"):
        weights.fetch(tmp_path, "tiny", ignore, hub.address)
    assert hub.served_bytes == 0


# --- taking in, checking


def test_a_folder_is_taken_in_whole(tmp_path: Path) -> None:
    source = tmp_path / "elsewhere"
    shutil.copytree(MICRO, source)
    (source / "notes.txt").write_text("not part of a model")
    (source / "model.bin").unlink()
    (source / "model.bin").symlink_to(MICRO / "model.bin")  # as a hub cache has it
    model = weights.add(tmp_path / "models", source, "mine")
    assert model == weights.InstalledModel("mine", tmp_path / "models" / "mine", TOTAL, "en", True)
    assert {path.name for path in model.folder.iterdir()} == {*FILES, MANIFEST}
    assert not (model.folder / "model.bin").is_symlink()
    assert weights.verify(tmp_path / "models", "mine") == []
    assert leftovers(tmp_path / "models") == []


def test_a_folder_named_as_on_the_hub_gets_the_short_name(tmp_path: Path) -> None:
    source = tmp_path / "faster-whisper-small"
    shutil.copytree(MICRO, source)
    assert weights.add(tmp_path / "models", source).name == "small"


@pytest.mark.parametrize("name", [*REQUIRED, "vocabulary.json"])
def test_missing_files_are_named(tmp_path: Path, name: str) -> None:
    source = tmp_path / "half"
    shutil.copytree(MICRO, source)
    (source / name).unlink()
    with pytest.raises(ModelMissing, match=name.replace(".", r"\.")):
        weights.add(tmp_path / "models", source, None)
    assert not (tmp_path / "models").exists()


def test_no_folder_is_no_model(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no folder"):
        weights.add(tmp_path, tmp_path / "nowhere")


@pytest.mark.parametrize("name", ["..", ".hidden", "a/b", "a\\b", "-x", "con", "NUL.txt", "x" * 65, "dot.", "ü", "a\0"])
def test_unsafe_names_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="cannot be a model's name"):
        weights.add(tmp_path, MICRO, name)
    with pytest.raises(ModelMissing):
        weights.verify(tmp_path, name)
    assert list(tmp_path.iterdir()) == []


def test_other_content_never_replaces_a_model(tmp_path: Path) -> None:
    weights.add(tmp_path / "models", MICRO, "mine")
    source = tmp_path / "other"
    shutil.copytree(MICRO, source)
    (source / "model.bin").write_bytes(damaged(FILES["model.bin"]))
    with pytest.raises(InputError, match="another model named mine"):
        weights.add(tmp_path / "models", source, "mine")
    assert weights.verify(tmp_path / "models", "mine") == []
    assert leftovers(tmp_path / "models") == []


def test_damage_is_found_and_adding_again_mends_it(tmp_path: Path) -> None:
    folder = weights.add(tmp_path, MICRO, "mine").folder
    (folder / "model.bin").write_bytes(damaged(FILES["model.bin"]))
    (folder / "config.json").write_bytes(b"{}")
    (folder / "preprocessor_config.json").unlink()
    problems = weights.verify(tmp_path, "mine")
    assert len(problems) == 3
    assert "model.bin has other content than it came with" in problems
    assert weights.installed(tmp_path)[0].verified is False
    assert weights.best(tmp_path) is None
    assert weights.add(tmp_path, MICRO, "mine").verified is True
    assert weights.verify(tmp_path, "mine") == []


def test_times_that_changed_are_unknown_until_hashed(tmp_path: Path) -> None:
    folder = weights.add(tmp_path, MICRO, "mine").folder
    os.utime(folder / "model.bin", (1, 1))  # as after restoring a backup
    assert weights.installed(tmp_path)[0].verified is None
    assert weights.verify(tmp_path, "mine") == []
    assert weights.installed(tmp_path)[0].verified is True


def test_a_folder_put_there_by_hand_has_no_manifest_until_it_is_added(tmp_path: Path) -> None:
    shutil.copytree(MICRO, tmp_path / "mine")
    assert weights.installed(tmp_path)[0].verified is None
    assert ["no manifest" in problem for problem in weights.verify(tmp_path, "mine")] == [True]
    assert not (tmp_path / "mine" / MANIFEST).exists()
    assert weights.add(tmp_path, tmp_path / "mine").verified is True


@pytest.mark.parametrize(
    "manifest", [b"{", b'{"files": {"../x": {"size": 1, "sha256": "", "mtime_ns": 0}}, "source": ""}']
)
def test_a_manifest_that_makes_no_sense_is_none(tmp_path: Path, manifest: bytes) -> None:
    folder = weights.add(tmp_path, MICRO, "mine").folder
    (folder / MANIFEST).write_bytes(manifest)
    assert weights.installed(tmp_path)[0].verified is None
    assert weights.verify(tmp_path, "mine")[0].startswith("no manifest")


# --- finding


def test_models_are_found_by_name_by_alias_and_by_path(tmp_path: Path) -> None:
    models = tmp_path / "models"
    assert weights.installed(models) == []
    weights.add(models, MICRO, "turbo")
    assert weights.find(models, "turbo") == weights.find(models, "large-v3-turbo") == models / "turbo"
    assert weights.find(models, str(MICRO)) == MICRO


def test_what_is_not_here_comes_with_a_hint(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match="'small' is not on this machine") as known:
        weights.find(tmp_path, "small")
    assert "models fetch small" in known.value.hint
    for name in ("", "nonsense", "../x", "a\0b"):
        with pytest.raises(ModelMissing) as unknown:
            weights.find(tmp_path, name)
        assert "models list" in unknown.value.hint
    with pytest.raises(ModelMissing, match=r"model\.bin, config\.json"):
        weights.find(tmp_path, str(tmp_path))


def test_auto_takes_the_best_that_runs_in_useful_time(tmp_path: Path) -> None:
    assert weights.best(tmp_path / "none") is None
    order = ["zeta", "alpha", "large-v3", "tiny", "turbo", "base", "small.en", "small"]
    for name in order:  # each is better than all before it
        weights.add(tmp_path, MICRO, name)
        found = weights.best(tmp_path)
        assert found is not None
        assert found.name == name
    assert sorted(weights.PREFERENCE) == sorted(weights.KNOWN)


def test_unfinished_folders_and_files_are_no_models(tmp_path: Path) -> None:
    shutil.copytree(MICRO, tmp_path / ".tiny@0123.fetch")
    (tmp_path / "half").mkdir()
    (tmp_path / "file").write_text("x")
    assert weights.installed(tmp_path) == []


@pytest.mark.parametrize(("count", "languages"), [(51864, "en"), (51865, "many")])
@pytest.mark.parametrize("kind", ["json", "txt"])
def test_languages_are_told_by_the_vocabulary(tmp_path: Path, count: int, languages: str, kind: str) -> None:
    folder = tmp_path / "mine"
    shutil.copytree(MICRO, folder)
    (folder / "vocabulary.json").unlink()
    words = [f"w{number}" for number in range(count)]
    (folder / f"vocabulary.{kind}").write_text(json.dumps(words) if kind == "json" else "\n".join(words) + "\n")
    assert weights.installed(tmp_path)[0].languages == languages


def test_the_table_names_what_the_engine_names() -> None:
    from faster_whisper.utils import _MODELS

    assert {name: known.repository for name, known in weights.KNOWN.items()} == {
        name: _MODELS[name] for name in weights.KNOWN
    }


# --- offline


def test_the_library_obeys_the_offline_environment() -> None:
    code = "from huggingface_hub import constants as c; print(c.is_offline_mode(), c.HF_HUB_DISABLE_TELEMETRY)"
    environment = os.environ | weights.offline_environment()
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "True"]


def test_looking_at_models_loads_nothing_that_knows_the_network() -> None:
    code = (
        "import sys; from pathlib import Path; from coachdesk.speech import weights; weights.installed(Path('.'));"
        "print({'huggingface_hub', 'httpx2', 'httpx', 'requests', 'socket', 'ssl'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
