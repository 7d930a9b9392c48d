"""Sentences as the tests of reading need them: timed without a voice, read, and told in a line."""

from __future__ import annotations

from imaggen_semantics.analyzed_word import AnalyzedWord
from imaggen_semantics.lexicon_loading import load_lexicon
from imaggen_semantics.mentions import Mention, Reading
from imaggen_semantics.models import LanguageModels
from imaggen_semantics.reading import read
from imaggen_semantics.words import analyze_words
from imaggen_speech import Utterance, create_timing_source


def say(text: str, language: str = "en") -> Utterance:
    """The sentence with estimated times."""
    return create_timing_source("estimate").time_text(text, language).utterance


def words_of(text: str, models: LanguageModels | None = None) -> tuple[AnalyzedWord, ...]:
    """Its words by the English lexicon alone, or with models."""
    if models is None:
        return analyze_words(say(text), load_lexicon("en"))
    return analyze_words(say(text), models.lexicon, models.parser, models.speller)


def reading_of(text: str, models: LanguageModels | None = None) -> Reading:
    """It read by the English lexicon alone, or with models."""
    return read(words_of(text, models), load_lexicon("en"))


def mentions_of(text: str, models: LanguageModels | None = None) -> tuple[Mention, ...]:
    """What it mentions."""
    return reading_of(text, models).mentions


def described(mention: Mention) -> str:
    """A mention in one line: signs, properties (stated ones behind "is"), head."""
    said = [
        ("is " if word.predicated else "") + ("not " if word.negated else "") + word.lemma
        for word in mention.properties
    ]
    signs = "".join(
        sign
        for sign, holds in (
            ("-", mention.negated),
            ("@", mention.landmark),
            (">", mention.pointer is not None),
            ("!", mention.looked_at),
        )
        if holds
    )
    return f"{signs}{mention.lemma or 'one'}" + (f"[{', '.join(said)}]" if said else "")


def told(text: str, models: LanguageModels | None = None) -> list[str]:
    """All mentions of a sentence, each in one line."""
    return [described(mention) for mention in mentions_of(text, models)]
