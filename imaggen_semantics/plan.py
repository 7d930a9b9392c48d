"""The gesture plan: what to show and when, never how the joints move."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from imaggen_perception.scene import Scene
from imaggen_semantics.errors import SemanticsError

Phrase = Literal["beat", "iconic", "deictic"]
Practice = Literal[
    "drawing", "shaping", "sizing", "posturing", "placing", "indexing", "counting", "grasping"
]
PRACTICES: tuple[Practice, ...] = (
    "drawing", "shaping", "sizing", "posturing", "placing", "indexing", "counting", "grasping",
)  # fmt: skip
Hands = Literal["left", "right", "both", "either"]
Viewpoint = Literal["speaker", "viewer"]


@dataclass(frozen=True)
class GestureSpec:
    """One gesture to perform.

    Attributes:
        phrase: kind of gesture.
        practice: how the hand depicts (drawing: the fingertip traces the outline; shaping: palms
            follow opposite sides; sizing: palms show an extent; posturing: the hand stands for the
            object; placing: it sets the object down where it is; indexing: it points; counting:
            it shows a number; grasping: it grips).
        hands: which hand; "either" leaves the choice to motion.
        object_id: object of the plan's scene.
        property: what is shown (outline, extent, size, orientation, part, position, relation,
            number).
        affiliate: indices into the utterance's words, ascending.
        stroke_start_s, stroke_end_s: when the stroke should happen, from the utterance's start.
        confidence: 0..1.
        reason: one sentence for people.
        value: of the property, where a word says it best (height, left_of, 3).
        part: name of the object's part that is shown; empty: the whole.
        related: further objects (what something is placed next to, what is counted).
        fallback: practices to try in turn where this one cannot be performed.
        score: how much the gesture is worth, 0..1; what it beat is worth less.
    """

    phrase: Phrase
    practice: Practice
    hands: Hands
    object_id: str
    property: str
    affiliate: tuple[int, ...]
    stroke_start_s: float
    stroke_end_s: float
    confidence: float
    reason: str
    value: str = ""
    part: str = ""
    related: tuple[str, ...] = ()
    fallback: tuple[Practice, ...] = ()
    score: float = 0.0

    def __post_init__(self) -> None:
        if self.stroke_end_s <= self.stroke_start_s:
            raise SemanticsError(
                f"a stroke must end after it starts, got {self.stroke_start_s:.3f}.."
                f"{self.stroke_end_s:.3f} s"
            )
        if not self.affiliate:
            raise SemanticsError("a gesture needs the word it belongs to (its affiliate)")


@dataclass(frozen=True)
class DroppedGesture:
    """A gesture that was considered and is not performed, and why."""

    gesture: GestureSpec
    reason: str


@dataclass(frozen=True)
class GesturePlan:
    """The gestures of one utterance, in the order of their strokes.

    Attributes:
        viewpoint: "speaker" shows shapes as the robot sees them; "viewer" mirrors them left-right
            for the person in front.
    """

    scene: Scene
    gestures: tuple[GestureSpec, ...]
    dropped: tuple[DroppedGesture, ...] = ()
    utterance_id: str = ""
    viewpoint: Viewpoint = "speaker"
