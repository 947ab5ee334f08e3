"""Calls of library functions, in tables, each checked to second order."""
