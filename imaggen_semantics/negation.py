"""Negation: which mentions are not meant, and which properties are denied."""

from __future__ import annotations

from dataclasses import replace

from imaggen_semantics.analyzed_word import AnalyzedWord, Category
from imaggen_semantics.draft import Draft
from imaggen_semantics.predication import add_property, is_stopped

# What may stand between "not" and the noun phrase that it denies.
_SKIPPED: frozenset[Category] = frozenset({"degree", "function", "copula", "preposition"})
_NOBODY = ("nothing", "none", "no", "nobody")
_CORRECTION_WORDS = 6  # a correction follows at once: "no sorry I mean the saw"


def deny(draft: Draft) -> None:
    """Mark what the negating words of the utterance deny."""
    grammar = draft.lexicon.grammar
    for word in draft.words:
        if word.category == "exclusion":
            _deny_excluded(draft, word)
        elif word.text in grammar.get("rejecting", ()):
            _reject_object(draft, word)
        elif word.text in grammar.get("unlike", ()):
            _deny_of_other(draft, word)
        elif _retracts(draft, word):
            _retract(draft, word)
        elif word.negates and not _asks(draft, word):
            _deny_behind(draft, word)


def _retracts(draft: Draft, word: AnalyzedWord) -> bool:
    """As in "The hammer, no sorry, I mean the saw": the words correct themselves."""
    following = draft.at(word.index + 1)
    if word.role in ("no", "sorry", "wait", "oops") and following is not None:
        mends = following.role in ("sorry", "wait", "i", "the", "actually", "rather", "not")
        before = draft.before(word.index)
        replaced = before is not None and draft.mentions[before].index == word.index - 1
        mends |= replaced and following.category in ("article", "quantifier", "demonstrative")
        named = draft.before(word.index) is not None or _last_said(draft, word) is not None
        return mends and named and following.role != "not"
    return False


def _last_said(draft: Draft, word: AnalyzedWord) -> int | None:
    """The last thing named in the sentence before: "pass me the tire. No, wait, the can!"."""
    if word.index == 0 or draft.words[word.index - 1].sentence == word.sentence:
        return None
    if word.role != "no":
        return None
    return draft.before(word.index - 1) or _ending(draft, word.index - 1)


def _ending(draft: Draft, index: int) -> int | None:
    return next((n for n, m in enumerate(draft.mentions) if m.index == index), None)


def _corrected(draft: Draft, word: AnalyzedWord) -> int | None:
    """The thing that is meant instead; "wait" and its like are none."""
    for number, mention in enumerate(draft.mentions):
        behind = mention.start > word.index
        same = draft.words[mention.index].sentence == word.sentence
        if behind and same and not draft.lexicon.has("retracting", mention.lemma):
            return number
    return None


def _retract(draft: Draft, word: AnalyzedWord) -> None:
    """The last thing named before is not meant, if another one is named behind."""
    before, behind = draft.before(word.index), _corrected(draft, word)
    if before is None:
        before = _last_said(draft, word)
    if before is None or behind is None:
        return
    said = draft.words[draft.mentions[before].index + 1 : word.index]
    corrects = draft.mentions[behind].start - word.index <= _CORRECTION_WORDS
    if corrects and not any(w.has_copula or w.category == "verb" for w in said):
        _deny_mention(draft, before)


def _asks(draft: Draft, word: AnalyzedWord) -> bool:
    """As in "Isn't the box red?", "why don't you take the box?" ask and deny nothing."""
    before = [w for w in draft.words[: word.index] if w.phrase == word.phrase]
    if word.category == "negation":
        return False
    tagged, end = draft.at(word.index + 1, word.phrase), draft.at(word.index + 2, word.phrase)
    if tagged is not None and tagged.category == "pronoun" and end is None:
        return True  # "..., isn't it"
    opening = all(w.category == "conjunction" or w.role in ("why", "well", "so") for w in before)
    following = draft.at(word.index + 1, word.phrase)
    inverted = following is None or following.category in (
        "article", "pronoun", "demonstrative", "quantifier", "place"
    ) or following.role in ("you", "we", "i")  # fmt: skip
    imperative = word.role in ("do",) and not any(w.role == "why" for w in before)
    return opening and inverted and not (imperative and following is not None
                                         and following.category != "function")  # fmt: skip


