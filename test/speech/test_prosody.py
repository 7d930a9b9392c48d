from imaggen_speech.function_words import is_function_word
from imaggen_speech.prosody import prominences
from imaggen_speech.text import tokenize


def test_the_last_content_word_of_the_sentence_is_strongest() -> None:
    tokens = tokenize("The green ball is round, and the box is tall.")
    levels = dict(zip((t.text for t in tokens), prominences(tokens, "en"), strict=True))
    assert levels["The"] == levels["is"] == levels["and"] == 0.0
    assert 0.0 < levels["green"] < levels["round"] < levels["tall"] == 1.0
    assert levels["green"] == levels["box"]


def test_a_sentence_of_function_words_is_accented_at_its_end() -> None:
    assert prominences(tokenize("It is this. Balls roll."), "en") == (0.0, 0.0, 1.0, 0.5, 1.0)


def test_function_words_of_a_language_without_a_list_are_short() -> None:
    assert is_function_word("les", "fr-FR")
    assert not is_function_word("balle", "fr")
    assert is_function_word("It’s", "en-GB")


def test_german_function_words() -> None:
    assert is_function_word("Welche", "de-AT")
    assert not is_function_word("Ei", "de")
    tokens = tokenize("Der grüne Ball ist rund.")
    assert prominences(tokens, "de") == (0.0, 0.5, 0.5, 0.0, 1.0)
