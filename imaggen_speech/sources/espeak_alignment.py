"""From espeak-ng's events to a time for every written word.

espeak-ng speaks some words as one ("on the"), others as several ("1984"), and reports the text
position of the first only. Here each written word gets its share of the sound.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence

from imaggen_speech.errors import SpeechError
from imaggen_speech.prosody import prominences
from imaggen_speech.sources.espeak_library import PhonemeEvent, WordEvent
from imaggen_speech.text import Token
from imaggen_speech.utterance import Word

SHORTEST_WORD_S = 0.01
"""Length of a word that the voice swallows [s]."""

_VOWELS = frozenset("aeiouyæøœɐɑɒɔəɘɚɛɜɝɞɤɨɪɯɵɶʉʊʌʏ")
_PRIMARY_STRESS, _SECONDARY_STRESS = "ˈ", "ˌ"


def align(
    tokens: Sequence[Token],
    words: Sequence[WordEvent],
    phonemes: Sequence[PhonemeEvent],
    duration_s: float,
    language: str,
    weigh: Callable[[str], int] = len,
) -> tuple[Word, ...]:
    """A `Word` for every token.

    Args:
        tokens: the written words, at least one.
        words: word events in time order; the first ones of their kind count.
        phonemes: phoneme events in time order.
        duration_s: of the audio.
        language: BCP 47, for the prominences.
        weigh: how many phonemes a word has, by which words that share an event part; letters are
            a rough measure of them.

    Raises:
        SpeechError: when no event belongs to a written word.
    """
    onsets = _onsets(tokens, words, phonemes, duration_s, weigh)
    levels = prominences(tokens, language)
    times = [event.time_s for event in phonemes]
    spoken = []
    for index, token in enumerate(tokens):
        start = onsets[index]
        limit = onsets[index + 1] if index + 1 < len(tokens) else max(duration_s, start)
        # A phoneme sounds before the moment at which the next word begins.
        own = phonemes[bisect_left(times, start) : bisect_left(times, limit)]
        end = _end(own, limit)
        if end <= start:
            end = max(limit, start + SHORTEST_WORD_S)
        accent = min(max(_accent(own, start, end), start), end)
        spoken.append(Word(token.text, start, end, accent, levels[index]))
    return tuple(spoken)


def _onsets(
    tokens: Sequence[Token],
    words: Sequence[WordEvent],
    phonemes: Sequence[PhonemeEvent],
    duration_s: float,
    weigh: Callable[[str], int],
) -> list[float]:
    """When each token begins [s], strictly increasing."""
    groups = _groups(tokens, words)
    sounds = [event.time_s for event in phonemes if not event.is_pause]
    onsets: list[float] = []
    for number, (first, time_s) in enumerate(groups):
        is_last = number + 1 == len(groups)
        after = len(tokens) if is_last else groups[number + 1][0]
        until_s = duration_s if is_last else groups[number + 1][1]
        onsets += _split(tokens[first:after], time_s, until_s, sounds, weigh)
    for index in range(1, len(onsets)):
        onsets[index] = max(onsets[index], onsets[index - 1] + SHORTEST_WORD_S)
    return onsets


def _groups(tokens: Sequence[Token], words: Sequence[WordEvent]) -> list[tuple[int, float]]:
    """Groups of tokens that share one event: (index of the group's first token, time [s])."""
    ends = [token.end for token in tokens]
    groups: list[tuple[int, float]] = []
    for event in words:
        # The token around the position, or the next one when it lies in a gap.
        index = bisect_right(ends, event.position)
        expected = groups[-1][0] if groups else -1
        if index < len(tokens) and index > expected:
            groups.append((index if groups else 0, event.time_s))
    if not groups:
        raise SpeechError("espeak-ng reported no word of the text; rephrase it")
    return groups


def _split(
    tokens: Sequence[Token],
    start_s: float,
    until_s: float,
    sounds: Sequence[float],
    weigh: Callable[[str], int],
) -> list[float]:
    """Onsets of the words that one event covers: each gets its share of the phonemes.

    Where all phonemes are spoken as in the words alone, these are the words' own ones.
    """
    if len(tokens) == 1:
        return [start_s]
    inside = sounds[bisect_left(sounds, start_s) : bisect_left(sounds, until_s)]
    weights = [max(1, weigh(token.text)) for token in tokens]
    onsets = []
    for index in range(len(tokens)):
        share = sum(weights[:index]) / sum(weights)
        if index and len(inside) >= len(tokens):
            onsets.append(inside[max(index, int(share * len(inside) + 0.5))])
        else:
            onsets.append(start_s + share * (until_s - start_s))
    return onsets


def _end(phonemes: Sequence[PhonemeEvent], limit_s: float) -> float:
    """When the last sound of a word ends: at the pause after it, or where the next word begins."""
    end = limit_s
    for event in reversed(phonemes):
        if not event.is_pause:
            break
        end = event.time_s
    return end


def _accent(phonemes: Sequence[PhonemeEvent], start_s: float, end_s: float) -> float:
    """Middle of the stressed syllable's vowel [s], the centre of the pitch accent.

    Of several main stresses in one word ("nineteen eighty-four") the last is the strongest.
    """
    bounds = [event.time_s for event in phonemes] + [end_s]
    vowels = [i for i, event in enumerate(phonemes) if _VOWELS.intersection(event.symbols)]
    for wanted in (_PRIMARY_STRESS, _SECONDARY_STRESS):
        stressed = [i for i in vowels if wanted in phonemes[i].symbols]
        if stressed:
            return (bounds[stressed[-1]] + bounds[stressed[-1] + 1]) / 2
    if vowels:
        return (bounds[vowels[0]] + bounds[vowels[0] + 1]) / 2
    return (start_s + end_s) / 2
