"""The intermediate representation: a structured, typed trace of elementary operations."""
