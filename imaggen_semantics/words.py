"""The words of an utterance with their part in the grammar, and the phrases they form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from imaggen_semantics.analyzed_word import AnalyzedWord, Category
from imaggen_semantics.context import is_meant, is_nominal, mend_context, mend_heard, split_clitic
from imaggen_semantics.marking import Written, mark_phrases, mark_properties, mark_relations
from imaggen_semantics.parsing import Parser, WordParse
from imaggen_semantics.settling import Spelling, settle
from imaggen_semantics.sounds import Sounds
from imaggen_semantics.spelling import Speller
from imaggen_semantics.vocabulary import Lexicon
from imaggen_speech.function_words import is_function_word
from imaggen_speech.text import gap_break
from imaggen_speech.utterance import Utterance

PAUSE_S = 0.25
"""Silence that parts two phrases where the text has no punctuation [s]."""

# Closed classes in the order in which they claim a word.
_CLOSED: tuple[tuple[str, Category], ...] = (
    ("articles", "article"),
    ("possessives", "article"),
    ("quantifiers", "quantifier"),
    ("demonstratives", "demonstrative"),
    ("places", "place"),
    ("pronouns", "pronoun"),
    ("relatives", "relative"),
    ("negations", "negation"),
    ("copulas", "copula"),
    ("looking", "looking"),
    ("landmark_prepositions", "preposition"),
    ("conjunctions", "conjunction"),
    ("generic", "generic"),
    ("aspects", "aspect"),
    ("degrees", "degree"),
    ("times", "function"),
    ("interjections", "function"),
)
# Words that name a side only behind an article or preposition: "the left one", "on the right".
_SIDES = frozenset("left right top bottom middle center centre front back near far".split())
_BEFORE_SIDES = frozenset("the my your its our this that at on in very far top bottom".split())
_IRREGULAR_DENIALS = {"can": "can't", "will": "won't"}
_PARTICLES = frozenset("away off over down around about out back up along".split())
_STRAIGHT_WHERE = frozenset("to for at into away ahead back home from on after through".split())
_OPEN_TAGS = frozenset(["NOUN", "PROPN", "ADJ"])
_VERB_TAGS = frozenset(["VERB", "AUX"])


def analyze_words(
    utterance: Utterance,
    lexicon: Lexicon,
    parser: Parser | None = None,
    speller: Speller | None = None,
    expected: frozenset[str] = frozenset(),
    likely: frozenset[str] = frozenset(),
    sounds: Sounds | None = None,
) -> tuple[AnalyzedWord, ...]:
    """Every word of the utterance with its category and phrase.

    Args:
        utterance: what is said.
        lexicon: of its language.
        parser: of its language; None: the lexicon alone decides.
        speller: mends typing mistakes; None: words are taken as they are.
        expected: names of what is seen.
        likely: colors and parts of what is seen; likely, too, where words are misspelt.
        sounds: mends what a recogniser has misheard; None: words are taken as they are.
    """
    plain = [_plain(word.text) for word in utterance.words]
    split = [split_clitic(lexicon.contractions.get(text, text)) for text in plain]
    if speller is not None:
        followers = [*(text for text, _ in split[1:]), ""]
        articles = lexicon.grammar["articles"] | lexicon.grammar["possessives"]
        split = [
            # What sounds like another word is no typing mistake.
            (text if is_meant(text, lexicon)
             else speller.mend(text, expected | likely, governs=follower in articles,
                               compares=follower == "than"), clitic)
            for (text, clitic), follower in zip(split, followers, strict=True)
        ]  # fmt: skip
    split = mend_context(split, lexicon)
    if sounds is not None:
        split = mend_heard(split, lexicon, sounds, expected | likely)
    breaks = breaks_after(utterance)
    texts = [text for text, _ in split]
    capitals = [word.text[:1].isupper() for word in utterance.words]
    inside = [False, *(gap != "sentence" for gap in breaks[:-1])]  # where capitals tell something
    named = [capital and within for capital, within in zip(capitals, inside, strict=True)]
    parses = _parse(split, breaks, named, parser)
    spelling = Spelling(texts, capitals, breaks, lexicon)
    words: list[AnalyzedWord] = []
    for index, (text, clitic) in enumerate(split):
        previous = words[-1] if words else None
        following = texts[index + 1] if index + 1 < len(texts) else ""
        parse = parses[index]
        category, lemma = settle(index, spelling, [w.category for w in words]) or _categorize(
            text, previous, following, parse, lexicon, expected
        )
        if category == "noun" and lemma not in expected:
            bases = lexicon.noun_forms.bases(text)  # where a glass is seen, "glasses" are such
            lemma = next((b for b in bases if b in expected and b in lexicon.nouns), lemma)
        behind = texts[index + 2] if index + 2 < len(texts) else ""
        if _shades(text, previous, following, behind, lexicon):
            category, lemma = "degree", text
        if category in ("abstract", "unknown") and _acts(words, text, following, expected, lexicon):
            category, lemma = "verb", text
        if category in ("noun", "unknown") and _is_made_to(words, text, lexicon):
            category, lemma = "verb", text
        owns = clitic in ("'s", "'") and _owns(parse, following, behind, lexicon)
        has_copula = category == "copula" or (clitic in lexicon.grammar["copulas"] and not owns)
        has_copula |= clitic == "n't" and text in lexicon.grammar["copulas"]
        negates = (category == "negation" or clitic == "n't") and (
            lexicon.role(following) not in ("only", "just")
        )
        words.append(
            AnalyzedWord(
                index, text, category, lemma,
                "you" if spelling.addresses(index) else lexicon.role(text),
                has_copula=has_copula, negates=negates, owns=owns,
                plural=parse.plural if parse is not None and category != "noun"
                else lexicon.is_plural(text),
                capital=capitals[index], parse=parse,
            )
        )  # fmt: skip
    written = Written(texts, breaks)
    words = mark_properties(mark_phrases(words, written, lexicon), written, lexicon)
    words = mark_relations(words, written, lexicon)
    return _number_phrases(words, breaks)


def _plain(text: str) -> str:
    """Lower case, straight apostrophes, nothing invisible."""
    return "".join(c for c in text.lower().replace("’", "'") if c.isprintable())


def _acts(
    words: Sequence[AnalyzedWord],
    text: str,
    following: str,
    expected: frozenset[str],
    lexicon: Lexicon,
) -> bool:
    """Whether a word is what things named before it do: "the toaster and the kettle work"."""
    subject = words[-1] if words else None
    if subject is None or subject.category != "noun" or following:
        return False
    joined = any(w.category == "conjunction" for w in words[-5:-1])
    return lexicon.is_verb(text) and subject.text in expected and (subject.plural or joined)


def _is_made_to(words: Sequence[AnalyzedWord], text: str, lexicon: Lexicon) -> bool:
    """Whether a word for motion is what something is made to do: "who made the globe spin?"."""
    if not words or words[-1].category not in ("noun", "generic") or not lexicon.moves(text):
        return False
    recent = [base for w in words[-5:-1] for base in lexicon.verb_forms.bases(w.text)]
    return any(lexicon.has("causing", base) for base in recent)


def _shades(
    text: str, previous: AnalyzedWord | None, following: str, behind: str, lexicon: Lexicon
) -> bool:
    """Whether "little" only shades: "a little tilted", "leaning a little", not "a little box"."""
    if previous is None or previous.text != "a" or not lexicon.has("shading", text):
        return False
    described = lexicon.property_lemma(following) or lexicon.is_adjective(following)
    head = behind if described and not lexicon.noun_lemma(following) else following
    return not head or is_function_word(head, lexicon.language)


def _parse(
    split: Sequence[tuple[str, str]],
    breaks: Sequence[str],
    capitals: Sequence[bool],
    parser: Parser | None,
) -> Sequence[WordParse | None]:
    """The parser's view of the words, with the punctuation that the breaks make."""
    if parser is None:
        return [None] * len(split)
    pieces, spans, position = [], [], 0
    for (text, clitic), gap, capital in zip(split, breaks, capitals, strict=True):
        word = _IRREGULAR_DENIALS.get(text, text + clitic) if clitic == "n't" else text + clitic
        word = word[:1].upper() + word[1:] if capital else word
        spans.append((position, position + len(word)))
        ending = {"none": " ", "phrase": ", ", "sentence": ". "}[gap]
        pieces.append(word + ending)
        position += len(word) + len(ending)
    return parser.parse("".join(pieces), spans)


