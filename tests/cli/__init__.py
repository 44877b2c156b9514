"""The command line inside this process: what is said and given back, quickly."""
