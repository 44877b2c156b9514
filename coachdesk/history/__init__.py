"""MEMORY: the local SQLite history. The only room that knows SQL; one write path, real rows, rebuildable from sidecars."""
