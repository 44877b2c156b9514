"""Pages: they ask the bridge, fill widgets, and tell the bridge what the person did."""
