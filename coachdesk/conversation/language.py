"""Which language a text is in, by its commonest words; for words that come without saying so. "" where it is not clear."""

from __future__ import annotations

from collections import Counter

from coachdesk.conversation.text import words_of

LEAST_WORDS = 20
LEAST_SHARE = 0.12  # of all words; running talk in each of these languages has well over twice as many
_COMMON = {
    "en": "the and to of a in is it you that we for on have with what do not this are be so was but your",
    "de": "der die das und ist ich nicht wir sie es ein eine zu den mit auf für haben wie auch was ihnen bei dann noch",
    "fr": "le la les et est je vous nous pas que un une de des pour dans avec ce qui sur il on mais bien c'est",
    "es": "el la los las y es yo no que un una de en por con para lo se su usted nosotros pero muy qué como",
    "it": "il la le e è io non che un una di in per con si lo ma noi lei come sono anche questo della più",
    "nl": "de het een en is ik niet we dat van in op voor met wat zijn maar ook naar bij er die dan nog wel",
    "pt": "o a os as e é eu não que um uma de em por com para se mas nós você como mais isso muito está",
}
_SETS = {code: frozenset(words.split()) for code, words in _COMMON.items()}


def guess(texts: list[str]) -> str:
    """The code of the language whose common words the texts use most, by a clear margin; "" where none does."""
    words = [word for text in texts for word in words_of(text)]
    if len(words) < LEAST_WORDS:
        return ""
    counts = Counter({code: sum(word in common for word in words) for code, common in _SETS.items()})
    (best, most), (_, second) = counts.most_common(2)
    return best if most >= LEAST_SHARE * len(words) and most >= 1.2 * second else ""
