"""Wait for what another thread or process will bring about."""

import time


def wait_until(condition, seconds=20):
    """Return as soon as `condition()` holds; fail when it does not within so many seconds."""
    end = time.perf_counter() + seconds
    while not condition():
        assert time.perf_counter() < end, "it never came true"
        time.sleep(0.002)