def _owns(parse: WordParse | None, following: str, behind: str, lexicon: Lexicon) -> bool:
    """Whether a clitic 's makes a possessive rather than "is"."""
    names = bool(
        lexicon.noun_lemma(following)
        or lexicon.part_names(following)
        or following in lexicon.grammar["aspects"]
    )
    if lexicon.property_lemma(following) and not names and not is_nominal(behind, lexicon):
        return False  # "the moon's yellow and ..."
    if parse is None or not parse.clitic:
        return names
    return parse.clitic == "PART" or (names and parse.clitic != "AUX")


def _categorize(
    text: str,
    previous: AnalyzedWord | None,
    following: str,
    parse: WordParse | None,
    lexicon: Lexicon,
    expected: frozenset[str] = frozenset(),
) -> tuple[Category, str]:
    """Category and lemma of a word, from its form, its neighbours and its parse."""
    after_article = previous is not None and previous.category in ("article", "quantifier")
    noun = lexicon.noun_lemma(text)
    named = after_article or (previous is not None and f"{previous.text} {text}" in expected)
    if named and text in expected and not _qualifies(following, lexicon):
        return "noun", noun or text  # "give the top a twirl", where a top is seen
    if after_article and noun and not lexicon.property_lemma(text):
        return "noun", noun  # "the watch", "a can", "the saw"
    compound = f"{previous.text}-{text}" if previous is not None else ""
    if compound in lexicon.nouns:
        return "noun", compound  # "the watering can"
    joined = compound.replace("-", "")
    if joined in expected or (joined in lexicon.nouns and text not in lexicon.nouns):
        return "noun", joined  # "the screw driver"
    described = previous is not None and previous.category in ("property", "adjective", "ordinal")
    pointed = previous is not None and previous.category == "demonstrative"
    modifies = parse is not None and parse.relation == "nummod" and following not in ("", "of")
    if (
        text == "one"
        and not (after_article or described or pointed)
        and (modifies or _qualifies(following, lexicon))
    ):
        return "article", text
    counts = lexicon.noun_lemma(following) or lexicon.part_names(following)
    if text == "one" and after_article and counts and not lexicon.property_lemma(following):
        return "degree", text  # "just the one roof"
    governs = lexicon.has("landmark_prepositions", text)
    if after_article and governs and lexicon.property_lemma(text):
        return "property", lexicon.property_lemma(text)  # "the near one"
    if text.startswith("look") and lexicon.property_lemma(following):
        return "copula", text  # "it looks round"
    if text in lexicon.grammar["looking"]:
        return "looking", text
    if lexicon.has("emphatic", text) and lexicon.has("emphasized", following):
        return "degree", text  # "way at the back", "way too big"
    if text == "straight" and following in _STRAIGHT_WHERE:
        return "function", text
    if text in lexicon.grammar.get("fillers", ()) and text != "like":
        return "figurative", text
    if text in lexicon.numbers:
        return "number", text
    if text in lexicon.ordinals and not (text == "second" and following == "thought"):
        return "ordinal", text
    if text in lexicon.grammar.get("figures", ()) and following != "of":
        if previous is not None and _determines(previous, lexicon):
            return "generic", text  # "the leftmost shape", not "its shape" or "a round shape"
    for group, category in _CLOSED:
        if text in lexicon.grammar.get(group, ()):
            return category, text
    corner = text in ("top", "bottom") and following in ("left", "right")
    if text in _SIDES and not corner and not _is_placed(previous, following, lexicon):
        return "function", text
    if is_function_word(text, lexicon.language):
        return "function", text
    return _open_class(text, previous, following, parse, lexicon)


