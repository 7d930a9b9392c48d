"""What a command prints: one line per stage for people, or one JSON document for programs."""

from __future__ import annotations

import json
import sys
import time
from typing import Any


class Console:
    """Progress and results.

    Args:
        quiet: print errors only.
        as_json: print nothing but the result, as JSON on stdout.
    """

    def __init__(self, quiet: bool = False, as_json: bool = False):
        self._silent = quiet or as_json
        self._as_json = as_json
        self._started = time.perf_counter()

    @property
    def silent(self) -> bool:
        """Whether only errors (and JSON) are printed."""
        return self._silent

    def stage(self, name: str, detail: str = "") -> None:
        """One line: seconds since the start, the stage, and what it found."""
        if not self._silent:
            elapsed = time.perf_counter() - self._started
            print(f"{elapsed:6.2f} s  {name:<12} {detail}".rstrip(), file=sys.stderr, flush=True)

    def say(self, text: str) -> None:
        """A line of the result for people."""
        if not self._silent:
            print(text, flush=True)

    def result(self, document: dict[str, Any]) -> None:
        """The result for programs."""
        if self._as_json:
            print(json.dumps(document, ensure_ascii=False))

    def error(self, text: str) -> None:
        """One sentence about what went wrong."""
        if self._as_json:
            print(json.dumps({"error": text}, ensure_ascii=False))
        print(f"imaggen: {text}", file=sys.stderr, flush=True)