def _reject_object(draft: Draft, word: AnalyzedWord) -> None:
    """As in "Forget the doll": the verb's object is not meant."""
    ahead = draft.after(word.index + 1)
    if ahead is None or draft.mentions[ahead].start > word.index + 2:
        return
    if draft.mentions[ahead].kind == "pronoun":
        return  # "drop it off"
    before = draft.at(word.index - 1)
    if before is not None and (before.negates or before.role in ("i", "we", "you", "to")):
        return  # "don't forget the doll"
    _deny_mention(draft, ahead)


def _deny_of_other(draft: Draft, word: AnalyzedWord) -> None:
    """As in "Unlike the cup, the bottle is tall": this is denied of the cup."""
    other = draft.after(word.index + 1)
    if other is None:
        return
    for number, mention in enumerate(draft.mentions):
        same = draft.words[mention.index].sentence == word.sentence
        if same and number != other:
            stated = [p for p in mention.properties if p.predicated]
            for said in stated:
                add_property(draft, other, replace(said, negated=not said.negated))
            if stated:
                return


def _deny_excluded(draft: Draft, word: AnalyzedWord) -> None:
    """As in "Rather than the box": the next noun phrase, or "anything but round": the property."""
    following = draft.at(word.index + 1)
    if following is not None and following.category == "exclusion":
        return  # its last word counts
    before = [w for w in draft.words[: word.index] if w.phrase == word.phrase]
    if any(w.negates and w.role in _NOBODY for w in before):
        return  # "it spared nothing except the ring"
    if following is not None and following.category in ("property", "degree"):
        _deny_properties(draft, word.index, following.phrase)
    ahead = draft.after(word.index + 1)
    if ahead is None or draft.mentions[ahead].start > word.index + 3:
        return
    _deny_mention(draft, ahead)
    mention = draft.mentions[ahead]
    behind = draft.at(mention.index + 1)
    if behind is not None and behind.has_copula:  # "everything except the ball is red"
        said = tuple(replace(p, negated=True) if p.predicated else p for p in mention.properties)
        draft.mentions[ahead] = replace(mention, properties=said)


def _deny_behind(draft: Draft, word: AnalyzedWord) -> None:
    if word.role == "without" and not _part_behind(draft, word):
        return  # "you won't get far without the white pole" speaks of the pole
    end = _scope(draft, word)
    ahead = [
        number for number, mention in enumerate(draft.mentions) if word.index < mention.start < end
    ]
    if word.role in ("neither", "nor") and _has_predicate(draft, word):
        _deny_properties(draft, word.index, None, sentence=word.sentence)
        return
    if word.role in _NOBODY and any(
        w.category == "exclusion" and w.sentence == word.sentence for w in draft.words
    ):
        return  # "nothing is round except the ball": the ball is
    # These deny what is said, not the thing.
    whole = word.role in ("none", "nothing", "hardly", "one", "single")
    if ahead and not whole and _is_denied(draft, word, draft.mentions[ahead[0]].start):
        first = ahead[0]
        _deny_mention(draft, first)
        for number in ahead[1:]:
            if _listed(draft, draft.mentions[first].index, draft.mentions[number].start):
                _deny_mention(draft, number)
                first = number
    _deny_properties(draft, word.index, None, until=end)
    if "negation_last" in draft.lexicon.features and word.role == "not":
        _deny_clause(draft, word)


def _deny_clause(draft: Draft, word: AnalyzedWord) -> None:
    """As in "Rund ist er nicht", "den Ball meine ich nicht": denied is what stands before."""
    behind = [w for w in draft.words[word.index + 1 :] if w.phrase == word.phrase]
    if any(w.category not in ("verb", "copula", "function") for w in behind):
        return
    choosing = any(
        draft.lexicon.has("choosing", w.text) for w in draft.words if w.phrase == word.phrase
    )
    for number, mention in enumerate(draft.mentions):
        said = tuple(
            replace(p, negated=not p.negated)
            if p.predicated and draft.words[p.index].phrase == word.phrase and p.index < word.index
            else p
            for p in mention.properties
        )
        draft.mentions[number] = replace(mention, properties=said)
        own = mention.phrase == word.phrase and mention.index < word.index
        if choosing and own and mention.kind == "noun" and not mention.landmark:
            _deny_mention(draft, number)


