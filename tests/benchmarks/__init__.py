"""Measurements, run by a command: `python -m tests.benchmarks.NAME [--data DIR] [--json]`.

Machines are shared and noisy: figures are printed as ratios within one run, and nothing here fails on time.
"""
