"""The words the command line understands. Faces name sides by the agreed words rep and other in options only."""

from __future__ import annotations

import argparse
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import coachdesk
from coachdesk.letters import KINDS
from coachdesk.model import NEXT_STEP_STATES
from coachdesk.sentences import _


def parser() -> argparse.ArgumentParser:
    """The whole surface."""
    top = argparse.ArgumentParser(
        prog="coachdesk", description=_("A private call coach. Everything stays on this computer.")
    )
    top.add_argument("--home", metavar="DIR", help=_("where history, recordings, settings and models live"))
    top.add_argument("--version", action="version", version=f"coachdesk {coachdesk.__version__}")
    sub = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for add in (_bringing, _recording, _words, _asking, _planning, _changing, _reviewing, _cases, _keeping):
        add(sub)
    return top


Sub = "argparse._SubParsersAction[argparse.ArgumentParser]"


def _command(sub: Sub, name: str, about: str, json: bool = False) -> argparse.ArgumentParser:  # type: ignore[valid-type]
    made: argparse.ArgumentParser = sub.add_parser(name, help=about, description=about)  # type: ignore[attr-defined]
    if json:
        made.add_argument("--json", action="store_true", help=_("one JSON document on stdout"))
    return made


def _engine(made: argparse.ArgumentParser) -> None:
    made.add_argument("--engine", default="", metavar="auto|whisper|draft|none", help=_("the speech engine"))
    made.add_argument("--model", default="", metavar="NAME_OR_DIR", help=_("the Whisper model, or a folder with one"))
    made.add_argument("--language", default=None, metavar="CODE", help=_("the language spoken, for example en"))


def _bringing(sub: Sub) -> None:  # type: ignore[valid-type]
    demo = _command(sub, "demo", _("bring in the sample calls and show their coaching"), json=True)
    demo.add_argument("--engine", default="auto", help=argparse.SUPPRESS)
    made = _command(sub, "analyze", _("import, transcribe, measure, coach and store calls"), json=True)
    made.add_argument("files", nargs="*", type=Path, metavar="FILE")
    made.add_argument("--tracks", nargs="+", type=Path, metavar="FILE", help=_("one file per participant, one call"))
    made.add_argument("--transcript", type=Path, metavar="FILE", help=_("words you already have: vtt, srt, json, txt"))
    made.add_argument("--playbook", default="", metavar="ID")
    made.add_argument("--me", default="", metavar="left|right|SPEAKER", help=_("which side is yours"))
    made.add_argument("--title", default="", metavar="T")
    made.add_argument("--rep", default="", metavar="NAME", help=_("the name of your side"))
    made.add_argument("--account", default="", metavar="NAME", help=_("the case this call belongs to"))
    made.add_argument("--result", default="", metavar="WORD", help=_("the result, in the playbook's words"))
    made.add_argument("--date", default=None, type=_date, metavar="ISO", help=_("when the call began"))
    made.add_argument("--consent", default="", metavar="BASIS", help=_("how everyone agreed to the recording"))
    made.add_argument(
        "--growing", action="store_true", help=_("the file is still being recorded: follow it to its end")
    )
    _engine(made)
    made = _command(sub, "import-transcript", _("a call of words only; numbers of grade C"), json=True)
    made.add_argument("file", type=Path, metavar="FILE")
    made.add_argument("--playbook", default="", metavar="ID")
    made.add_argument("--me", default="", metavar="SPEAKER")


def _words(sub: Sub) -> None:  # type: ignore[valid-type]
    made = _command(sub, "transcribe", _("a new transcript version beside the old"), json=True)
    made.add_argument("calls", nargs="*", metavar="CALL")
    made.add_argument("--drafts", action="store_true", help=_("all calls that only have a draft"))
    made.add_argument("--use", type=int, metavar="VERSION", help=_("go back to this version"))
    _engine(made)
    made = _command(sub, "coach", _("coach again with another playbook, without transcribing again"), json=True)
    made.add_argument("call", metavar="CALL")
    made.add_argument("--playbook", required=True, metavar="ID")


