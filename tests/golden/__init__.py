"""Golden texts: what the compiler prints for a few programs, reviewed like code."""
