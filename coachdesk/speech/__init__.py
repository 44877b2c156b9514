"""SOUND -> WHO SAID WHAT, WHEN: voice activity per channel, chunks cut at pauses, engines behind one seam.

Runs in a child process (`worker`), so that a native abort costs one job. `hub` holds the only network of the house.
"""
