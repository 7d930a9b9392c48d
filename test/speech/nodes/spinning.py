"""Waiting for nodes in tests: until something holds, never for a fixed time."""

import time
from collections.abc import Callable
from typing import Any

DEADLINE_S = 30.0


def spin_until(executor: Any, condition: Callable[[], object]) -> None:
    """Let the nodes work until the condition holds; fails when it never does."""
    deadline = time.monotonic() + DEADLINE_S
    while not condition():
        assert time.monotonic() < deadline, "what was waited for did not happen"
        executor.spin_once(timeout_sec=0.05)


def wait_for_answer(executor: Any, future: Any) -> Any:
    """The answer to a service call."""
    spin_until(executor, future.done)
    return future.result()
