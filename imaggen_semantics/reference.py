"""Reference: what pronouns continue, what "one" stands for, and to what a part belongs."""

from __future__ import annotations

from dataclasses import replace

from imaggen_semantics.draft import Draft
from imaggen_semantics.genders import PLURAL
from imaggen_semantics.mentions import Mention
from imaggen_semantics.subjects import NOBODY, subject_of

_HAVING = frozenset("has have had having got".split())


def refer(draft: Draft) -> None:
    """Note owners, antecedents, and which mentions are stated to be the same thing."""
    for number, mention in enumerate(draft.mentions):
        changes: dict[str, object] = {}
        if mention.parts:
            changes["owner"] = _owner(draft, number)
        if mention.kind == "demonstrative" and not mention.looked_at:
            changes["antecedent"] = _asked_of(draft, number)
            for find in (_topic, _explained):
                if changes["antecedent"] is None:
                    changes["antecedent"] = find(draft, number)
        if mention.kind == "pronoun":
            changes["antecedent"] = _antecedent(draft, number)
            changes["plural"] = _number(draft, number, changes["antecedent"])
        elif mention.noun_class == "generic" or (mention.kind == "noun" and not mention.lemma):
            changes["antecedent"] = _noun_before(draft, number)
            part = _gapped_part(draft, number)
            if part is not None:
                changes |= {"antecedent": part, "parts": draft.mentions[part].parts,
                            "owner": number - 1}  # fmt: skip
        changes["same_as"] = _stated_same(draft, number)
        draft.mentions[number] = replace(mention, **changes)  # type: ignore[arg-type]


def _owner(draft: Draft, number: int) -> int | None:
    """The mention whose part this one names, or None."""
    mention = draft.mentions[number]
    for other, candidate in enumerate(draft.mentions):
        if other == number:
            continue
        if candidate.kind == "pronoun" and candidate.index == mention.start:
            return other  # "its handle"
        if candidate.index == mention.start - 1 and draft.words[candidate.index].owns:
            return other  # "the cup's handle"
        behind = draft.at(mention.index + 1)
        if behind is not None and draft.lexicon.has("returning", behind.text):
            behind = draft.at(mention.index + 2)  # "the lid back on the bottle"
        if (
            behind is not None
            and behind.role in ("of", "on", "off", "from", "onto")
            and candidate.start == behind.index + 1
        ):
            return other  # "the handle of the cup"
        if candidate.start == mention.index + 1 and draft.lexicon.has(
            "genitives", draft.words[candidate.start].text
        ):
            return other  # "das Dach des Hauses"
    before = draft.at(mention.start - 1)
    if before is None:
        return None
    if before.role == "no" and number > 0 and _goes_on(draft, number, before.index):
        return draft.mentions[number - 1].owner  # "with a handle but no spout"
    if before.role in ("with", "without", "whose", "by") or before.category == "exclusion":
        return draft.before(before.index)
    if before.role in _HAVING or (before.role == "no" and _behind_having(draft, before.index)):
        subject = subject_of(draft, before.index)
        return subject if subject not in (None, NOBODY) else draft.before(before.index)
    return None


def _goes_on(draft: Draft, number: int, index: int) -> bool:
    """Whether only a conjunction parts a part from the one named before."""
    last = draft.mentions[number - 1]
    between = draft.words[last.index + 1 : index]
    return bool(last.parts) and all(w.category == "conjunction" for w in between)


def _behind_having(draft: Draft, index: int) -> bool:
    previous = draft.at(index - 1)
    return previous is not None and previous.role in (*_HAVING, "with")