def _asking(sub: Sub) -> None:  # type: ignore[valid-type]
    _command(sub, "calls", _("the history"), json=True)
    made = _command(sub, "show", _("one review"), json=True)
    made.add_argument("call", metavar="CALL")
    made.add_argument("--all", action="store_true", help=_("with the transcript and every number"))
    made.add_argument("--as", dest="who", default="", metavar="NAME", help=_("scorecards as this person may see them"))
    made = _command(sub, "search", _("find words, with moments"), json=True)
    made.add_argument("words", nargs="+", metavar="WORDS")
    made.add_argument("--who", choices=("rep", "other"))
    made.add_argument("--limit", type=int, default=20, metavar="N")
    _command(sub, "goals", _("what you said yes to, and what your calls since say of it"), json=True)
    made = _command(sub, "trends", _("your own numbers over your calls, and what is usual for you"), json=True)
    made.add_argument("--metric", default="", metavar="M", help=_("only this number"))
    made.add_argument("--kind", default="", metavar="KIND", help=_("only this kind of call"))
    made = _command(sub, "export", _("hand a call on"))
    made.add_argument("call", metavar="CALL")
    made.add_argument("--format", required=True, metavar="txt|md|srt|vtt|json|csv")
    made.add_argument("-o", "--output", type=Path, metavar="FILE")


def _planning(sub: Sub) -> None:  # type: ignore[valid-type]
    made = _command(sub, "brief", _("what was said, agreed and asked, to hand on"), json=True)
    made.add_argument("call", metavar="CALL")
    made.add_argument("--as", dest="kind", default="", choices=KINDS, help=_("as text: a mail, a note, for yourself"))
    made = _command(sub, "guide", _("questions planned for a position, and what became of them"), json=True)
    made.add_argument("position", nargs="?", default="", metavar="POSITION", help=_("its title, or a playbook's id"))
    made.add_argument("--from", dest="from_file", type=Path, metavar="FILE", help=_("one question a line; - is stdin"))
    made.add_argument("--to", dest="to_file", type=Path, metavar="FILE", help=_("write them as plain text"))
    made.add_argument("--call", default="", metavar="CALL", help=_("this call is about it"))
    made.add_argument("--across", action="store_true", help=_("each question on all its calls, side by side"))
    made = _command(sub, "templates", _("the wording of what is handed on: list, show, set FILE, reset"))
    made.add_argument("action", nargs="?", default="list", choices=("list", "show", "set", "reset"))
    made.add_argument("kind", nargs="?", default="", metavar="mail|note|self")
    made.add_argument("file", nargs="?", type=Path, metavar="FILE")


def _recording(sub: Sub) -> None:  # type: ignore[valid-type]
    _command(sub, "devices", _("what can be recorded from"), json=True)
    made = _command(sub, "record", _("record a call: your microphone left, the other party right"), json=True)
    made.add_argument("--mic", default="", metavar="DEV")
    made.add_argument("--system", default="", metavar="DEV")
    made.add_argument("--mixed", action="store_true", help=_("phone on speaker: one microphone for all"))
    made.add_argument("--for", dest="seconds", type=float, default=None, metavar="SECONDS", help=_("end by itself"))
    made.add_argument("--live", action="store_true", help=_("say words as they are heard (on stderr)"))
    made.add_argument("--playbook", default="", metavar="ID")
    made.add_argument("--title", default="", metavar="TEXT")
    made.add_argument("--account", default="", metavar="NAME", help=_("the case this call belongs to"))
    made.add_argument("--consent", default="", metavar="TEXT", help=_("how everyone agreed to the recording"))
    _engine(made)
    made = _command(sub, "recover", _("recordings that were cut off: list, keep ID, drop ID"), json=True)
    made.add_argument("action", nargs="?", default="list", choices=("list", "keep", "drop"))
    made.add_argument("recording", nargs="?", default="", metavar="ID")
    _engine(made)


def _changing(sub: Sub) -> None:  # type: ignore[valid-type]
    made = _command(sub, "amend", _("set something right"), json=True)
    made.add_argument("call", metavar="CALL")
    made.add_argument("--swap-speakers", action="store_true")
    made.add_argument("--name", action="append", default=[], type=_pair, metavar="SPEAKER=NAME")
    made.add_argument("--role", action="append", default=[], type=_pair, metavar="SPEAKER=rep|other")
    made.add_argument("--text", action="append", default=[], type=_pair, metavar="UTTERANCE=TEXT")
    made.add_argument(
        "--speaker",
        action="append",
        default=[],
        type=_pair,
        metavar="UTTERANCE[-UTTERANCE]=SPEAKER",
        help=_("who says these lines; new:NAME is somebody without a label"),
    )
    made.add_argument(
        "--merge", action="append", default=[], type=_pair, metavar="SPEAKER=INTO", help=_("two labels are one person")
    )
    made.add_argument(
        "--split",
        action="append",
        default=[],
        type=_pair,
        metavar="UTTERANCE@WORD=SPEAKER",
        help=_("from this word on (the first is 1) somebody else speaks"),
    )
    made.add_argument("--title", default="", metavar="TEXT")
    made.add_argument("--account", default=None, metavar="NAME", help=_("the case it belongs to; empty = none"))
    made.add_argument("--date", default=None, type=_date, metavar="ISO")
    made.add_argument("--reviewed", choices=("yes", "no"))
    made.add_argument("--next-step", default="", metavar="TEXT", help=_("a next step in your own words"))
    made.add_argument("--due", default=None, type=_date, metavar="ISO", help=_("the day of the next step"))
    made.add_argument("--kind", default="", metavar="KIND")
    made.add_argument("--consent", default="", metavar="BASIS|refused|withdrawn")
    made.add_argument("--fact", action="append", default=[], type=_pair, metavar="RULE=present@MM:SS|absent")
    made.add_argument("--not-me", action="store_true", help=_("the voice that was taken for yours is not yours"))
    _add_brief(made)
    made.add_argument("--people", type=int, default=0, metavar="N", help=_("so many people speak on its one channel"))
    made = _command(sub, "respond", _("what you do with advice"))
    made.add_argument("call", metavar="CALL")
    made.add_argument("suggestion", metavar="SUGGESTION")
    made.add_argument("answer", choices=("accept", "dismiss", "done"))
    made = _command(sub, "join", _("parts of one call as one; the parts go into the bin"), json=True)
    made.add_argument("calls", nargs="+", metavar="CALL")
    made = _command(sub, "result", _("how a call ended"))
    made.add_argument("call", metavar="CALL")
    made.add_argument("word", metavar="WORD")


