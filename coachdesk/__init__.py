"""CoachDesk: a private call coach for one desk.

Five storeys; imports only go down (import-linter holds this picture):

                             a person
                   +------------+------------+
 faces          [ gui ]                   [ cli ]          Qt exists only in gui; letters, rule_words, sentences serve both
                   +------------+------------+
 desk           [ desk: what a person can do: ask, tell, hear ]   <- settings, just below
                   +-------+--------+--------+--------+
 rooms          [speech][conversation][coaching][history][archive][export]   strangers to one another
                   |
 sound          [audio]
                   +-------+--------+--------+--------+
 ground         [ paths  document  model  spans  errors ]  the nouns, and the one codec for them

One flow: file or devices -> Call + Recording -> activity per channel -> Utterances -> Speakers -> Turns
-> Measurements, wording, tracker hits -> Findings (playbook) -> Suggestions -> Review -> history -> shown.
"""

__version__ = "0.1.0"
