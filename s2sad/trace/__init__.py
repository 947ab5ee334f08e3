"""The intermediate representation: a structured, typed trace of elementary operations."""

from s2sad.trace import text as text
