"""WHAT A PERSON CAN DO: ask, tell, hear. Faces stand on this port; every verb delegates to a room."""