def _scope(draft: Draft, word: AnalyzedWord) -> int:
    """Index behind the last word that the negation can reach: its phrase, without "but ...".

    A predicate of its own is out of reach: "the ball that is not round is red".
    """
    end = word.index + 1
    said = False
    while (following := draft.at(end)) is not None and following.sentence == word.sentence:
        if said and following.has_copula:
            break
        said |= following.category == "property"
        if following.phrase != word.phrase and following.role not in ("nor", "or"):
            listed = end > 0 and draft.words[end - 1].role in ("or", "nor")
            if not listed:
                break
        end += 1
    return end


def _is_denied(draft: Draft, word: AnalyzedWord, start: int) -> bool:
    """Whether a negation denies that the noun phrase at `start` is meant."""
    between = draft.words[word.index + 1 : start]
    if any(draft.lexicon.has("subordinators", w.text) for w in between):
        return False  # "I won't ask where they came from"
    verbs = [w for w in between if w.category in ("verb", "looking")]
    if word.role == "no" and between:
        return False  # "no, the green one"
    choosing = draft.lexicon.grammar.get("choosing", frozenset())
    if verbs:
        last = verbs[-1]
        lemma = last.parse.lemma if last.parse is not None else last.text
        has_part = lemma in ("have", "has", "had") and _part_at(draft, start)
        return lemma in choosing or last.text in choosing or has_part
    if any(w.role in ("have", "has", "had") for w in between):
        return _part_at(draft, start)
    if any(w.text in choosing for w in between):
        return True
    return all(w.category in _SKIPPED for w in between)


def _part_behind(draft: Draft, word: AnalyzedWord) -> bool:
    ahead = draft.after(word.index + 1)
    return ahead is None or bool(draft.mentions[ahead].parts) or not draft.mentions[ahead].definite


def _part_at(draft: Draft, start: int) -> bool:
    return any(m.start == start and bool(m.parts) for m in draft.mentions)


def _listed(draft: Draft, end: int, start: int) -> bool:
    """Whether only "or", "nor" stand between two noun phrases."""
    between = draft.words[end + 1 : start]
    return bool(between) and all(
        w.role in ("or", "nor") or w.category in ("preposition", "relation") for w in between
    ) and any(w.role in ("or", "nor") for w in between)  # fmt: skip


def _has_predicate(draft: Draft, word: AnalyzedWord) -> bool:
    """Whether something is said later in the sentence of what "neither" counts up."""
    return any(
        p.predicated and p.index > word.index and draft.words[p.index].sentence == word.sentence
        for m in draft.mentions
        if m.index > word.index or m.index < word.index
        for p in m.properties
    )


def _deny_mention(draft: Draft, number: int) -> None:
    draft.mentions[number] = replace(draft.mentions[number], negated=True)


def _deny_properties(
    draft: Draft, behind: int, phrase: int | None, *, until: int | None = None,
    sentence: int | None = None,
) -> None:  # fmt: skip
    """Deny what is stated behind a word, in its phrase or sentence."""
    for number, mention in enumerate(draft.mentions):
        if mention.negated and mention.index > behind:
            continue  # the words about what is not meant are true of it
        denied = []
        for word in mention.properties:
            here = draft.words[word.index]
            if here.phrase != mention.phrase and word.index < mention.start:
                denied.append(word)  # carried over: "the boxes can't roll, the ball can"
                continue
            inside = word.index > behind and (
                (phrase is not None and here.phrase == phrase)
                or (sentence is not None and here.sentence == sentence)
                or (until is not None and word.index < until)
            )
            stated = word.predicated or (mention.index < behind < word.index)
            # "It won't stay still", "it won't stop spinning" move.
            rests = draft.lexicon.has("resting", here.text) or is_stopped(draft, here.index)
            now = (inside and stated) != word.negated if rests else word.negated or (
                inside and stated
            )  # fmt: skip
            denied.append(replace(word, negated=now))
        draft.mentions[number] = replace(mention, properties=tuple(denied))
