"""A trade nobody here has thought of comes by one TOML file: the one of the guide, put into the person's own folder."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from coachdesk.coaching.playbook import Condition, Playbook, Rule, RuleText, Slot
from coachdesk.desk import playbooks
from coachdesk.desk.desk import Desk, open_desk
from coachdesk.document import plain
from tests.coaching.written import plain as talk
from tests.conftest import ROOT

GUIDE = (ROOT / "resources" / "playbooks" / "WRITING.md").read_text("utf-8")
EXAMPLE = re.search(r"```toml\n(.*?)```", GUIDE, re.DOTALL).group(1)
ROOMS = ("hall", "kitchen", "bedroom", "bathroom", "balcony", "cellar", "attic", "garden")
CLOSING = ("Ava: I will send you the floor plan on Friday.", "Ben: Friday is fine with us, thank you.")


@pytest.fixture
def home(own_home: Path) -> Path:
    """A home with the guide's playbook in its folder."""
    (own_home / "playbooks").mkdir(parents=True)
    (own_home / "playbooks" / "property_viewing.toml").write_text(EXAMPLE, "utf-8")
    return own_home


def viewing(desk: Desk, folder: Path, *said: str) -> dict:
    """The review of a viewing: Ava shows room after room to Ben, then what is said on top."""
    rooms = [line for room in ROOMS for line in (f"Ava: This is the {room}. {talk(66)}", f"Ben: {talk(66)}")]
    path = folder / f"viewing{len(said)}.txt"
    lines = [*rooms, *said]
    path.write_text("\n".join(f"[{n // 2}:{30 * n % 60:02d}] {line}" for n, line in enumerate(lines)), "utf-8")
    return plain(desk.review(desk.import_transcript(path, "property_viewing", "Ava")))


def test_it_is_found_coaches_and_its_words_appear(home: Path, tmp_path: Path):
    with open_desk(str(home)) as desk:
        assert "property_viewing" in {book.id for book in desk.playbooks()}
        told = viewing(desk, tmp_path, *CLOSING)
        found = {one["rule"]: one for one in told["suggestions"]}
        assert "the visitor" in found["VIEW-01"]["advice"]
        assert found["VIEW-01"]["evidence"] and found["VIEW-01"]["try_saying"].endswith("for you?")
        assert [one["rule"] for one in told["praise"]] == ["POS-03"]
        assert (told["labels"]["playbook"], told["labels"]["case"]) == ("Property viewing", "Property")
        assert told["labels"]["results"]["offer"] == "Offer made"


def test_what_was_said_is_heard_by_its_own_phrases(home: Path, tmp_path: Path):
    with open_desk(str(home)) as desk:
        told = viewing(desk, tmp_path, "Ben: We both work from home, and the commute is short.", *CLOSING)
        assert "VIEW-01" not in {one["rule"] for one in told["suggestions"]}
        assert [hit["phrase"] for hit in told["tracker_hits"] if hit["tracker"] == "daily_life"] == ["work from home"]


def test_the_guide_explains_every_key():
    shapes = (Playbook, Rule, RuleText, Slot, Condition)
    keys = {name for shape in shapes for name in shape.__struct_fields__} - {"version"}
    assert {key for key in keys if not re.search(rf"\b{key}\b", GUIDE)} == set()


def test_the_example_is_short_and_in_order(tmp_path: Path):
    path = tmp_path / "property_viewing.toml"
    path.write_text(EXAMPLE, "utf-8")
    assert playbooks.check(path).words("en").case == "Property"
    assert len([line for line in EXAMPLE.splitlines() if line.strip()]) <= 45
