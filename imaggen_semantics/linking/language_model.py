"""Linking by a language model, with the embedded linker where it does not answer well."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace

from imaggen_perception.scene import Scene
from imaggen_semantics.config import LanguageModelConfig
from imaggen_semantics.errors import ModelUnavailable, SemanticsError
from imaggen_semantics.knowledge import Knowledge
from imaggen_semantics.linking.base import Link, Linker, unlinked
from imaggen_semantics.linking.chat import ChatModel, OpenAIChat
from imaggen_semantics.linking.evidence import Evidence
from imaggen_semantics.linking.local_chat import TransformersChat
from imaggen_semantics.linking.prompt import (
    SYSTEM,
    Answer,
    answer_schema,
    json_schema,
    read_answer,
    write_question,
)
from imaggen_semantics.mentions import Mention, PropertyWord, Reading
from imaggen_semantics.quoting import printable

MIN_CONFIDENCE = 0.5
"""An answer with less is a guess, and the embedded link stays."""

_MOST_FAILURES = 3
_PAUSE_S = 30.0
_REMEMBERED = 128
_MOST_PROBLEM = 300


class Breaker:
    """Keeps from asking a model that fails again and again.

    After `_MOST_FAILURES` failures in a row it allows one question every `_PAUSE_S`, until one is
    answered.
    """

    def __init__(self) -> None:
        """Begin without failures."""
        self._failures = 0
        self._closed_until_s = float("-inf")

    def allows(self, now_s: float) -> bool:
        """Whether to ask at `now_s` [s]."""
        return now_s >= self._closed_until_s

    def failed(self, now_s: float) -> None:
        """Note a failure at `now_s` [s]."""
        self._failures += 1
        if self._failures >= _MOST_FAILURES:
            self._closed_until_s = now_s + _PAUSE_S

    def succeeded(self) -> None:
        """Note a good answer."""
        self._failures = 0


class LanguageModelLinker:
    """Asks a language model which objects the mentions mean.

    What it says replaces the links of the embedded linker mention by mention. Where it is late,
    fails, or breaks the agreed form, all links of the utterance are the embedded ones.

    Threading: may be used from any thread; questions of several threads are asked at once.
    """

    def __init__(
        self,
        chat: ChatModel,
        fallback: Linker,
        timeout_s: float,
        *,
        knowledge: Knowledge | None = None,
        report: Callable[[str], None] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take the model and what answers without it.

        Args:
            chat: the language model.
            fallback: the embedded linker.
            timeout_s: longest wait for an answer [s].
            knowledge: tells which property words an object contradicts; None: only where both
                linkers agree on the object.
            report: called with each problem, one sentence.
            clock: rising time [s].
        """
        self._chat, self._fallback, self._timeout_s = chat, fallback, timeout_s
        self._knowledge, self._report, self._clock = knowledge, report, clock
        self._lock = threading.Lock()
        self._breaker = Breaker()
        self._answers: OrderedDict[str, tuple[Answer, ...]] = OrderedDict()
        self._last_problem = ""

    @property
    def last_problem(self) -> str:
        """Why the last utterance has the embedded links; empty when the model answered."""
        return self._last_problem

    def link(self, reading: Reading, scene: Scene) -> tuple[Link, ...]:
        """One link per mention, in the same order."""
        links = list(self._fallback.link(reading, scene))
        if not scene.objects or not reading.mentions:
            return tuple(links)
        for answer in self._ask(reading, scene):
            # What the speaker itself says that a word means needs no opinion.
            told = _is_told(reading.mentions[answer.mention], reading)
            if answer.confidence >= MIN_CONFIDENCE and not told:
                links[answer.mention] = self._merge(answer, links[answer.mention], scene)
        return tuple(links)

    def _ask(self, reading: Reading, scene: Scene) -> tuple[Answer, ...]:
        """What the model says, or said before; nothing where there is a problem."""
        question = write_question(reading, scene)
        with self._lock:
            if question in self._answers:
                self._answers.move_to_end(question)
                self._last_problem = ""
                return self._answers[question]
            allowed = self._breaker.allows(self._clock())
        if not allowed:
            self._note(f"it is not asked for {_PAUSE_S:g} s after {_MOST_FAILURES} failures")
            return ()
        try:
            answers = self._answer(question, reading, scene)
        # A chat model is foreign code; whatever it raises, the robot speaks on.
        except Exception as error:
            with self._lock:
                self._breaker.failed(self._clock())
            self._note(str(error) or type(error).__name__)
            return ()
        with self._lock:
            self._breaker.succeeded()
            self._last_problem = ""
            self._answers[question] = answers
            while len(self._answers) > _REMEMBERED:
                self._answers.popitem(last=False)
        return answers

    def _answer(self, question: str, reading: Reading, scene: Scene) -> tuple[Answer, ...]:
        """Ask the model.

        Raises:
            SemanticsError: when its answer is late or bad; chat models may raise others.
        """
        json_schema()  # rather than asking for what could not be checked
        start_s = self._clock()
        schema = answer_schema(reading, scene)
        text = self._chat.complete(SYSTEM, question, schema, self._timeout_s)
        if self._clock() - start_s > self._timeout_s:
            raise ModelUnavailable(f"it answered later than after {self._timeout_s:g} s")
        return read_answer(text, reading, scene)

    def _note(self, reason: str) -> None:
        sentence = f"the embedded linker answers instead of the language model: {reason}"
        problem = printable(sentence, _MOST_PROBLEM)
        self._last_problem = problem
        if self._report is not None:
            self._report(problem)

    def _merge(self, answer: Answer, embedded: Link, scene: Scene) -> Link:
        """The link that an answer makes, with what the embedded one knows of the same objects."""
        mention = embedded.mention
        reason = f"The language model: {answer.reason or 'no reason given'}."
        if not answer.objects:
            return unlinked(mention, reason)
        first, others = answer.objects[0], answer.objects[1:]
        if embedded.object_id == first:
            return replace(
                embedded,
                confidence=answer.confidence,
                reason=reason,
                part=answer.part or embedded.part,
                others=others,
                rivals=tuple(rival for rival in embedded.rivals if rival[0] not in others),
            )
        against = self._contradictions(mention, first, scene)
        return Link(mention, first, answer.confidence, reason, against, answer.part, others)

    def _contradictions(
        self, mention: Mention, object_id: str, scene: Scene
    ) -> tuple[PropertyWord, ...]:
        if self._knowledge is None:
            return ()
        evidence = Evidence(self._knowledge, scene)
        return evidence.contradictions(mention, scene.object(object_id))


def _is_told(mention: Mention, reading: Reading) -> bool:
    """Whether the utterance came with the object that a mention means."""
    return any(mention.start <= index <= mention.index for index, _ in reading.meant)


def create_language_model_linker(
    knowledge: Knowledge,
    fallback: Linker,
    settings: LanguageModelConfig | None,
    report: Callable[[str], None] | None = None,
) -> LanguageModelLinker:
    """The linker that asks the model of `settings`.

    Args:
        knowledge: of the words of the utterance's language.
        fallback: the embedded linker.
        settings: which model to ask.
        report: called with each problem, one sentence.

    Raises:
        SemanticsError: when there are no settings.
    """
    if settings is None:
        raise SemanticsError(
            "the linker 'language_model' needs an endpoint or a Transformers model; give"
            " MatcherConfig.language_model"
        )
    chat: ChatModel
    if settings.endpoint:
        chat = OpenAIChat(settings.endpoint, settings.model, settings.api_key_env)
    else:
        chat = TransformersChat(settings.transformers_model, settings.revision or "main")
    return LanguageModelLinker(
        chat, fallback, settings.timeout_s, knowledge=knowledge, report=report
    )