def _antecedent(draft: Draft, number: int) -> int | None:
    """The mention that a pronoun continues: subjects of late sentences first."""
    pronoun = draft.mentions[number]
    here = draft.words[pronoun.index]
    possessive = here.role in ("its", "their")
    opens = here.has_copula and not pronoun.plural  # "the book it's there" has two clauses
    clause = pronoun.index if opens else _clause_start(draft, pronoun.index)
    best: tuple[tuple[int, ...], int] | None = None
    for other in range(number):
        candidate = draft.mentions[other]
        word = draft.words[candidate.index]
        if candidate.noun_class == "abstract" or candidate.kind == "place":
            continue
        person = candidate.lemma in draft.lexicon.absent and not draft.lexicon.genders.words
        if not _agree(draft, here.text, other):
            continue
        if person and here.role in ("it", "its"):
            continue  # "my sister has the ball; she likes it"
        if candidate.phrase == pronoun.phrase and not possessive and candidate.index >= clause:
            continue
        beside = draft.at(pronoun.start - 1)
        if possessive and candidate.index == pronoun.start - 2 and beside is not None:
            if beside.role in ("to", "on", "at"):
                continue  # "the wedge and the brick to its left"
        at_once = here.has_copula and candidate.index == pronoun.index - 1 and pronoun.index > 0
        rank = (
            int(candidate.negated),
            int(not (at_once and candidate.phrase == pronoun.phrase)),  # "the blue book it's there"
            int(not draft.lexicon.genders.words and pronoun.plural != _is_plural(draft, other)),
            here.sentence - word.sentence,
            int(candidate.noun_class == "unknown"),
            int(candidate.landmark),
            int(bool(candidate.parts) and candidate.owner is not None),
            -candidate.phrase,
            candidate.index,
        )
        if best is None or rank < best[0]:
            best = rank, other
    return best[1] if best is not None else _named_later(draft, number)


def _named_later(draft: Draft, number: int) -> int | None:
    """What the main clause names: "although it is old, the tree blooms"."""
    pronoun = draft.mentions[number]
    opening = next((w for w in draft.words if w.phrase == pronoun.phrase), None)
    if opening is None or not draft.lexicon.has("subordinators", opening.text):
        return None
    if pronoun.index > opening.index + 1 and opening.role == "as":
        return None  # "as I remember it"
    for other in range(number + 1, len(draft.mentions)):
        later = draft.mentions[other]
        same = draft.words[later.index].sentence == opening.sentence
        if not same or later.kind != "noun" or later.noun_class == "abstract":
            return None
        if later.phrase != pronoun.phrase and later.plural == pronoun.plural:
            return other if later.definite else None
    return None


def _agree(draft: Draft, pronoun: str, number: int) -> bool:
    """Whether a pronoun has the gender of a mention, in a language whose nouns have one."""
    genders, mention = draft.lexicon.genders, draft.mentions[number]
    named = mention
    if not mention.lemma and mention.antecedent is not None:
        named = draft.mentions[mention.antecedent]
    return genders.agree(pronoun, named.lemma, plural=_is_plural(draft, number))


def _number(draft: Draft, number: int, antecedent: object) -> bool:
    """Whether a pronoun stands for several things, where only what it continues tells ("sie")."""
    pronoun = draft.mentions[number]
    told = draft.lexicon.genders.of_word(draft.words[pronoun.index].text)
    if not isinstance(antecedent, int) or PLURAL not in told:
        return pronoun.plural
    return _is_plural(draft, antecedent)


def _clause_start(draft: Draft, index: int) -> int:
    """Index of the last conjunction or the like before a word; 0 when its clause is the first."""
    opening = draft.lexicon.grammar.get("subordinators", ())
    for word in reversed(draft.words[:index]):
        if word.category in ("conjunction", "relative") or word.text in opening:
            return word.index
    return 0


def _is_plural(draft: Draft, number: int) -> bool:
    """Whether a mention speaks of several things; a list of things does."""
    mention = draft.mentions[number]
    if mention.plural:
        return True
    following = draft.at(mention.index + 1)
    return following is not None and following.role == "and" and any(
        other.start == following.index + 1 for other in draft.mentions
    )  # fmt: skip


def _noun_before(draft: Draft, number: int) -> int | None:
    """The noun that "one" stands for: of "one of the boxes" that, else the last one before it."""
    behind = draft.at(draft.mentions[number].index + 1)
    if behind is not None and behind.role == "of" and number + 1 < len(draft.mentions):
        if draft.mentions[number + 1].lemma:
            return number + 1
    for other in range(number - 1, -1, -1):
        candidate = draft.mentions[other]
        if candidate.kind == "noun" and candidate.lemma and candidate.noun_class != "abstract":
            return other
    return None


def _gapped_part(draft: Draft, number: int) -> int | None:
    """The part that "one" stands for: "the house has a pointed roof, the barn a flat one"."""
    mention, having = draft.mentions[number], draft.mentions[number - 1] if number else None
    if having is None or mention.definite or having.index != mention.start - 1:
        return None
    for other in range(number - 2, -1, -1):
        named = draft.mentions[other]
        if named.parts and named.owner is not None and named.phrase != mention.phrase:
            return other
    return None


