"""Linkers: back ends that find the object a mention speaks of, one a module."""

from __future__ import annotations

from collections.abc import Callable

from imaggen_semantics.errors import SemanticsError
from imaggen_semantics.linking.base import Link, Linker
from imaggen_semantics.vocabulary import Lexicon

__all__ = ["LINKERS", "Link", "Linker", "create_linker"]


def _lexical(lexicon: Lexicon) -> Linker:
    from imaggen_semantics.linking.lexical import LexicalLinker

    return LexicalLinker(lexicon)


LINKERS: dict[str, Callable[[Lexicon], Linker]] = {"lexical": _lexical}
"""Factories by name; each takes the lexicon of the utterance's language."""


def create_linker(name: str, lexicon: Lexicon) -> Linker:
    """The linker called `name`.

    Raises:
        SemanticsError: when there is no such linker.
    """
    if name not in LINKERS:
        raise SemanticsError(
            f"there is no linker {name!r}; choose one of {', '.join(sorted(LINKERS))}"
        )
    return LINKERS[name](lexicon)
