"""Function words by language: words that carry grammar rather than content.

The lists hold the closed classes (articles, pronouns, prepositions, conjunctions, auxiliaries and
particles), which speakers leave unaccented as a rule. English and German have lists.
"""

from __future__ import annotations

FUNCTION_WORDS: dict[str, frozenset[str]] = {
    "en": frozenset(
        """
        a an the this that these those some any each every either neither no another such
        i me my mine myself you your yours yourself he him his himself she her hers herself it its
        itself we us our ours ourselves they them their theirs themselves one ones who whom whose
        which what there here
        am is are was were be been being do does did done have has had having will would shall
        should can could may might must ought
        about above across after against along among around as at before behind below beneath
        beside between beyond by down during for from in inside into like near of off on onto out
        outside over past since through to toward towards under until up upon with within without
        and but or nor so yet if because although though while whereas than then when where why how
        not n't also too very just only even quite rather
        i'm you're he's she's it's we're they're i've you've we've they've i'll you'll he'll she'll
        it'll we'll they'll i'd you'd he'd she'd we'd they'd that's there's here's what's who's
        isn't aren't wasn't weren't don't doesn't didn't won't wouldn't can't cannot couldn't
        shouldn't haven't hasn't hadn't
        """.split()
    ),
    "de": frozenset(
        """
        der die das den dem des ein eine einen einem einer eines kein keine keinen keinem keiner
        keines dieser diese dieses diesen diesem jener jene jenes jenen jenem jeder jede jedes jeden
        jedem mancher manche manches solche solcher solches welcher welche welches welchen welchem
        ich mich mir du dich dir er ihn ihm sie ihr es wir uns euch ihnen man sich
        mein meine meinen meinem meiner meines dein deine deinen deinem deiner deines sein seine
        seinen seinem seiner seines ihre ihren ihrem ihrer ihres unser unsere unseren unserem
        unserer euer eure euren eurem eurer wer wen wem wessen was
        bin bist ist sind seid war warst waren wart gewesen habe hast hat haben habt hatte hattest
        hatten hattet werde wirst wird werden werdet wurde wurden worden kann kannst können könnt
        konnte konnten muss musst müssen müsst musste mussten soll sollst sollen sollt sollte
        sollten will willst wollen wollt wollte wollten darf darfst dürfen dürft durfte durften
        mag magst mögen möchte möchten würde würden wäre wären hätte hätten
        an am ans auf aufs aus bei beim bis durch für fürs gegen hinter in im ins mit nach neben
        ohne seit über um ums unter unterm von vom vor vorm während wegen zu zum zur zwischen
        und oder aber denn sondern doch als wie wenn weil dass ob obwohl damit bevor nachdem
        da dann so also wo woher wohin warum wann hier dort
        nicht auch noch nur schon sehr ja mal eben halt etwa
        """.split()
    ),
}

SHORT_WORD_LETTERS = 3
"""In a language without a list, words up to this length count as function words: the closed
classes hold a language's shortest words (Zipf's law of abbreviation)."""


def primary_language(language: str) -> str:
    """First part of a BCP 47 tag in lower case: "en" of "en-GB"."""
    return language.split("-")[0].lower()


def is_function_word(word: str, language: str = "en") -> bool:
    """Whether `word` carries grammar rather than content in `language` (BCP 47)."""
    if not any(character.isalnum() for character in word):
        return True  # a sign that is read as a particle: & (and), + (plus)
    plain = word.lower().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    known = FUNCTION_WORDS.get(primary_language(language))
    if known is not None:
        return plain in known
    return plain.isalpha() and len(plain) <= SHORT_WORD_LETTERS
