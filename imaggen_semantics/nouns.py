"""The nouns of a text: what a camera that takes words should look for."""

from __future__ import annotations

from imaggen_semantics.models import language_models
from imaggen_semantics.reading import read
from imaggen_semantics.words import analyze_words
from imaggen_speech.errors import SpeechError
from imaggen_speech.function_words import primary_language
from imaggen_speech.sources.estimate import EstimateSource


def nouns(text: str, language: str = "en") -> tuple[str, ...]:
    """The nouns of a text that name things, base forms in order, each once.

    They are in English, which is what models of pictures know, as far as the lexicon knows the
    English word. The lexicon alone decides, so that it takes no time; a compound keeps its first
    part ("coffee cup"). Nothing of a text that cannot be spoken.

    Args:
        text: a sentence or a few.
        language: BCP 47.

    Raises:
        SemanticsError: when there is no lexicon for the language.
    """
    lexicon = language_models(primary_language(language)).lexicon
    try:
        utterance = EstimateSource().time_text(text, language).utterance
    except SpeechError:
        return ()
    mentions = read(analyze_words(utterance, lexicon), lexicon).mentions
    named = (
        " ".join(lexicon.english.get(word, word) for word in (*mention.modifiers, mention.lemma))
        for mention in mentions
        if mention.kind == "noun" and mention.lemma and mention.noun_class != "abstract"
    )
    return tuple(dict.fromkeys(named))
