"""What the parser says of words, and what a pipeline's tokens are worth to words."""

from collections.abc import Sequence

import pytest

from imaggen_semantics.errors import ModelUnavailable
from imaggen_semantics.models import LanguageModels
from imaggen_semantics.parsing import Parser, SpacyParser, WordParse, create_parser


def spans_of(text: str) -> list[tuple[int, int]]:
    spans, position = [], 0
    for word in text.split(" "):
        stripped = word.rstrip(",.!?")
        spans.append((position, position + len(stripped)))
        position += len(word) + 1
    return spans


@pytest.fixture(scope="module")
def parser(models: LanguageModels) -> Parser:
    if models.parser is None:
        pytest.skip("; ".join(models.missing))
    return models.parser


def parse(parser: Parser, text: str) -> Sequence[WordParse]:
    return parser.parse(text, spans_of(text))


def test_one_parse_for_every_word(parser: Parser) -> None:
    ball, rolls = parse(parser, "The balls roll.")[1:]
    assert (ball.tag, ball.lemma, ball.head, ball.relation) == ("NOUN", "ball", 2, "nsubj")
    assert ball.plural and not rolls.plural
    assert (rolls.tag, rolls.head) == ("VERB", 2)


def test_clitics_belong_to_their_word(parser: Parser) -> None:
    words = parse(parser, "The cup's handle isn't red.")
    assert [word.clitic for word in words] == ["", "PART", "", "PART", ""]
    assert (words[1].lemma, words[1].head) == ("cup", 2)
    assert words[2].head == 3


def test_heads_are_words_even_where_tokens_are_signs(parser: Parser) -> None:
    for text in ("A well-known, red-and-green ball!", "No -- this - one.", "Mr. X's 3.5 balls."):
        spans = spans_of(text)
        words = parser.parse(text, spans)
        assert len(words) == len(spans)
        assert all(0 <= word.head < len(words) for word in words)


@pytest.mark.parametrize("text", ["", " ", "🙂 \u200b", "\x00 \x00", "...", "' 's"])
def test_what_is_no_sentence(parser: Parser, text: str) -> None:
    spans = spans_of(text)
    words = parser.parse(text, spans)
    assert len(words) == len(spans)
    assert all(0 <= word.head < len(words) for word in words)


def test_languages_without_a_parser_have_none() -> None:
    assert create_parser("xx") is None


def test_a_pipeline_that_is_not_installed() -> None:
    with pytest.raises(ModelUnavailable, match=r"pip install 'imaggen\[language\]'"):
        SpacyParser("en_core_web_none")
