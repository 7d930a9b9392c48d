"""Linkers: back ends that find the object a mention speaks of, one a module."""

from __future__ import annotations

from collections.abc import Callable

from imaggen_semantics.errors import SemanticsError
from imaggen_semantics.knowledge import Knowledge
from imaggen_semantics.linking.base import Link, Linker

__all__ = ["LINKERS", "Link", "Linker", "create_linker"]


def _joint(knowledge: Knowledge) -> Linker:
    from imaggen_semantics.linking.joint import JointLinker

    return JointLinker(knowledge)


LINKERS: dict[str, Callable[[Knowledge], Linker]] = {"joint": _joint}
"""Factories by name; each takes what is known of the words of the utterance's language."""


def create_linker(name: str, knowledge: Knowledge) -> Linker:
    """The linker called `name`.

    Raises:
        SemanticsError: when there is no such linker.
    """
    if name not in LINKERS:
        raise SemanticsError(
            f"there is no linker {name!r}; choose one of {', '.join(sorted(LINKERS))}"
        )
    return LINKERS[name](knowledge)