def _is_placed(previous: AnalyzedWord | None, following: str, lexicon: Lexicon) -> bool:
    """Whether a word for a side stands where sides are named: "the right", "upper right"."""
    if previous is None:
        return following in _SIDES
    side = previous.category == "property" and (
        lexicon.properties[previous.lemma].shows == "position"
    )
    opens = previous.text in _BEFORE_SIDES and not previous.has_copula  # not "that's right"
    return side or opens or previous.category == "ordinal"


def _determines(word: AnalyzedWord, lexicon: Lexicon) -> bool:
    """Whether a word makes that a definite thing is named behind it."""
    if word.text in lexicon.grammar["definite"] and word.text not in ("its", "their", "my", "your"):
        return True
    return word.category in ("demonstrative", "quantifier", "ordinal", "number") or (
        word.category == "property" and word.text.endswith("most")
    )


def _qualifies(text: str, lexicon: Lexicon) -> bool:
    return bool(
        lexicon.noun_lemma(text) or lexicon.property_lemma(text) or lexicon.is_adjective(text)
    )


def _open_class(
    text: str,
    previous: AnalyzedWord | None,
    following: str,
    parse: WordParse | None,
    lexicon: Lexicon,
) -> tuple[Category, str]:
    property_lemma, noun = lexicon.property_lemma(text), lexicon.noun_lemma(text)
    tag = parse.tag if parse is not None else ""
    if tag == "CCONJ":
        return "conjunction", text  # "plus"
    in_phrase = previous is not None and previous.category in (
        "article", "property", "adjective", "demonstrative", "number", "ordinal", "quantifier",
    )  # fmt: skip
    relates = parse is not None and parse.relation == "relcl"
    subject = previous is not None and previous.category == "demonstrative" and (
        previous.parse is not None and previous.parse.relation in ("nsubj", "nsubjpass")
    )  # fmt: skip
    relates |= subject  # "is that supposed to be a ball?"
    is_verb = tag in _VERB_TAGS and (not in_phrase or relates)
    if property_lemma and not (is_verb and noun and property_lemma != text):
        return "property", property_lemma
    # Behind "I", "you", "to", "can" a word such as "saw" or "ring" is a verb.
    verbal = previous is not None and previous.category in ("function", "pronoun")
    behind_noun = previous is not None and previous.category in ("noun", "generic", "unknown")
    bare = previous is not None and previous.category == "generic"  # "let the big one bounce"
    moving = text.endswith("s") or following in _PARTICLES or bare
    if behind_noun and lexicon.moves(text) and moving:
        return "verb", text  # "the ball rolls", which taggers take for a compound
    if noun and not is_verb and (tag in _OPEN_TAGS or not verbal):
        return "noun", noun
    tagged_noun = tag in ("NOUN", "PROPN") and not (behind_noun and text.endswith("s"))
    verb_like = lexicon.is_verb(text) and not tagged_noun
    if verb_like or noun or is_verb or (lexicon.moves(text) and tag != "NOUN"):
        return "verb", text
    if lexicon.is_adjective(text):
        return "adjective", text
    if lexicon.is_abstract(text):
        return "abstract", text
    if tag == "ADJ":
        return "adjective", text
    if text.endswith("ly") or tag in ("ADV", "INTJ", "ADP", "SCONJ", "DET", "PRON", "PART"):
        return "function", text
    return "unknown", parse.lemma if tag == "NOUN" and parse is not None else text


