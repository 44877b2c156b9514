"""SHARING: a call as files in a plain folder. Not part of this version; the room is kept in the picture."""