def _corrects(draft: Draft, mention: Mention) -> bool:
    """Whether a mention replaces the one before: "the triangle, I mean the green one"."""
    words = " ".join(w.text for w in draft.words[max(0, mention.start - 3) : mention.start])
    last = draft.before(mention.start)
    again = last is not None and mention.lemma == draft.mentions[last].lemma
    return (again or mention.noun_class == "generic") and any(
        words.endswith(phrase) for phrase in draft.lexicon.grammar.get("correcting", ())
    )


def _stated_same(draft: Draft, number: int) -> int | None:
    """The subject of "the round thing is a ball"."""
    mention = draft.mentions[number]
    described = _described_as(draft, number)
    if described is not None:
        return described
    if mention.kind != "noun" or mention.landmark or mention.negated:
        return None
    previous = draft.at(mention.start - 1)
    while previous is not None and previous.category in ("degree", "function", "verb"):
        doing = previous.category == "verb" and not draft.lexicon.has("naming", previous.text)
        if previous.has_copula or doing:
            break
        previous = draft.at(previous.index - 1)
    if _corrects(draft, mention):
        return draft.before(mention.start)
    beside = _renamed(draft, number)
    if beside is not None:
        return beside
    if previous is None or not previous.has_copula:
        return None
    if _introduces(draft, previous.index):
        return None
    subject = [
        other
        for other, candidate in enumerate(draft.mentions[:number])
        if candidate.phrase == mention.phrase
        and candidate.index <= previous.index
        and not candidate.landmark
    ]
    if not subject:
        return _apart_subject(draft, previous.index)
    first = draft.mentions[subject[0]]
    # "The one with a handle but no spout is a mug"
    return first.owner if first.negated and first.parts else subject[0]


def _described_as(draft: Draft, number: int) -> int | None:
    """What is seen or described "as a triangle"."""
    mention = draft.mentions[number]
    joining = draft.at(mention.start - 1, mention.phrase)
    if number == 0 or joining is None or joining.role != "as":
        return None
    last = draft.mentions[number - 1]
    verb = draft.at(last.start - 1, mention.phrase)
    if last.pointer is not None:
        verb = draft.at(min(last.start, last.pointer) - 1, mention.phrase)
    bases = draft.lexicon.verb_forms.bases(verb.text) if verb is not None else []
    near = last.index == joining.index - 1
    return number - 1 if near and any(draft.lexicon.has("describing", b) for b in bases) else None


def _apart_subject(draft: Draft, copula: int) -> int | None:
    """The subject that a comma parts from "is": "and this, the tall one, is our oldest"."""
    before = draft.at(copula - 1)
    if draft.words[copula].category != "copula":
        return None  # "..., that's a cross" has a subject
    if before is None or draft.at(copula - 1, draft.words[copula].phrase) is not None:
        return None
    last = draft.before(copula)
    same = last is not None and draft.mentions[last].index == copula - 1
    return last if same and before.sentence == draft.words[copula].sentence else None


def _renamed(draft: Draft, number: int) -> int | None:
    """What is named once more: "your cup, the blue one", "that long thing, is that a pen?"."""
    mention = draft.mentions[number]
    if number == 0:
        return None
    if draft.words[mention.index].phrase == draft.mentions[number - 1].phrase:
        return _said_better(draft, number)
    last = draft.mentions[number - 1]
    if last.negated or last.landmark or last.kind != "noun" or mention.plural != last.plural:
        return None
    start = mention.start if mention.pointer is None else min(mention.start, mention.pointer)
    describes = all(w.category == "property" for w in draft.words[last.index + 1 : mention.start])
    if last.index != mention.start - 1 and describes and last.noun_class == "generic":
        start = last.index + 1
    if start != last.index + 1 and not _only_asks(draft, last.index + 1, start):
        return None
    if mention.kind == "demonstrative":
        return None
    if start != last.index + 1:
        return number - 1 if mention.pointer is not None and last.pointer is not None else None
    if last.noun_class == "generic" and not last.definite and not mention.definite:
        named = mention.noun_class == "known" and last.index >= mention.start - 3
        if named and not draft.copula_between(last.index, mention.start):
            return number - 1  # "something orange, a goldfish I guess"
    tests = draft.lexicon.properties
    told = [{tests[p.lemma].shows for p in m.properties} for m in (last, mention)]
    pointed = last.noun_class == "generic" and last.pointer is not None and not last.properties
    again = mention.noun_class == "generic" or (pointed and mention.noun_class == "known")
    again &= mention.definite and not mention.other
    listed = draft.at(mention.index + 1)
    goes_on = listed is not None and listed.phrase == mention.phrase  # "..., the blue one is ..."
    if again and (told[1] or pointed) and not told[0] & told[1] and not goes_on:
        return number - 1
    return None


