"""Predication: of which mention the property words outside noun phrases are said.

A parser's subject counts first; without one, or where it finds none, the order of the words
decides: a property behind "is" belongs to the clause's subject, a side ("on the left") to what
stands before it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from imaggen_semantics.analyzed_word import AnalyzedWord
from imaggen_semantics.draft import Draft
from imaggen_semantics.gaps import becomes, gapped_subject, made_so, moved, shown_so
from imaggen_semantics.mentions import Mention, PropertyWord
from imaggen_semantics.sides import follows, is_direction, only_places, placed, shades, shows
from imaggen_semantics.subjects import NOBODY, only_describes, subject_of

_AUXILIARIES = frozenset("can does do did will is are was were has have could would".split())


def predicate(draft: Draft) -> None:
    """Attach the loose property words, and join a demonstrative with the noun that it is."""
    _find_postures(draft)
    draft.loose = list(dict.fromkeys(draft.loose))  # a demonstrative's words are read twice
    waiting = [index for index in draft.loose if not _attach(draft, index)]
    for index in waiting:
        _attach_ahead(draft, index)
    _fill_ellipses(draft)
    _join_pointers(draft)


def _find_postures(draft: Draft) -> None:
    """Verbs such as "liegt" that say how a thing stands, unless more is said of it behind them."""
    for word in draft.words:
        if not draft.lexicon.has("postures", word.text) or not word.has_copula:
            continue
        rest = [w for w in draft.words if w.phrase == word.phrase and w is not word]
        said = {w.index for w in rest} & set(draft.loose)
        if not said and not any(w.category in ("relation", "preposition", "place") for w in rest):
            lemma = draft.lexicon.property_lemma(word.text)
            words = list(draft.words)
            words[word.index] = replace(word, category="property", lemma=lemma)
            draft.words = tuple(words)
            draft.loose = sorted((*draft.loose, word.index))


def _fill_ellipses(draft: Draft) -> None:
    """As in "The ball can roll, the boxes can't": what is left out is said of the boxes."""
    for number, mention in enumerate(draft.mentions):
        tail = [w for w in draft.words[mention.index + 1 :] if w.phrase == mention.phrase]
        bare = bool(tail) and len(tail) <= 2 and all(
            w.has_copula or w.negates or w.category == "function" for w in tail
        )  # fmt: skip
        opening = draft.at(mention.start - 1)
        if opening is not None and draft.lexicon.has("subordinators", opening.text):
            continue  # "it stayed where it was"
        acted_on = any(w.category == "verb" and w.phrase == mention.phrase
                       for w in draft.words[: mention.start])  # fmt: skip
        auxiliary = (
            bare
            and not acted_on
            and any(w.negates or w.has_copula or w.role in _AUXILIARIES for w in tail)
        )
        if not auxiliary or mention.landmark or any(p.predicated for p in mention.properties):
            continue
        for earlier in reversed(draft.mentions[:number]):
            stated = [p for p in earlier.properties if p.predicated]
            if (
                stated
                and draft.words[earlier.index].sentence == draft.words[mention.index].sentence
            ):
                denied = any(w.negates for w in tail)
                for said in stated:
                    add_property(draft, number, replace(said, negated=denied))
                break


def said_of(draft: Draft, index: int) -> PropertyWord:
    """A loose word as something said."""
    word = draft.words[index]
    lemma = word.lemma if word.category == "property" else draft.lexicon.motion_word
    rests = draft.lexicon.has("resting", word.text) or is_stopped(draft, index)
    rests |= word.role == "where"  # "it stays where it is"
    rests |= word.category == "verb" and draft.lexicon.ceases(word.text)
    return PropertyWord(
        index, lemma, negated=rests, predicated=True,
        extreme=draft.lexicon.is_superlative(word.text),
    )  # fmt: skip


def is_stopped(draft: Draft, index: int) -> bool:
    """Whether a word for motion stands behind "stop"."""
    before = draft.at(index - 1)
    if before is None or not draft.lexicon.moves(draft.words[index].text):
        return False
    return draft.lexicon.ceases(before.text)


def add_property(draft: Draft, number: int, word: PropertyWord) -> None:
    """Say `word` of a mention, in the order of words; twice is once."""
    mention = draft.mentions[number]
    if any(known.index == word.index for known in mention.properties):
        return
    properties = sorted((*mention.properties, word), key=lambda p: p.index)
    draft.mentions[number] = replace(mention, properties=tuple(properties))


def _attach(draft: Draft, index: int) -> bool:
    """Attach one word to something before it; whether that was found."""
    word = draft.words[index]
    if word.category == "property" and _told_next(draft, word):
        return False
    if _is_asked(draft, word):
        return True
    gapped = gapped_subject(draft, index)
    if gapped is None and word.category == "property":
        gapped = shown_so(draft, index)
    if gapped is None and word.category == "property":
        gapped = made_so(draft, index)
    if gapped is not None:
        add_property(draft, gapped, said_of(draft, index))
        return True
    if word.category == "property" and shows(draft, word) == "position":
        if is_direction(draft, index) or shades(draft, index):
            return True
        target = placed(draft, index)
        phrase = [w for w in draft.words[:index] if w.phrase == word.phrase]
        if target is None and phrase and phrase[0].has_copula:
            target = subject_of(draft, index)  # "the cone, however, is quite close by"
        if target is not None:
            here = draft.mentions[target]
            words = {w.role for w in draft.words[max(0, index - 2) : index]}
            if here.ordinal is not None and "from" in words:
                draft.mentions[target] = replace(here, counted_from=word.lemma)
                return True
            said = said_of(draft, index)
            stated = draft.copula_between(here.index, index)
            add_property(draft, target, replace(said, predicated=stated))
        return target is not None
    if becomes(draft, index):
        return True  # no motion
    rests = draft.lexicon.has("resting", word.text)
    target = placed(draft, index) if rests else moved(draft, index)
    if target is None:
        target = subject_of(draft, index)
    if target == NOBODY:
        return True
    if target is None:
        return word.category != "property"  # a verb waits for nothing
    joined = [target, *_joined_with(draft, target, index)]
    for number in (*joined, *_listed_before(draft, joined)):
        add_property(draft, number, said_of(draft, index))
    return True


def _is_asked(draft: Draft, word: AnalyzedWord) -> bool:
    """Whether it is asked of what a comparison is true: "which is shorter, the red one or ..."."""
    phrase = [w for w in draft.words if w.phrase == word.phrase]
    if word.category == "property" and _is_measured(draft, word):
        return True
    opening = next((n for n, w in enumerate(phrase) if draft.lexicon.has("asking", w.text)), None)
    if opening is None or opening + 1 >= len(phrase) or not draft.lexicon.is_comparative(word.text):
        return False
    return word.category == "property" and phrase[opening + 1].has_copula


def _is_measured(draft: Draft, word: AnalyzedWord) -> bool:
    """Whether it is asked how much of a property something has: "how big is the ball?"."""
    before, behind = draft.at(word.index - 1, word.phrase), draft.at(word.index + 1, word.phrase)
    asks = before is not None and before.role == "how"
    return asks and behind is not None and behind.has_copula


def _told_next(draft: Draft, word: AnalyzedWord) -> bool:
    """Whether the next phrase tells what a list describes: "tall and thin, that's the glass"."""
    if not only_describes(draft, word.phrase):
        return False
    behind = next((w for w in draft.words[word.index :] if w.phrase != word.phrase), None)
    return (
        behind is not None
        and behind.sentence == word.sentence
        and behind.category in ("demonstrative", "place")
        and (behind.has_copula or draft.copula_between(behind.index, behind.index + 2))
    )


def _attach_ahead(draft: Draft, index: int) -> None:
    """As in "On the left is a box", "round, that ball"; a side without a thing refers by itself."""
    word = draft.words[index]
    ahead = draft.after(index + 1)
    is_side = shows(draft, word) == "position"
    about = ahead is not None and all(
        w.role in ("about", "with", "to") or w.category == "preposition"
        for w in draft.words[index + 1 : draft.mentions[ahead].start]
    )
    if ahead is not None and not is_side:
        phrase = draft.mentions[ahead].phrase
        about |= sum(m.phrase == phrase for m in draft.mentions) == 1
    if ahead is not None and (not draft.mentions[ahead].landmark or (about and not is_side)):
        mention = draft.mentions[ahead]
        listed = word.phrase if is_side else _list_end(draft, index)
        ahead_of = 2 if is_side and only_places(draft, word) else 0 if is_side else 1
        near = mention.phrase - listed <= ahead_of
        near &= draft.words[mention.index].sentence == word.sentence
        verb_last = "verbs_last" in draft.lexicon.features  # "Links siehst du einen Ball"
        verbs = not verb_last and _acts_on(draft, index + 1, mention.start)
        if near and not verbs and (is_side or not verb_last or _is_predicate(draft, index)):
            add_property(draft, ahead, said_of(draft, index))
            return
    before = draft.at(index - 1)
    asked = before is not None and before.has_copula  # "which is nearer?"
    corner = next((n for n, m in enumerate(draft.mentions) if m.index == index - 1), None)
    if is_side and corner is not None and draft.mentions[corner].kind == "place":
        add_property(draft, corner, said_of(draft, index))  # "at the top right"
        return
    named = draft.before(index)
    if is_side and named is not None and follows(draft, named, word):
        add_property(draft, named, said_of(draft, index))  # "here's your bucket, bottom right"
        return
    if is_side and not asked:
        place = Mention(
            "place", index, word.lemma, properties=(said_of(draft, index),), phrase=word.phrase,
            start=index, looked_at=any(
                draft.words[look].phrase == word.phrase and look < index for look in draft.lookings
            ),
        )  # fmt: skip
        draft.mentions.append(place)
        draft.mentions.sort(key=lambda mention: mention.index)


def _acts_on(draft: Draft, start: int, end: int) -> bool:
    """Whether a verb stands between that does not only say that something is seen there.

    The verb right before a thing says what it does: "close to us floats a buoy".
    """
    return any(
        w.category == "verb"
        and w.index != end - 1
        and not any(draft.lexicon.has("perceiving", base) for base in _bases(draft, w))
        for w in draft.words[start:end]
    )


def _bases(draft: Draft, word: AnalyzedWord) -> list[str]:
    """What may be the base form of a verb."""
    parsed = [word.parse.lemma] if word.parse is not None else []
    return [*parsed, *draft.lexicon.verb_forms.bases(word.text)]


def _list_end(draft: Draft, index: int) -> int:
    """The phrase that ends a list of properties: "low, wide and brown: ..."."""
    word = draft.words[index]
    while (behind := draft.at(word.index + 1)) is not None and behind.sentence == word.sentence:
        if behind.category not in ("property", "adjective", "conjunction", "degree"):
            break
        word = behind
    return word.phrase


def _is_predicate(draft: Draft, index: int) -> bool:
    """Whether an uninflected property is no adverb: behind it is "is", or it stands by itself."""
    phrase = [w for w in draft.words if w.phrase == draft.words[index].phrase]
    return any(w.has_copula for w in phrase) or all(
        w.category in ("property", "adjective", "conjunction", "degree", "negation") for w in phrase
    )


def _joined_with(draft: Draft, number: int, index: int) -> list[int]:
    """The other subjects of "the ball and the box are red"."""
    mention = draft.mentions[number]
    joined = []
    for other, candidate in enumerate(draft.mentions):
        if other == number or candidate.index > index or candidate.landmark:
            continue
        first, second = sorted((mention, candidate), key=lambda m: m.index)
        between = draft.words[first.index + 1 : second.start]
        joins = bool(between) and all(w.category in ("conjunction", "negation") for w in between)
        opening = draft.words[first.start].phrase
        told = any(w.has_copula and w.phrase == opening for w in draft.words[: first.start])
        if told:
            continue  # "there are three letters and the one in the middle is blue"
        if joins and not any(w.role in ("but", "because", "so") for w in between):
            copula = draft.copula_between(first.index, second.start)
            if not copula and draft.copula_between(second.index, index + 1):
                joined.append(other)
    return joined


def _listed_before(draft: Draft, joined: Sequence[int]) -> list[int]:
    """The first subjects of "the star, the triangle and the square are angular"."""
    if len(joined) < 2:
        return []
    first, listed = min(joined), []
    while first > 0:
        last, mention = draft.mentions[first - 1], draft.mentions[first]
        same = draft.words[last.index].sentence == draft.words[mention.index].sentence
        if last.index != mention.start - 1 or last.landmark or not same:
            break
        first -= 1
        listed.append(first)
    return listed


def _join_pointers(draft: Draft) -> None:
    """As in "This is a ball", "here is the mug", "on the left is a box" are one mention each."""
    kept: list[Mention] = []
    for mention in draft.mentions:
        last = kept[-1] if kept else None
        joins = (
            last is not None
            and mention.kind == "noun"
            and last.kind in ("demonstrative", "place")
            and last.phrase == mention.phrase
            and not mention.landmark
            and _equated(draft, last, mention)
            and not any(w.negates for w in draft.words[last.index : mention.start])
            and not _acts_between(draft, last.index + 1, mention.start)
        )
        if joins and last is not None:
            kept.pop()
            mention = replace(
                mention,
                pointer=last.pointer if last.pointer is not None else mention.pointer,
                properties=tuple(
                    {p.index: p for p in last.properties + mention.properties}.values()
                ),
                looked_at=last.looked_at,
                presented=True,
            )
        kept.append(mention)
    draft.mentions[:] = [replace(m, presented=m.presented or _presented(draft, m)) for m in kept]


def _acts_between(draft: Draft, start: int, end: int) -> bool:
    """Whether something is done, rather than said to be ("supposed to be a ball")."""
    return any(
        w.category in ("verb", "preposition")
        and not draft.lexicon.has("naming", w.text)
        and w.role != "to"
        for w in draft.words[start:end]
    )


def _equated(draft: Draft, pointing: Mention, named: Mention) -> bool:
    """Whether what is pointed at is said to be what is named.

    As in "this is a ball", "is that a ball?", "you call that a ball".
    """
    if draft.copula_between(pointing.index, named.start):
        return True
    return pointing.kind == "demonstrative" and named.start == pointing.index + 1


def _presented(draft: Draft, mention: Mention) -> bool:
    """Whether the speaker introduces it: "look, a ball", "there is a ball", "what a ball!"."""
    words = [w for w in draft.words[: mention.start] if w.phrase == mention.phrase]
    opening = draft.words[max(0, mention.start) :][:2]
    if [w.role for w in opening] in (["what", "a"], ["what", "an"]):
        return True
    if words and words[-1].has_copula and any(p.index < mention.start for p in mention.properties):
        return True  # "nearest to us is a rock"
    return any(
        w.category in ("looking", "place", "demonstrative", "pronoun") and w.role != "them"
        for w in words
    )
