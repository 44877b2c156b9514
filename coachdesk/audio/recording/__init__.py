"""RECORDING: devices -> one file with two channels, made by a process of its own that outlives the window.

`recorder` is the door for both: the process, and its parent's side. Nothing here knows of calls, people or words.
"""
