"""Small programs, one feature of Python or NumPy each, named after it; every module ends with its ``CASES``."""
