"""Gesture plans as messages and back."""

from __future__ import annotations

from typing import Any, cast

from builtin_interfaces.msg import Time

from imaggen_interfaces.msg import DroppedGesture as DroppedGestureMsg
from imaggen_interfaces.msg import GesturePlan as GesturePlanMsg
from imaggen_interfaces.msg import GestureSpec as GestureSpecMsg
from imaggen_perception.nodes.conversions import scene_from_msg, scene_to_msg
from imaggen_semantics.plan import DroppedGesture, GesturePlan, GestureSpec


def gesture_to_msg(gesture: GestureSpec) -> GestureSpecMsg:
    """One gesture as a message."""
    return GestureSpecMsg(
        phrase=gesture.phrase,
        practice=gesture.practice,
        hands=gesture.hands,
        object_id=gesture.object_id,
        property=gesture.property,
        affiliate=list(gesture.affiliate),
        stroke_start=gesture.stroke_start_s,
        stroke_end=gesture.stroke_end_s,
        confidence=gesture.confidence,
        reason=gesture.reason,
        value=gesture.value,
        part=gesture.part,
        related=list(gesture.related),
        fallback=list(gesture.fallback),
        score=gesture.score,
    )


def gesture_from_msg(message: GestureSpecMsg) -> GestureSpec:
    """The gesture of a message.

    Raises:
        SemanticsError: when its stroke window or affiliate makes no sense.
    """
    return GestureSpec(
        phrase=cast(Any, message.phrase),
        practice=cast(Any, message.practice),
        hands=cast(Any, message.hands),
        object_id=message.object_id,
        property=message.property,
        affiliate=tuple(int(index) for index in message.affiliate),
        stroke_start_s=message.stroke_start,
        stroke_end_s=message.stroke_end,
        confidence=message.confidence,
        reason=message.reason,
        value=message.value,
        part=message.part,
        related=tuple(message.related),
        fallback=cast(Any, tuple(message.fallback)),
        score=message.score,
    )


def dropped_to_msg(dropped: DroppedGesture) -> DroppedGestureMsg:
    """A gesture that is not performed, as a message."""
    return DroppedGestureMsg(gesture=gesture_to_msg(dropped.gesture), reason=dropped.reason)


def dropped_from_msg(message: DroppedGestureMsg) -> DroppedGesture:
    """The gesture that is not performed, of a message."""
    return DroppedGesture(gesture_from_msg(message.gesture), message.reason)


def plan_to_msg(plan: GesturePlan, stamp: Time, scene_stamp: Time) -> GesturePlanMsg:
    """A plan as a message.

    Args:
        plan: to send.
        stamp: of planning.
        scene_stamp: of the picture the plan is about.
    """
    message = GesturePlanMsg(
        utterance_id=plan.utterance_id,
        scene=scene_to_msg(plan.scene, scene_stamp),
        viewpoint=plan.viewpoint,
        gestures=[gesture_to_msg(gesture) for gesture in plan.gestures],
        dropped=[dropped_to_msg(dropped) for dropped in plan.dropped],
    )
    message.header.stamp, message.header.frame_id = stamp, plan.scene.frame_id
    return message


def plan_from_msg(message: GesturePlanMsg) -> GesturePlan:
    """The plan of a message.

    Raises:
        SemanticsError: when one of its gestures makes no sense.
    """
    return GesturePlan(
        scene=scene_from_msg(message.scene),
        gestures=tuple(gesture_from_msg(gesture) for gesture in message.gestures),
        dropped=tuple(dropped_from_msg(dropped) for dropped in message.dropped),
        utterance_id=message.utterance_id,
        viewpoint=cast(Any, message.viewpoint),
    )
