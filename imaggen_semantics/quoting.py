"""Quoting: words and names of others in sentences for people, whatever characters they hold."""

from __future__ import annotations

from collections.abc import Iterable

from imaggen_speech.utterance import Utterance

MOST_QUOTED = 40
"""Longest quotation of one word or name [characters]."""


def printable(text: str, most: int = MOST_QUOTED) -> str:
    """`text` in one line of at most `most` characters without control characters."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text[: 4 * most]).split())
    return line if len(line) <= most else line[: most - 3] + "..."


def quote(utterance: Utterance, indices: Iterable[int]) -> str:
    """Words of an utterance in quotation marks, in their order: '"left" and "of"'."""
    texts = (printable(utterance.words[index].text) for index in sorted(set(indices)))
    return " and ".join(f'"{text}"' for text in texts)
