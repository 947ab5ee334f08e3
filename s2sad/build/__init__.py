"""From a function to a kernel: the pipeline, the cache, the generated module."""
