"""Passes: pure functions from trace to trace."""
