"""What simpler systems understand of the same sentences."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from imaggen_evaluation.semantics.cases import COLORS, VALUES, CaseSet, Statement
from imaggen_evaluation.semantics.understanding import Understanding, measure
from imaggen_perception.scene import Scene, SceneObject
from imaggen_semantics.knowledge import Embedder
from imaggen_speech.function_words import FUNCTION_WORDS
from imaggen_speech.utterance import Utterance

_WORDS = FUNCTION_WORDS["en"]
_THRESHOLDS = (0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7)


@dataclass(frozen=True)
class EmbeddingUnderstander:
    """Nothing but embeddings: a word means the object whose description is likest.

    Every content word is compared with a description of each object (colour, shape and label), with
    the names of its parts and with the names of all properties; the best cosine decides. What is
    said is said of the object of the nearest linked word. There is no grammar, hence no negation,
    reference or relation.

    Attributes:
        embedder: of words and descriptions.
        threshold: least cosine of a link or a property.
    """

    embedder: Embedder
    threshold: float

    def understand(self, scene: Scene, utterance: Utterance) -> Understanding:
        """See `Understander`."""
        links: dict[int, tuple[frozenset[str], bool]] = {}
        said: list[tuple[int, str]] = []
        names = _names(scene.objects)
        for index, word in enumerate(utterance.words):
            text = word.text.lower().strip(".,;:!?\"'")
            if not text or text in _WORDS:
                continue
            name, likeness = self.embedder.nearest(text, list(names)) if names else ("", -1.0)
            value, fit = self.embedder.nearest(text, sorted(VALUES))
            if max(likeness, fit) < self.threshold:
                continue
            if likeness > fit:
                links[index] = (frozenset({names[name]}), False)
            else:
                said.append((index, value))
        says = frozenset(_nearest(links, said))
        return Understanding(links, says, frozenset(), bool(links))


def _names(objects: Iterable[SceneObject]) -> dict[str, str]:
    """What is meant, by its description."""
    names: dict[str, str] = {}
    for seen in objects:
        color = seen.color.name if seen.color.name in COLORS else ""
        described = f"{color} {seen.shape.family} {seen.label}".strip()
        names.setdefault(seen.label or described, seen.id)
        for part in seen.parts:
            if part.name not in ("body", ""):
                names.setdefault(part.name, f"{seen.id}.{part.name}")
    return names


def _nearest(
    links: dict[int, tuple[frozenset[str], bool]], said: Sequence[tuple[int, str]]
) -> Iterable[Statement]:
    for index, value in said:
        if links:
            nearest = min(links, key=lambda other: abs(other - index))
            for target in links[nearest][0]:
                yield Statement(target, value)


def best_embeddings(embedder: Embedder, cases: CaseSet) -> EmbeddingUnderstander:
    """The baseline with the threshold that links best on the cases for tuning."""
    candidates = [EmbeddingUnderstander(embedder, threshold) for threshold in _THRESHOLDS]
    return max(candidates, key=lambda u: measure(u, cases, "tune").link_accuracy)
