"""Measurements of the book beside what else one would use; `python -m benchmarks.run`."""
