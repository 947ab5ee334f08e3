"""From a Python function to its trace: source text, names, core syntax, abstract evaluation."""