def _cases(sub: Sub) -> None:  # type: ignore[valid-type]
    made = _command(sub, "case", _("cases: all, or one with its calls and next steps; what is said of it"), json=True)
    made.add_argument("name", nargs="?", metavar="NAME")
    made.add_argument("--result", default=None, metavar="WORD", help=_("how it ended; empty = not yet"))
    made.add_argument("--date", default=None, type=_date, metavar="ISO", help=_("the day of the result"))
    made.add_argument("--stage", default=None, metavar="TEXT", help=_("where it stands, in your own words"))
    made.add_argument("--rename", default="", metavar="NEW")
    made.add_argument("--merge-into", default="", metavar="OTHER", help=_("the two are one: all of it goes to OTHER"))
    made = _command(sub, "next", _("open next steps; `next ID kept` says what became of one"), json=True)
    made.add_argument("step", nargs="?", default="", metavar="ID")
    made.add_argument(
        "state", nargs="?", default="", choices=("", *NEXT_STEP_STATES), metavar="|".join(NEXT_STEP_STATES)
    )
    made.add_argument("--due", action="store_true", help=_("only those with a day"))
    made = _command(sub, "results", _("results out of a CSV file: import FILE shows, --apply does it, undo"), json=True)
    made.add_argument("action", choices=("import", "undo"))
    made.add_argument("file", nargs="?", default=None, type=Path, metavar="CSV")
    made.add_argument("--apply", action="store_true", help=_("write what is shown; without it nothing is changed"))
    made = _command(sub, "tracker", _("every call that says a phrase, with moments"), json=True)
    made.add_argument("first", metavar="PHRASE", help=_("words as they are said; an * lets a word go on"))
    made.add_argument("--phrase", action="append", default=[], metavar="PHRASE", help=_("another way to say it"))
    made.add_argument("--who", choices=("rep", "other"))
    made = _command(sub, "moments", _("your best moments: what was praised, and what you marked"), json=True)
    made.add_argument("--kind", default=None, metavar="KIND", help=_("only calls of this kind"))
    made.add_argument("--rule", default=None, metavar="RULE", help=_("only what this rule praised"))


class _Instead(argparse.Action):
    """Says everything by itself: what the command needs otherwise is not needed then."""

    def __call__(self, parser: argparse.ArgumentParser, asked: Any, values: Any, option: str | None = None) -> None:
        for action in parser._actions:
            action.required = False
        setattr(asked, self.dest, values)


def _reviewing(sub: Sub) -> None:  # type: ignore[valid-type]
    made = _command(sub, "comment", _("a remark on a moment, and what becomes of it"), json=True)
    made.add_argument("call", metavar="CALL")
    made.add_argument("text", metavar="TEXT")
    made.add_argument("--at", type=clock, metavar="MM:SS", help=_("the moment it is about"))
    made.add_argument("--until", type=clock, metavar="MM:SS", help=_("where the moment ends"))
    made.add_argument("--reply-to", default="", metavar="ID", help=_("it answers this comment"))
    made.add_argument("--resolve", action=_Instead, metavar="ID", help=_("its thread is settled"))
    made.add_argument("--reopen", action=_Instead, metavar="ID", help=_("its thread is open again"))
    made.add_argument("--edit", action=_Instead, nargs=2, metavar=("ID", "TEXT"), help=_("other words for your own"))
    made.add_argument("--remove", action=_Instead, metavar="ID", help=_("take your own back"))
    made = _command(sub, "score", _("answer a scorecard, or look at those there are"), json=True)
    made.add_argument("call", metavar="CALL")
    made.add_argument("answers", nargs="+", type=_pair, metavar="CRITERION=VALUE").required = False
    made.add_argument("--as", dest="who", default="", metavar="NAME", help=_("who answers; without it, you"))
    made.add_argument("--card", default="", metavar="ID", help=_("which scorecard"))
    made.add_argument("--note", action="append", default=[], type=_pair, metavar="CRITERION=TEXT")
    made.add_argument("--pin", action="append", default=[], type=_pair, metavar="CRITERION=MM:SS")


