import pytest
from hypothesis import given
from hypothesis import strategies as st

from imaggen_speech.phones import STOPS, VOWELS, cmu_phones, stressed_vowel


@pytest.mark.parametrize(
    ("symbols", "phones"),
    [
        ("tʃ", "CH"), ("ˈaɪ", "AY"), ("iː", "IY"), ("ɔːɹ", "AO R"), ("əl", "AH L"), ("n̩", "N"),
        ("aɪɚ", "AY ER"), ("ts", "T S"), ("ç", "SH"), ("yː", "UW"), ("ɑ̃", "AA"), ("ʲ", ""),
        ("", ""), ("ə-", "AH"), ("↗", ""),
    ],
)  # fmt: skip
def test_the_nearest_phones(symbols: str, phones: str) -> None:
    assert cmu_phones(symbols) == tuple(phones.split())


def test_stress_is_counted_in_vowels() -> None:
    assert stressed_vowel(["b", "ə", "n", "ˈæ", "n", "ə"]) == 1
    assert stressed_vowel(["n", "ˈaɪ", "n", "ˈeɪ", "ɾ", "i"]) == 1
    assert stressed_vowel(["ˌɪ", "t"]) == 0
    assert stressed_vowel(["ð", "ə"]) == -1


@given(st.text(max_size=30))
def test_any_text_makes_known_phones_or_none(text: str) -> None:
    known = VOWELS | STOPS | set("DH F HH L M N NG R S SH TH V W Y Z ZH".split())
    assert set(cmu_phones(text)) <= known
