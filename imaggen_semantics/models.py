"""Language models: loaded once for the process, in the background where that is wanted.

Until a model is there, or where it is not installed, the lexicon answers alone.

Threading: `LanguageModels` may be used from any thread.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from imaggen_semantics.embedding import MiniLM
from imaggen_semantics.errors import ModelUnavailable
from imaggen_semantics.knowledge import Knowledge
from imaggen_semantics.lexicon_loading import load_lexicon
from imaggen_semantics.parsing import Parser, create_parser
from imaggen_semantics.sounds import Sounds
from imaggen_semantics.spelling import Speller
from imaggen_semantics.talk import TALK_LAYERS, TalkSense, talk_examples
from imaggen_semantics.wordnet import WordNet
from imaggen_speech.function_words import primary_language


class LanguageModels:
    """Everything that reads the words of one language.

    Attributes:
        lexicon: always there.
        parser, speller, sounds: None until loaded, and where they are not installed.
        knowledge: of the lexicon, and of WordNet and sentence embeddings where they are installed.
        missing: one sentence for each model that cannot be had.
        embeddings: whether single words are compared by them, too; to be set before loading. This
            adds little where there is a WordNet.
    """

    def __init__(self, language: str = "en", *, lexicon_only: bool = False) -> None:
        """Load the lexicon; `load` brings the rest.

        Args:
            language: BCP 47.
            lexicon_only: never use anything else.

        Raises:
            SemanticsError: when there is no lexicon for the language.
        """
        self.lexicon = load_lexicon(language)
        self.parser: Parser | None = None
        self.speller: Speller | None = None
        self.sounds: Sounds | None = None
        self.knowledge = Knowledge(self.lexicon)
        self.missing: list[str] = []
        self.embeddings = False
        self._language = primary_language(language)
        self._lock = threading.Lock()
        self._loaded = threading.Event()
        self._thread: threading.Thread | None = None
        if lexicon_only:
            self._loaded.set()

    @property
    def loaded(self) -> bool:
        """Whether all models that can be had are there."""
        return self._loaded.is_set()

    def load(self) -> None:
        """Load what is installed; returns when it is there. Further calls wait for the first."""
        with self._lock:
            if self._loaded.is_set():
                return
            speller = self._try(lambda: Speller(self.lexicon))
            english = self._language == "en"
            sounds = self._try(lambda: Sounds(self._language))
            wordnet = self._try(WordNet) if english else None
            here, elsewhere = talk_examples(self._language)
            words = self._try(MiniLM) if english and self.embeddings else None
            sentences = self._try(lambda: MiniLM(TALK_LAYERS)) if english and here else None
            talk = None if sentences is None else TalkSense(sentences, here, elsewhere)
            parser = self._try(lambda: create_parser(self._language))
            if parser is not None:
                parser.parse("The first sentence takes longer.", [(0, 3)])
            self.speller, self.sounds, self.parser = speller, sounds, parser
            self.knowledge = Knowledge(self.lexicon, wordnet, words, talk)
            self._loaded.set()

    def load_in_background(self) -> None:
        """Start loading, once."""
        if self._thread is None and not self.loaded:
            # No daemon: an interpreter that ends amid the loading of a library aborts.
            self._thread = threading.Thread(target=self.load, name="language models")
            self._thread.start()

    def wait(self, timeout_s: float | None = None) -> bool:
        """Wait until everything is loaded; whether it is."""
        return self._loaded.wait(timeout_s)

    def _try(self, make: Callable[[], Any]) -> Any:
        if not threading.main_thread().is_alive():
            return None  # the program has ended meanwhile
        try:
            return make()
        except ModelUnavailable as error:
            self.missing.append(str(error))
            return None
        except RuntimeError:
            if threading.main_thread().is_alive():
                raise
            return None  # libraries start no threads once the program ends


@lru_cache(maxsize=8)
def language_models(language: str = "en") -> LanguageModels:
    """The process's models of a language (first part of a BCP 47 tag), not yet loaded.

    Raises:
        SemanticsError: when there is no lexicon for the language.
    """
    return LanguageModels(language)
