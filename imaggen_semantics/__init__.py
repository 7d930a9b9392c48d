"""What the words mean for the hands: a scene and an utterance to a gesture plan."""

from imaggen_semantics.config import MatcherConfig
from imaggen_semantics.errors import SemanticsError
from imaggen_semantics.matcher import Matcher, match
from imaggen_semantics.plan import DroppedGesture, GesturePlan, GestureSpec

__all__ = [
    "DroppedGesture",
    "GesturePlan",
    "GestureSpec",
    "Matcher",
    "MatcherConfig",
    "SemanticsError",
    "match",
]
