"""Widgets: nouns in, signals out. None of them knows the desk."""
