"""Whether a voice is the person's own: one decision, and the figures it stands on.

Cosines between voiceprints come in, nothing else is known here. Where it is not sure, nobody is named.
"""

from __future__ import annotations

from collections.abc import Sequence

# Cosines of 2,720 pairs of voiceprints of 25 people (tests/benchmarks/accuracy_myvoice.py): different people up to 0.87 as
# they were recorded, up to 0.923 where all are heard through a telephone, whose line makes voices alike.
SURELY = 0.94
APART = 0.05  # above every other voice of the same call, for a line that makes all of them alike
LEAST_MS = 8_000  # a voiceprint of less is not steady enough to say so


def whose(alike: Sequence[float], spoken_ms: Sequence[int]) -> int | None:
    """The speaker, from 1, who is the person; None where nobody surely is.

    `alike`: each speaker's cosine with the own voiceprint; `spoken_ms`: how long each is heard.
    """
    if not alike or len(alike) != len(spoken_ms):
        return None
    ranked = sorted(range(len(alike)), key=lambda n: -alike[n])
    best = ranked[0]
    next_alike = alike[ranked[1]] if len(ranked) > 1 else -1.0
    sure = alike[best] >= SURELY and alike[best] - next_alike >= APART and spoken_ms[best] >= LEAST_MS
    return best + 1 if sure else None
