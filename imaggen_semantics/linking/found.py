"""What is found while one utterance is linked in one scene, and what it is found with."""

from __future__ import annotations

from imaggen_perception.scene import Scene
from imaggen_semantics.knowledge import Knowledge
from imaggen_semantics.linking.base import Link
from imaggen_semantics.linking.evidence import Evidence
from imaggen_semantics.linking.weighing import Weigher
from imaggen_semantics.mentions import Mention, Reading


class Found:
    """The links so far, by the mentions' positions, and the means to find more.

    Attributes:
        knowledge: of words.
        scene: what is seen.
        reading: what is said.
        mentions: of the reading.
        evidence: what words tell of objects.
        weigher: of the mentions.
        links: found until now.
    """

    def __init__(self, knowledge: Knowledge, reading: Reading, scene: Scene) -> None:
        """Start with no links."""
        self.knowledge, self.scene = knowledge, scene
        self.reading, self.mentions = reading, reading.mentions
        self.evidence = Evidence(knowledge, scene)
        self.weigher = Weigher(knowledge, reading, scene)
        self.links: dict[int, Link] = {}

    def ids(self, number: int) -> tuple[str, ...]:
        """The objects that a mention means."""
        link = self.links.get(number)
        return link.object_ids if link is not None else ()

    def why_not(self, mention: Mention) -> str:
        """Why a mention is not linked, one sentence."""
        if mention.noun_class == "abstract" or self.knowledge.is_abstract(mention.lemma):
            return f'"{mention.lemma}" names nothing that could be seen.'
        if mention.noun_class == "unknown":
            return f'"{mention.lemma}" is not known and fits nothing that is seen.'
        return f"No object seen fits {self.quoted(mention)}."

    def quoted(self, mention: Mention) -> str:
        """The words of a mention that tell which thing is meant, in quotation marks."""
        words = [word.lemma for word in mention.properties if not word.predicated]
        if mention.kind != "place" or not words:
            words.append(mention.lemma or "one")
        return f'"{" ".join(words)}"'
