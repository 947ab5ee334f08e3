"""Set-up shared by all tests: a cache of their own, and examples that are the same in every run."""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
from collections.abc import Iterator

import pytest
from hypothesis import Phase, settings

# Before s2sad is imported: the tests neither read nor fill the user's cache.
CACHE = tempfile.mkdtemp(prefix="s2sad-test-")
os.environ["S2SAD_CACHE_DIR"] = CACHE

# S2SAD_EXPLORE=5000 looks at that many new random examples instead of the fixed ones, and makes a failing one small,
# which takes minutes.
COMMON = settings(deadline=None, database=None, report_multiple_bugs=False)
settings.register_profile("fixed", COMMON, max_examples=60, derandomize=True, phases=[Phase.explicit, Phase.generate])
settings.register_profile("explore", COMMON, max_examples=int(os.environ.get("S2SAD_EXPLORE") or 60))
settings.load_profile("explore" if os.environ.get("S2SAD_EXPLORE") else "fixed")


@pytest.fixture(autouse=True, scope="session")
def own_cache() -> Iterator[None]:
    """Remove the cache when this process is done."""
    yield
    shutil.rmtree(CACHE, ignore_errors=True)


def pytest_collection_finish() -> None:
    """Garbage is seldom looked for in what has become old, and never among the tests themselves and their modules."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(700, 10, 200)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many functions of NumPy and SciPy the tables of calls check."""
    if any(report.nodeid.startswith("tests/functions/test_calls") for report in terminalreporter.getreports("passed")):
        from tests.functions.tables import summary

        terminalreporter.write_line(f"checked to second order: {summary()}")
