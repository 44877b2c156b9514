"""The nouns: constructors refuse nonsense, and spans keep their algebra."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coachdesk.model import Basis, Consent, Evidence, Finding, FindingKind, Grade, Measurement, Utterance, Withheld
from coachdesk.spans import Span, merge_spans, shared_spans, total_ms

examples = settings(derandomize=True, max_examples=80, deadline=None)
span = st.tuples(st.integers(0, 300), st.integers(0, 60)).map(lambda pair: Span(pair[0], pair[0] + pair[1]))
spans = st.lists(span, max_size=12)


def covered(found: list[Span]) -> set[int]:
    """The ms a list of spans covers."""
    return {ms for one in found for ms in range(one.start_ms, one.end_ms)}


class TestSpans:
    @examples
    @given(span, span)
    def test_overlap_is_what_both_cover(self, a, b):
        assert a.overlap_ms(b) == b.overlap_ms(a) == len(covered([a]) & covered([b]))

    @examples
    @given(spans)
    def test_merging_covers_the_same_and_leaves_disjoint_spans_in_order(self, found):
        merged = merge_spans(found)
        assert covered(merged) == covered(found)
        assert total_ms(merged) == len(covered(found))
        assert all(a.end_ms < b.start_ms for a, b in pairwise(merged))

    @examples
    @given(spans, st.integers(0, 20))
    def test_merging_again_changes_nothing(self, found, bridge_ms):
        once = merge_spans(found, bridge_ms)
        assert merge_spans(once, bridge_ms) == once

    @examples
    @given(spans, st.integers(0, 20))
    def test_gaps_up_to_the_bridge_are_closed_and_longer_ones_stay(self, found, bridge_ms):
        merged = merge_spans(found, bridge_ms)
        assert all(b.start_ms - a.end_ms > bridge_ms for a, b in pairwise(merged))
        assert covered(found) <= covered(merged)

    @examples
    @given(spans, spans)
    def test_shared_time_is_what_both_cover(self, left, right):
        left, right = merge_spans(left), merge_spans(right)
        assert covered(shared_spans(left, right)) == covered(left) & covered(right)
        assert shared_spans(left, right) == shared_spans(right, left)

    @examples
    @given(span, st.integers(-400, 400))
    def test_a_shifted_span_never_leaves_the_call(self, one, by_ms):
        moved = one.shift(by_ms)
        assert moved.start_ms == max(0, one.start_ms + by_ms)
        assert moved.duration_ms <= one.duration_ms

    def test_a_span_contains_with_slack_what_sticks_out_a_little(self):
        assert Span(100, 200).contains(Span(100, 200))
        assert not Span(100, 200).contains(Span(95, 200))
        assert Span(100, 200).contains(Span(95, 205), slack_ms=5)


def measurement(value: float | None, withheld: Withheld | None) -> Measurement:
    return Measurement("m", "call", value, "ms", Grade.A, Basis.SOUND, withheld)


MOMENT = Evidence("r", 0, 1)


class TestNonsenseIsRefused:
    @pytest.mark.parametrize(
        "make",
        [
            lambda: Span(2, 1),
            lambda: Span(-1, 1),
            lambda: Utterance("u", "rep", 0, 5, 4, ""),
            lambda: measurement(None, None),
            lambda: measurement(1.0, Withheld("no_words")),
            lambda: Evidence("r", 5, 5),
            lambda: Finding("R", FindingKind.IMPROVE, {}, ()),
            lambda: Consent("perhaps"),
        ],
        ids=[
            "span backwards",
            "span before the call",
            "utterance backwards",
            "neither value nor reason",
            "value and reason",
            "evidence that cannot be played",
            "finding without evidence",
            "unknown consent",
        ],
    )
    def test_refused(self, make):
        with pytest.raises(ValueError):
            make()

    def test_sense_is_not(self):
        assert Finding("R", FindingKind.IMPROVE, {}, (MOMENT,)).evidence == (MOMENT,)
        assert measurement(0.0, None).value == 0
        assert Consent("refused").status == "refused"