def _explained(draft: Draft, number: int) -> int | None:
    """What "this" is called at once: "and this, the tall one, is our oldest"."""
    mention, behind = draft.mentions[number], number + 1
    if behind >= len(draft.mentions):
        return None
    named = draft.mentions[behind]
    apart = named.phrase == mention.phrase + 1 and named.start == mention.index + 1
    return (
        behind if apart and named.definite and not draft.words[mention.index].has_copula else None
    )


def _asked_of(draft: Draft, number: int) -> int | None:
    """What "that" is, or is asked to be: "whose tractor is that?"; what "I blew that up" means."""
    mention, last = draft.mentions[number], number - 1
    if last < 0:
        return None
    named, before = draft.mentions[last], draft.at(mention.index - 1)
    if before is not None and before.has_copula and named.index == before.index - 1:
        return last if named.phrase == mention.phrase else None
    parse = draft.words[mention.index].parse
    done_to = parse is not None and parse.relation == "dobj" and mention.index > 0
    earlier = draft.words[named.index].sentence == draft.words[mention.index].sentence - 1
    does = parse is not None and parse.relation in ("nsubj", "nsubjpass")
    if does and before is not None and before.role == "and" and named.phrase != mention.phrase:
        return last  # "the ball rests on the block, and that sits on the box"
    if done_to and earlier and draft.words[mention.index].role in ("this", "that"):
        own = [
            n for n, m in enumerate(draft.mentions[:number]) if not m.landmark and not m.negated
            and draft.words[m.index].sentence == draft.words[named.index].sentence
        ]  # fmt: skip
        return own[0] if own and not draft.mentions[own[0]].plural else None
    return None


def _topic(draft: Draft, number: int) -> int | None:
    """What was named to be spoken of: "the brown one, well, that's enormous"."""
    mention, last = draft.mentions[number], number - 1
    before = draft.at(mention.index - 1, mention.phrase)
    if last < 0 or before is not None or not draft.words[mention.index].has_copula:
        return None
    named = draft.mentions[last]
    phrase = [w for w in draft.words if w.phrase == named.phrase]
    same = draft.words[mention.index].sentence == phrase[0].sentence
    alone = not any(w.has_copula or w.category == "verb" for w in phrase)
    apart = named.phrase != mention.phrase and named.index == phrase[-1].index
    return last if same and alone and apart and named.plural == mention.plural else None


def _said_better(draft: Draft, number: int) -> int | None:
    """What a recogniser's words name once more: "there's a cup on the table a red one"."""
    mention, last = draft.mentions[number], draft.mentions[number - 1]
    again = mention.noun_class == "generic" and not mention.definite and not mention.other
    if not again or last.index != mention.start - 1 or not mention.properties or mention.plural:
        return None
    own = [
        n for n, m in enumerate(draft.mentions[:number])
        if m.phrase == mention.phrase and not m.landmark and m.kind == "noun" and not m.plural
    ]  # fmt: skip
    return own[-1] if own and not draft.mentions[own[-1]].properties else None


def _only_asks(draft: Draft, start: int, end: int) -> bool:
    """Whether nothing but a copula stands between: "..., is that a pen?"."""
    between = draft.words[start:end]
    return bool(between) and all(w.has_copula for w in between)


def _introduces(draft: Draft, copula: int) -> bool:
    """Whether "there is" speaks of a new thing; "the one over there is ..." does not."""
    if draft.words[copula].role == "there":
        return True  # "there's"
    there, before = draft.at(copula - 1), draft.at(copula - 2)
    if there is None or there.category != "place":
        return False
    heads = {mention.index for mention in draft.mentions if not mention.landmark}
    return before is None or (before.role != "over" and before.index not in heads)
