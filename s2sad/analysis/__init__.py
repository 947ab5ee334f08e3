"""Questions asked of a trace: which values carry derivatives, which are recorded."""
