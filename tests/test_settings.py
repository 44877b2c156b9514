"""Settings: what is saved comes back, and a wrong file is named, never ignored."""

from __future__ import annotations

import dataclasses

import pytest

from coachdesk import paths
from coachdesk.errors import SettingsError
from coachdesk.settings import Settings, load, save

CHANGED = Settings(
    my_name="Ana Ölmez",
    my_channel="right",
    playbook="recruiting_screen",
    languages=("en", "de"),
    engine="draft",
    model="small.en",
    hot_words=("Kestrow", 'the "list"'),
    cpu_threads=3,
    longest_call_h=0.5,
    wording=False,
    my_voice=True,
    theme="dark",
    interface_language="de",
    play_speed=1.5,
    skip_silence=True,
    live_words=False,
    own_talk=True,
    strip=False,
    offer_to_record=False,
    watch_folder="/home/ana/Calls",
    record_mic="pulse:alsa_input.usb-1",
    record_system="pulse:speakers.monitor",
    last_consent={"sales_discovery": "spoken", "recruiting_screen": "in writing"},
    welcomed=True,
)


@pytest.fixture
def home():
    return paths.home().make()


def test_a_fresh_home_has_the_defaults(home):
    assert load(home) == Settings()


def test_every_setting_is_saved_and_loaded(home):
    assert all(getattr(CHANGED, f.name) != getattr(Settings(), f.name) for f in dataclasses.fields(Settings))
    save(home, CHANGED)
    assert load(home) == CHANGED
    save(home, Settings())
    assert load(home) == Settings()
    assert home.settings.read_text("utf-8") == ""  # what is not set follows the program's defaults


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('my_channel = "middle"', "my_channel"),
        ('engine = "magic"', "engine"),
        ("cpu_threads = -1", "cpu_threads"),
        ("longest_call_h = 0", "longest_call_h"),
        ("longest_call_h = nan", "longest_call_h"),
        ("longest_call_h = 49.5", "longest_call_h"),
        (f"hot_words = {[str(n) for n in range(21)]}", "hot_words"),
        ('cpu_threads = "two"', "cpu_threads"),
        ('wording = "yes"', "wording"),
        ('languages = "en"', "languages"),
        ("hot_words = [1]", "hot_words"),
        ("last_consent = { sales_discovery = 1 }", "last_consent"),
        ('live_words = "no"', "live_words"),
        ('my_nmae = "Ana"', "my_nmae"),
        ("[engine]\nname = 'draft'", "engine"),
        ("my_name = \n", "line 1"),
    ],
)
def test_a_wrong_file_is_named(home, text, named):
    home.settings.write_text(text, "utf-8")
    with pytest.raises(SettingsError, match=named) as wrong:
        load(home)
    assert "settings.toml" in wrong.value.hint


def test_a_file_that_is_no_text_is_named(home):
    home.settings.write_bytes(b"my_name = '\xff\xfe'")
    with pytest.raises(SettingsError):
        load(home)


def test_wrong_settings_cannot_be_made():
    with pytest.raises(SettingsError):
        Settings(my_channel="middle")
