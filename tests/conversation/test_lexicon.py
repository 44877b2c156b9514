"""The language tables: whole when they are read, and honest about what they have no words for."""

from __future__ import annotations

import pytest

from coachdesk.conversation.lexicon import TableError, lexicon, read
from coachdesk.paths import resource

ENGLISH = resource("lexicons/en.toml").read_text("utf-8")


def test_english_is_complete_and_german_says_what_it_lacks():
    english, german = lexicon("en"), lexicon("de-AT")
    assert english.has("sentiment") and english.has("pricing") and english.has("commitment")
    assert german.has("next_step") and german.has("recap") and german.has("commitment")
    assert not german.has("sentiment") and not german.has("objection_price")
    assert german.patterns.keys() <= english.patterns.keys() and german.cues.keys() <= english.cues.keys()
    assert german.topic_names.keys() == english.topic_names.keys()


@pytest.mark.parametrize(
    ("find", "put", "said"),
    [
        ('format = "coachdesk.lexicon/1"', 'format = "2"', "format"),
        ('language = "en"', 'language = "fr"', "language"),
        ("\nlead =", "\nleed =", "[questions] lacks or does not know lead, leed"),
        ("\nweekday =", "\nweek_day =", "[dates] lacks or does not know week_day, weekday"),
        ("[fillers]", "[filler]", "[fillers] is missing or empty"),
        ('religion = "religion"\n', "", "[protected.names] lacks or does not know religion"),
        ("\nyes_no = '''^(?:", "\nyes_no = '''^(?:(", "unterminated subpattern"),
        ("[questions]", "[questions", "en.toml"),
    ],
)
def test_a_table_that_is_wrong_is_refused_by_name(tmp_path, find, put, said):
    assert find in ENGLISH
    path = tmp_path / "en.toml"
    path.write_text(ENGLISH.replace(find, put, 1), "utf-8")
    with pytest.raises(TableError, match=r"^en\.toml: ") as caught:
        read(path)
    assert said in str(caught.value)


def test_a_table_may_have_no_wording(tmp_path):
    path = tmp_path / "en.toml"
    head, tail = ENGLISH.split("[sentiment]")
    path.write_text(head + tail[tail.index("[dates]") :], "utf-8")
    assert not read(path).has("sentiment")
