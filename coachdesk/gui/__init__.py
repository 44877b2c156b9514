"""The window: Qt lives here and nowhere else. This version holds only its door."""
