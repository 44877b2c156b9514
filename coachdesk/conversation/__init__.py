"""WORDS -> NUMBERS, pure: turns, the catalogue of metrics, questions, wording, trackers. No files but its word tables."""