def _number_phrases(
    words: Sequence[AnalyzedWord], breaks: Sequence[str]
) -> tuple[AnalyzedWord, ...]:
    """The same words with their phrase and sentence.

    Phrases end at punctuation, at pauses, and where a conjunction begins a new part with a
    determiner or pronoun ("... and the box").
    """
    opening = {"article", "demonstrative", "place", "pronoun", "quantifier"}
    numbered: list[AnalyzedWord] = []
    phrase = sentence = 0
    for index, word in enumerate(words):
        if index and breaks[index - 1] != "none":
            phrase += 1
            sentence += breaks[index - 1] == "sentence"
        elif index and word.category == "conjunction" and index + 1 < len(words):
            follower = words[index + 1]
            if word.role == "but" or follower.category in opening:
                phrase += 1
        numbered.append(replace(word, phrase=phrase, sentence=sentence))
    return tuple(numbered)


def breaks_after(utterance: Utterance) -> list[str]:
    """What follows each word: "none", "phrase" or "sentence"."""
    text, cursor = utterance.text, 0
    spans: list[tuple[int, int] | None] = []
    for word in utterance.words:
        start = text.find(word.text, cursor)
        if start < 0:  # words that come from a recogniser may differ from the text
            spans.append(None)
            continue
        cursor = start + len(word.text)
        spans.append((start, cursor))
    breaks: list[str] = []
    for index, (word, following) in enumerate(
        zip(utterance.words, utterance.words[1:], strict=False)
    ):
        here, there = spans[index], spans[index + 1]
        found: str = gap_break(text[here[1] : there[0]]) if here and there else "none"
        paused = following.start_s - word.end_s >= PAUSE_S
        breaks.append("phrase" if found == "none" and paused else found)
    return [*breaks, "sentence"]
