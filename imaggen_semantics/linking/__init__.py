"""Linkers: back ends that find the object a mention speaks of, one a module."""

from __future__ import annotations

from collections.abc import Callable

from imaggen_semantics.config import LanguageModelConfig
from imaggen_semantics.errors import SemanticsError
from imaggen_semantics.knowledge import Knowledge
from imaggen_semantics.linking.base import Link, Linker

__all__ = ["LINKERS", "Link", "Linker", "check_linker", "create_linker"]

Report = Callable[[str], None]
Factory = Callable[[Knowledge, LanguageModelConfig | None, Report | None], Linker]


def _joint(
    knowledge: Knowledge, settings: LanguageModelConfig | None, report: Report | None
) -> Linker:
    from imaggen_semantics.linking.joint import JointLinker

    return JointLinker(knowledge)


def _language_model(
    knowledge: Knowledge, settings: LanguageModelConfig | None, report: Report | None
) -> Linker:
    from imaggen_semantics.linking.language_model import create_language_model_linker

    embedded = _joint(knowledge, None, None)
    return create_language_model_linker(knowledge, embedded, settings, report)


LINKERS: dict[str, Factory] = {"joint": _joint, "language_model": _language_model}
"""Factories by name; they take what `create_linker` takes."""


def create_linker(
    name: str,
    knowledge: Knowledge,
    settings: LanguageModelConfig | None = None,
    report: Report | None = None,
) -> Linker:
    """The linker called `name`.

    Args:
        name: of `LINKERS`.
        knowledge: what is known of the words of the utterance's language.
        settings: of the linker "language_model"; others ignore them.
        report: called with each problem of a linker that can have some, one sentence.

    Raises:
        SemanticsError: when there is no such linker, or it lacks its settings.
    """
    check_linker(name)
    return LINKERS[name](knowledge, settings, report)


def check_linker(name: str) -> None:
    """Refuse a name that no linker has.

    Raises:
        SemanticsError: naming those that there are.
    """
    if name not in LINKERS:
        raise SemanticsError(
            f"there is no linker {name!r}; choose one of {', '.join(sorted(LINKERS))}"
        )
