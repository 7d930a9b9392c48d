"""Predication: of which mention the property words outside noun phrases are said.

A parser's subject counts first; without one, or where it finds none, the order of the words
decides: a property behind "is" belongs to the clause's subject, a side ("on the left") to what
stands before it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import zip_longest

from imaggen_semantics.draft import Draft
from imaggen_semantics.mentions import Mention, PropertyWord
from imaggen_semantics.words import AnalyzedWord

_SUBJECTS = ("nsubj", "nsubjpass")
_PREDICATES = ("acomp", "attr", "oprd", "conj", "ROOT", "relcl", "advcl", "ccomp", "xcomp", "acl",
               "dep", "pcomp", "parataxis", "appos", "aux", "auxpass", "advmod", "prep", "pobj",
               "npadvmod")  # fmt: skip
_AUXILIARIES = frozenset("can does do did will is are was were has have could would".split())
_BEFORE_RESULTS = ("article", "noun", "pronoun", "degree", "unknown", "generic", "adjective")
_NOMINAL = ("noun", "unknown", "generic", "abstract", "property", "adjective")
_PERSONS = frozenset(
    "i you we he she someone somebody anyone anybody everyone everybody".split()
)
NOBODY = -1
"""The subject of what is said of a person."""

_CLIMB = 6  # no predicate is deeper below its clause than this


def predicate(draft: Draft) -> None:
    """Attach the loose property words, and join a demonstrative with the noun that it is."""
    _find_postures(draft)
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
    return PropertyWord(
        index, lemma, negated=rests, predicated=True,
        extreme=draft.lexicon.is_superlative(word.text),
    )  # fmt: skip


def is_stopped(draft: Draft, index: int) -> bool:
    """Whether a word for motion stands behind "stop"."""
    before = draft.at(index - 1)
    if before is None or not draft.lexicon.moves(draft.words[index].text):
        return False
    return any(draft.lexicon.has("ceasing", b) for b in draft.lexicon.verb_forms.bases(before.text))


def add_property(draft: Draft, number: int, word: PropertyWord) -> None:
    """Say `word` of a mention, in the order of words; twice is once."""
    mention = draft.mentions[number]
    if any(known.index == word.index for known in mention.properties):
        return
    properties = sorted((*mention.properties, word), key=lambda p: p.index)
    draft.mentions[number] = replace(mention, properties=tuple(properties))


def subject_of(draft: Draft, index: int) -> int | None:
    """The mention that the clause around the word `index` is about."""
    found = _parsed_subject(draft, index)
    return found if found is not None else _clause_subject(draft, index)


def _attach(draft: Draft, index: int) -> bool:
    """Attach one word to something before it; whether that was found."""
    word = draft.words[index]
    if word.category == "property" and _told_next(draft, word):
        return False
    if _is_asked(draft, word):
        return True
    gapped = _gapped_subject(draft, index)
    if gapped is None and word.category == "property":
        gapped = _shown_so(draft, index)
    if gapped is None and word.category == "property":
        gapped = _made_so(draft, index)
    if gapped is not None:
        add_property(draft, gapped, said_of(draft, index))
        return True
    if word.category == "property" and _shows(draft, word) == "position":
        if _is_direction(draft, index) or _shades(draft, index):
            return True
        target = _placed(draft, index)
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
    if _become(draft, index):
        return True  # no motion
    rests = draft.lexicon.has("resting", word.text)
    target = _placed(draft, index) if rests else _moved(draft, index)
    if target is None:
        target = subject_of(draft, index)
    if target == NOBODY:
        return True
    if target is None:
        return word.category != "property"  # a verb waits for nothing
    for number in (target, *_joined_with(draft, target, index)):
        add_property(draft, number, said_of(draft, index))
    return True


def _shown_so(draft: Draft, index: int) -> int | None:
    """What is "this big": "a handbag this big and this red"."""
    showing = draft.at(index - 1)
    if showing is None or showing.role not in ("this", "that") or showing.has_copula:
        return None
    return draft.before(showing.index)


def _is_asked(draft: Draft, word: AnalyzedWord) -> bool:
    """Whether it is asked of what a comparison is true: "which is shorter, the red one or ..."."""
    phrase = [w for w in draft.words if w.phrase == word.phrase]
    opening = next((n for n, w in enumerate(phrase) if draft.lexicon.has("asking", w.text)), None)
    if opening is None or opening + 1 >= len(phrase) or not draft.lexicon.is_comparative(word.text):
        return False
    return word.category == "property" and phrase[opening + 1].has_copula


def _told_next(draft: Draft, word: AnalyzedWord) -> bool:
    """Whether the next phrase tells what a list describes: "tall and thin, that's the glass"."""
    if not _only_describes(draft, word.phrase):
        return False
    behind = next((w for w in draft.words[word.index :] if w.phrase != word.phrase), None)
    return (
        behind is not None
        and behind.sentence == word.sentence
        and behind.category in ("demonstrative", "place")
        and (behind.has_copula or draft.copula_between(behind.index, behind.index + 2))
    )


def _is_direction(draft: Draft, index: int) -> bool:
    """Whether a side tells where something leads: "it leans to the right", "turn it left"."""
    before = draft.words[max(0, index - 8) : index]
    toward = index > 1 and draft.words[index - 1].role == "the" and (
        draft.words[index - 2].role in ("to", "toward", "towards")
    )  # fmt: skip
    if draft.words[index - 1].role == "to":
        return True  # "nach links"
    leads = any(
        w.category == "verb" and draft.lexicon.moves(w.text)
        or w.category == "property" and _shows(draft, w) in ("orientation", "motion")
        or draft.lexicon.has("leading", w.text)
        for w in before
    )  # fmt: skip
    return leads and (toward or draft.words[index - 1].role != "the")


def _shades(draft: Draft, index: int) -> bool:
    """Whether a side only tells where another property holds: "oben spitz"."""
    behind = draft.at(index + 1, draft.words[index].phrase)
    uninflected = "adjectives_as_nouns" in draft.lexicon.features
    return uninflected and behind is not None and behind.category == "property" and (
        _shows(draft, behind) != "position" and not draft.lexicon.is_declined(behind.text)
    )  # fmt: skip


def _become(draft: Draft, index: int) -> bool:
    """Whether a verb says what something becomes: "it has turned black"."""
    word = draft.words[index]
    bases = draft.lexicon.verb_forms.bases(word.text)
    if word.category != "verb" or not any(draft.lexicon.has("becoming", b) for b in bases):
        return False
    behind = [w for w in draft.words[index + 1 :] if w.phrase == word.phrase]
    for said, follower in zip_longest(behind, behind[1:]):
        describes = follower is not None and follower.category in _NOMINAL
        if said.category == "property" and _shows(draft, said) != "position" and not describes:
            return True
        if said.category not in (*_BEFORE_RESULTS, "property") and said.role != "of":
            return False
    return False


def _made_so(draft: Draft, index: int) -> int | None:
    """The object of "years have turned the pan black"."""
    last = draft.before(index)
    if last is None:
        return None
    between = draft.words[draft.mentions[last].index + 1 : index]
    if any(w.category not in ("article", "degree", "function", "adjective") for w in between):
        return None
    while last is not None:
        before = draft.at(draft.mentions[last].start - 1, draft.words[index].phrase)
        if before is not None and before.role == "of":  # "the roof of the house"
            last = draft.before(before.index)
            continue
        return last if before is not None and _become(draft, before.index) else None
    return None


def _moved(draft: Draft, index: int) -> int | None:
    """What a verb of motion moves: its object in "please spin the ball", "he pushed the box"."""
    word = draft.words[index]
    if word.category != "verb":
        return None
    ahead = draft.after(index + 1)
    if ahead is None or draft.mentions[ahead].start != index + 1:
        return None
    mention = draft.mentions[ahead]
    forbidden = any(w.negates and w.phrase == word.phrase for w in draft.words[:index])
    fits = mention.phrase == word.phrase and mention.kind != "place" and mention.definite
    fits &= not forbidden  # "don't push the bowl" does not say that it stands still
    return ahead if fits else None


def _gapped_subject(draft: Draft, index: int) -> int | None:
    """The new subject of "the ball is red and the box blue", where "is" is left out."""
    word = draft.words[index]
    number = draft.before(index)
    if number is None or word.category != "property":
        return None
    mention = draft.mentions[number]
    before = draft.at(mention.start - 1)
    joined = before is not None and before.category == "conjunction"
    if _is_gapped(draft, mention, index):
        return number
    behind = draft.at(index + 1, word.phrase)
    ends = behind is None or behind.category == "conjunction"
    if mention.index == index - 1 and mention.kind == "pronoun" and mention.plural and ends:
        # "Three blocks, all of them square", but "one of them black"
        some = number and draft.mentions[number - 1].index == mention.index - 2
        return number - 1 if some and before is not None and before.role == "of" else number
    if mention.index == index - 1 and mention.noun_class == "generic" and ends:
        return number  # "... and the last one blue"
    if mention.index != index - 1 or not joined or before is None:
        return None
    return number if ends and draft.copula_between(0, before.index) else None


def _is_gapped(draft: Draft, mention: Mention, index: int) -> bool:
    """As in "The near one is blue, the one in the distance green": a clause without its "is"."""
    phrase = [w for w in draft.words if w.phrase == mention.phrase]
    last = draft.at(phrase[0].index - 1)
    if last is None or last.sentence != phrase[0].sentence or mention.start > phrase[0].index + 1:
        return False
    stated = [w for w in draft.words if w.phrase == last.phrase]
    between = draft.words[mention.index + 1 : index]
    return (
        any(w.has_copula for w in stated)
        and not any(w.has_copula or w.category == "verb" for w in phrase)
        and index == phrase[-1].index
        and mention.definite
        and _shows(draft, draft.words[index]) != "position"
        and all(w.category == "function" or _shows(draft, w) == "position" for w in between)
    )


def _attach_ahead(draft: Draft, index: int) -> None:
    """As in "On the left is a box", "round, that ball"; a side without a thing refers by itself."""
    word = draft.words[index]
    ahead = draft.after(index + 1)
    is_side = _shows(draft, word) == "position"
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
        ahead_of = 2 if is_side and _only_places(draft, word) else 0 if is_side else 1
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
    if is_side and named is not None and _follows(draft, named, word):
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


def _only_places(draft: Draft, word: AnalyzedWord) -> bool:
    """Whether a phrase names a side and nothing that lies there: "at the bottom, ..."."""
    kinds = ("property", "preposition", "article", "function", "degree", "conjunction", "relation",
             "unknown")  # fmt: skip
    return all(w.category in kinds for w in draft.words if w.phrase == word.phrase)


def _acts_on(draft: Draft, start: int, end: int) -> bool:
    """Whether a verb stands between that does not only say that something is seen there."""
    return any(
        w.category == "verb"
        and not any(draft.lexicon.has("perceiving", base) for base in _bases(draft, w))
        for w in draft.words[start:end]
    )


def _follows(draft: Draft, number: int, word: AnalyzedWord) -> bool:
    """Whether a phrase of nothing but places ends a sentence, right behind a thing that is named."""
    mention = draft.mentions[number]
    last = draft.words[-1] if draft.words[-1].sentence == word.sentence else None
    return (
        mention.kind == "noun"
        and mention.phrase == word.phrase - 1
        and _only_places(draft, word)
        and last is not None
        and last.phrase == word.phrase
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


def _shows(draft: Draft, word: AnalyzedWord) -> str:
    return draft.lexicon.properties[word.lemma].shows if word.category == "property" else "motion"


def _placed(draft: Draft, index: int) -> int | None:
    """What a side belongs to: the nearest mention before it that is no landmark itself."""
    phrase = draft.words[index].phrase
    before = [n for n, m in enumerate(draft.mentions) if m.phrase == phrase and m.index < index]
    own = [n for n in before if not draft.mentions[n].landmark or _is_compared(draft, n)]
    governed = _governed(draft, index)
    if governed in before:
        return governed
    return own[-1] if own else (before[-1] if before else None)


def _governed(draft: Draft, index: int) -> int | None:
    """What the parser takes a side for a part of: "put your finger on the letter in the middle"."""
    parse = draft.words[index].parse
    above = draft.words[parse.head].parse if parse is not None else None
    if parse is None or above is None or parse.relation != "pobj" or above.relation != "prep":
        return None
    return next((n for n, m in enumerate(draft.mentions) if m.index == above.head), None)


def _is_compared(draft: Draft, number: int) -> bool:
    """Whether a mention stands behind "than", so that what follows belongs to it."""
    before = draft.at(draft.mentions[number].start - 1)
    return before is not None and before.role == "than"


def _parsed_subject(draft: Draft, index: int) -> int | None:
    """The subject that the parser finds, climbing from the word to its clause."""
    here = index
    for _ in range(_CLIMB):
        parse = draft.words[here].parse
        if parse is None:
            return None
        if parse.relation == "amod":
            return _covering(draft, parse.head)
        for child in sorted(_children(draft, here), key=lambda child: abs(child - index)):
            word = draft.words[child]
            if word.parse is not None and word.parse.relation in _SUBJECTS:
                if word.role in _PERSONS and parse.relation != "relcl" and _is_own(draft, child, index):
                    return NOBODY
                if word.category in ("relative", "demonstrative") and parse.relation == "relcl":
                    return _covering(draft, parse.head)
                found = _covering(draft, child)
                if found is not None:
                    return found
                if word.category == "aspect":  # "the shape of the ball is round"
                    return _first_behind(draft, child)
        if parse.relation == "relcl":
            return _covering(draft, parse.head)
        if parse.relation not in _PREDICATES or parse.head == here:
            return None
        here = parse.head
        own = _covering(draft, here)
        if own is not None and parse.relation in ("acl", "appos") and here < index:
            return own
    return None


def _is_own(draft: Draft, subject: int, index: int) -> bool:
    """Whether nothing but "am", "are" and degrees part a person from a property: "I am tall"."""
    between = draft.words[subject + 1 : index]
    return subject < index and all(w.has_copula or w.category == "degree" for w in between)


def _children(draft: Draft, head: int) -> Iterator[int]:
    for word in draft.words:
        if word.parse is not None and word.parse.head == head and word.index != head:
            yield word.index


def _covering(draft: Draft, index: int) -> int | None:
    """The mention in whose noun phrase the word stands."""
    for number, mention in enumerate(draft.mentions):
        if mention.start <= index <= mention.index:
            return number
    return None


def _first_behind(draft: Draft, index: int) -> int | None:
    ahead = draft.after(index)
    near = ahead is not None and draft.mentions[ahead].phrase == draft.words[index].phrase
    return ahead if near else None


def _clause_subject(draft: Draft, index: int) -> int | None:
    """The subject by the order of words; needs a copula or verb before the word."""
    word = draft.words[index]
    start = index
    while start > 0 and draft.words[start - 1].phrase == word.phrase:
        start -= 1
    for back in range(index - 1, start - 1, -1):
        if draft.words[back].category == "relative" and draft.before(back) is not None:
            return draft.before(back)  # else it asks: "who made the globe spin?"
    end = index + 1
    while "verbs_last" in draft.lexicon.features and draft.at(end, word.phrase) is not None:
        end += 1  # "dass der Ball rund ist"
    has_copula = draft.copula_between(start, end) or word.category == "verb"
    inside = [
        number
        for number, mention in enumerate(draft.mentions)
        if start <= mention.index < index
        and not mention.landmark
        and draft.words[mention.index].category != "article"  # the "its" of "its handle"
    ]
    if inside:
        return inside[0] if has_copula else None
    if draft.copula_between(start, end) or _goes_on(draft, start, index):
        carried = _carried_subject(draft, start)
        return carried if carried is not None else _listed_of(draft, start)
    return None


def _listed_of(draft: Draft, start: int) -> int | None:
    """What a list of properties describes: "look at the ladder: tall, narrow and tilted"."""
    first = start
    while first > 0 and _only_describes(draft, draft.words[first - 1].phrase):
        first -= 1
    named = next((n for n, m in enumerate(draft.mentions) if m.index == first - 1), None)
    if named is None or draft.words[first - 1].sentence != draft.words[start].sentence:
        return None
    return named if _only_describes(draft, draft.words[start].phrase) else None


def _only_describes(draft: Draft, phrase: int) -> bool:
    """Whether a phrase holds properties and nothing that they could be said of."""
    words = [w for w in draft.words if w.phrase == phrase]
    kinds = ("property", "adjective", "conjunction", "degree", "negation")
    return all(w.category in kinds for w in words)


def _goes_on(draft: Draft, start: int, index: int) -> bool:
    """Whether only properties and conjunctions stand between: "..., round and flat"."""
    return all(
        word.category in ("property", "adjective", "conjunction", "degree", "negation", "function")
        for word in draft.words[start:index]
    )


def _carried_subject(draft: Draft, start: int) -> int | None:
    """The subject of the phrases before, in the same sentence, if they had a copula."""
    if start == 0:
        return None
    sentence = draft.words[start].sentence
    if draft.words[start - 1].sentence != sentence:
        return None
    first = start
    while first > 0 and draft.words[first - 1].sentence == sentence:
        first -= 1
    if not draft.copula_between(first, start):
        return None
    own = [n for n, m in enumerate(draft.mentions) if first <= m.index < start and not m.landmark]
    interrupted = [n for n in own if _waits_for_predicate(draft, n, start)]
    return next(iter(interrupted or own), None)


def _waits_for_predicate(draft: Draft, number: int, start: int) -> bool:
    """Whether something only parts a thing from its copula: "the ball, on the other hand, is"."""
    mention = draft.mentions[number]
    alone = [w for w in draft.words if w.phrase == mention.phrase and w.index > mention.index]
    between = [w for w in draft.words[mention.index + 1 : start]]
    return (
        not alone
        and draft.words[start].has_copula
        and all(w.category in ("figurative", "function", "degree") for w in between)
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
    """Whether the speaker introduces it: "look, a ball", "there is a ball", "it is a ball"."""
    words = [w for w in draft.words[: mention.start] if w.phrase == mention.phrase]
    return any(
        w.category in ("looking", "place", "demonstrative", "pronoun") and w.role != "them"
        for w in words
    )
