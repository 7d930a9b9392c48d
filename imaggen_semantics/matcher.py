"""From a scene and an utterance to the plan of gestures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from imaggen_perception.scene import Scene
from imaggen_semantics.choice import GestureChooser
from imaggen_semantics.config import MatcherConfig
from imaggen_semantics.disfluency import FluentSpeech, without_disfluencies
from imaggen_semantics.errors import SemanticsError
from imaggen_semantics.knowledge import Knowledge
from imaggen_semantics.linking import Link, Linker, check_linker, create_linker
from imaggen_semantics.mentions import Reading
from imaggen_semantics.models import LanguageModels, language_models
from imaggen_semantics.plan import GesturePlan
from imaggen_semantics.reading import read
from imaggen_semantics.vocabulary import Lexicon
from imaggen_semantics.words import analyze_words
from imaggen_speech.function_words import primary_language
from imaggen_speech.utterance import Utterance

MAX_WORDS, MAX_LETTERS = 500, 5000
"""What is understood at once: a few minutes of speech."""


class Matcher:
    """Plans gestures with the models of a language that are loaded by then.

    The same scene, utterance, configuration and models always give the same plan; with the linker
    "language_model", as long as the model answers in time and the same.
    """

    def __init__(
        self,
        config: MatcherConfig | None = None,
        models: LanguageModels | None = None,
        report: Callable[[str], None] | None = None,
    ) -> None:
        """Take the configuration and, to have them for oneself, the models.

        Args:
            config: how to match; None: the defaults.
            models: of one language; None: the process's own, by the utterance's language.
            report: called with each problem of a linker that asks others, one sentence.

        Raises:
            SemanticsError: when there is no such linker.
        """
        self.config = config or MatcherConfig()
        check_linker(self.config.linker)
        self._models = models
        self._report = report
        self._linkers: dict[str, tuple[Knowledge, Linker]] = {}

    def read(self, utterance: Utterance, scene: Scene | None = None) -> Reading:
        """What the words mention.

        Args:
            utterance: what is said.
            scene: what is seen; the names of its objects help with typing mistakes.

        Raises:
            SemanticsError: when there is no lexicon for the utterance's language, or the utterance
                is too long.
        """
        fluent = self._fluent(utterance)
        return fluent.restore_reading(self._read(fluent, scene))

    def _fluent(self, utterance: Utterance) -> FluentSpeech:
        letters = sum(len(word.text) for word in utterance.words)
        if len(utterance.words) > MAX_WORDS or letters > MAX_LETTERS:
            raise SemanticsError(
                f"an utterance of {len(utterance.words)} words and {letters} letters is more than"
                f" the {MAX_WORDS} words and {MAX_LETTERS} letters that are understood at once;"
                " say it in several parts"
            )
        return without_disfluencies(utterance, self._models_for(utterance).lexicon)

    def _read(self, fluent: FluentSpeech, scene: Scene | None) -> Reading:
        models = self._models_for(fluent.said)
        seen = scene.objects if scene is not None else ()
        labels = [o.label.lower() for o in seen if o.label]
        names = frozenset(word for label in labels for word in (*label.split(), label))
        likely = {o.color.name for o in seen if o.color.name}
        likely |= {part.name for o in seen for part in (*o.parts, *o.holes) if part.name}
        words = analyze_words(
            fluent.joined, models.lexicon, models.parser, models.speller, names,
            frozenset(likely), models.sounds,
        )  # fmt: skip
        reading = read(words, models.lexicon)
        text = " ".join(word.text for word in words)  # mended
        return replace(reading, meant=fluent.utterance.referents, text=text)

    def link(self, scene: Scene, utterance: Utterance) -> tuple[Reading, tuple[Link, ...]]:
        """What the words mention, and which objects these are."""
        fluent = self._fluent(utterance)
        reading, links = self._link(fluent, scene)
        return fluent.restore_reading(reading), tuple(fluent.restore_link(li) for li in links)

    def _link(self, fluent: FluentSpeech, scene: Scene) -> tuple[Reading, tuple[Link, ...]]:
        reading = self._read(fluent, scene)
        knowledge = self._models_for(fluent.said).knowledge
        scene = _named(scene, knowledge.lexicon)
        return reading, self._linker(knowledge).link(reading, scene)

    def plan(self, scene: Scene, utterance: Utterance) -> GesturePlan:
        """Plan which gestures show what the words leave out.

        Args:
            scene: what is seen; without objects the plan has no gestures.
            utterance: what is said, with the time of every word.

        Raises:
            SemanticsError: when there is no lexicon for the utterance's language, or the utterance
                is too long.
        """
        fluent = self._fluent(utterance)
        reading, links = self._link(fluent, scene)
        lexicon = self._models_for(utterance).lexicon
        chooser = GestureChooser(scene, fluent.utterance, reading, lexicon, self.config)
        gestures, dropped = chooser.choose(links)
        return GesturePlan(
            scene=scene,
            gestures=tuple(fluent.restore_gesture(gesture) for gesture in gestures),
            dropped=tuple(fluent.restore_dropped(entry) for entry in dropped),
            utterance_id=utterance.id,
            viewpoint=self.config.viewpoint,
        )

    def _linker(self, knowledge: Knowledge) -> Linker:
        """The linker for a language: one while its models stay the same, because it may learn."""
        language = knowledge.lexicon.language
        known, linker = self._linkers.get(language, (None, None))
        if linker is None or known is not knowledge:
            linker = create_linker(
                self.config.linker, knowledge, self.config.language_model, self._report
            )
            self._linkers[language] = (knowledge, linker)
        return linker

    def _models_for(self, utterance: Utterance) -> LanguageModels:
        return self._models or language_models(primary_language(utterance.language))


def _named(scene: Scene, lexicon: Lexicon) -> Scene:
    """The scene with its objects named in the language that is spoken; cameras know English."""
    if lexicon.base is None:
        return scene
    return replace(
        scene, objects=tuple(replace(o, label=lexicon.named(o.label)) for o in scene.objects)
    )


def match(
    scene: Scene, utterance: Utterance, *, config: MatcherConfig | None = None
) -> GesturePlan:
    """Plan gestures with all models of the utterance's language, loaded on the first call.

    See `Matcher.plan`.
    """
    language_models(primary_language(utterance.language)).load()
    return Matcher(config).plan(scene, utterance)
