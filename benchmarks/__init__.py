"""Benchmarks: each states its targets and prints what it measured."""