def _add_brief(made: argparse.ArgumentParser) -> None:
    made.add_argument("--position", default=None, metavar="TITLE", help=_("what the call is about; empty = none"))
    made.add_argument(
        "--asked",
        action="append",
        default=[],
        type=_pair,
        metavar="QUESTION=MM:SS",
        help=_("a planned question was asked"),
    )
    made.add_argument(
        "--not-asked", action="append", default=[], metavar="QUESTION", help=_("a planned question was not asked")
    )
    made.add_argument(
        "--brief",
        action="append",
        default=[],
        type=_pair,
        metavar="SLOT=TEXT",
        help=_("a part of the brief in your words"),
    )
    made.add_argument(
        "--leave-out",
        action="append",
        default=[],
        type=_pair,
        metavar="SLOT=MS",
        help=_("a line that is not to be in the brief, by its start in `brief --json`"),
    )


def _keeping(sub: Sub) -> None:  # type: ignore[valid-type]
    made = _command(sub, "models", _("speech models: list, add DIR, verify NAME, fetch NAME"), json=True)
    made.add_argument("action", nargs="?", default="list", choices=("list", "add", "verify", "fetch"))
    made.add_argument("what", nargs="?", default="", metavar="NAME_OR_DIR")
    made.add_argument("--name", default="", help=_("the name to keep an added model under"))
    about = _("playbooks: list, show ID, rules ID, check FILE, copy ID NEW_ID")
    made = _command(sub, "playbooks", about, json=True)
    made.add_argument("action", nargs="?", default="list", choices=("list", "show", "rules", "check", "copy"))
    made.add_argument("what", nargs="?", default="", metavar="ID_OR_FILE")
    made.add_argument(
        "new_id", nargs="?", default="", metavar="NEW_ID", help=_("the id of the copy; its own: in your folder")
    )
    made.add_argument("--name", default="", metavar="NAME", help=_("what the copy is called"))
    made.add_argument("-o", "--output", type=Path, metavar="FILE", help=_("write the copy here instead"))
    made = _command(sub, "delete", _("remove a call, its sound and its words for good"))
    made.add_argument("call", metavar="CALL")
    made.add_argument("--bin", action="store_true", help=_("only out of sight, for 30 days"))
    made = _command(sub, "bin", _("the bin: list, restore CALL, empty"), json=True)
    made.add_argument("action", nargs="?", default="list", choices=("list", "restore", "empty"))
    made.add_argument("call", nargs="?", default="", metavar="CALL")
    made = _command(sub, "my-voice", _("your voice, to know it on calls with one channel: on, off, forget"), json=True)
    made.add_argument("action", nargs="?", default="show", choices=("show", "on", "off", "forget"))
    _command(sub, "doctor", _("what works on this machine, and what to do about the rest"), json=True)


def clock(text: str) -> int:
    """A time like 1:24 or 1:02:03, in ms."""
    parts = text.split(":")
    if not 1 < len(parts) < 4 or not all(is_number(part.replace(".", "", 1)) for part in parts):
        raise argparse.ArgumentTypeError(_("{text} is no time; write it like 1:24").format(text=text))
    seconds = 0.0
    for part in parts:
        seconds = seconds * 60 + float(part)
    return round(seconds * 1000)


def is_number(text: str) -> bool:
    """Whether these are digits 0 to 9 alone; "²" and digits of other scripts are none here."""
    return text.isascii() and text.isdecimal()


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise argparse.ArgumentTypeError(_("{text} needs an = sign, like LEFT=RIGHT").format(text=text))
    return name.strip(), value.strip()


def _date(text: str) -> datetime:
    try:
        found = (
            datetime.fromisoformat(text)
            if "T" in text
            else datetime.combine(date.fromisoformat(text), datetime.min.time())
        )
    except ValueError:
        raise argparse.ArgumentTypeError(_("{text} is no date; write it like 2026-11-23").format(text=text)) from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
