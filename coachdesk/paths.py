"""Where things are. One home folder holds history, recordings, settings and models; `--home` or COACHDESK_HOME moves it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from coachdesk.errors import InputError, NotFound


@dataclass(frozen=True, slots=True)
class Home:
    """The folders of one CoachDesk home. Nothing is created by asking."""

    root: Path

    @property
    def database(self) -> Path:
        return self.root / "coachdesk.db"

    @property
    def media(self) -> Path:
        """Sound and peaks, named by content."""
        return self.root / "media"

    @property
    def recordings(self) -> Path:
        """Recordings while they are made; afterwards their sound lies in `media`."""
        return self.root / "recordings"

    @property
    def takes(self) -> Path:
        """What a person said once more to try it: their own voice only, no calls, in no number."""
        return self.root / "takes"

    @property
    def sidecars(self) -> Path:
        """One document per call, enough to rebuild the history from."""
        return self.root / "calls"

    @property
    def cases(self) -> Path:
        """One document of all cases: a call's own names only the case it belongs to."""
        return self.root / "cases.json.gz"

    @property
    def models(self) -> Path:
        return self.root / "models"

    @property
    def playbooks(self) -> Path:
        """The person's own playbooks; the same id wins over a shipped one."""
        return self.root / "playbooks"

    @property
    def templates(self) -> Path:
        """The person's own wordings of what is handed on; there only once they have some."""
        return self.root / "templates"

    @property
    def settings(self) -> Path:
        return self.root / "settings.toml"

    @property
    def my_voice(self) -> Path:
        """The person's own voiceprint; there only while they want it."""
        return self.root / "my_voice.json"

    @property
    def locks(self) -> Path:
        return self.root / "locks"

    @property
    def backups(self) -> Path:
        return self.root / "backups"

    @property
    def log(self) -> Path:
        return self.root / "coachdesk.log"

    def make(self) -> Home:
        """Create the folders, readable by this person only."""
        try:
            self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
            for folder in (self.media, self.sidecars, self.models, self.playbooks, self.locks):
                folder.mkdir(mode=0o700, exist_ok=True)
        except OSError as failed:
            why = failed.strerror or "it is no folder"
            raise InputError(f"The home {self.root} cannot be used: {why}.", "Choose another with --home.") from failed
        return self


def home(chosen: str | None = None) -> Home:
    """The home chosen on the command line, else COACHDESK_HOME, else the platform's data folder."""
    folder = chosen or os.environ.get("COACHDESK_HOME") or platformdirs.user_data_dir("CoachDesk", appauthor=False)
    return Home(Path(folder).expanduser().absolute())


def resource(name: str) -> Path:
    """A file or folder that ships with the program: in the wheel, else beside the package in a checkout."""
    package = Path(__file__).parent
    for base in (package / "_resources", package.parent / "resources"):
        if (base / name).exists():
            return base / name
    raise NotFound(f"The bundled file {name} is missing.", "Install CoachDesk again.")
