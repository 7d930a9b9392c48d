"""`summary.json`: what was seen, planned and, above all, executed; figures from the bag alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from imaggen_evaluation import Bag, executed_path
from imaggen_evaluation.executed import seconds
from imaggen_motion.robot_files import model_of

if TYPE_CHECKING:
    from imaggen_cli.say import SayRequest

FloatArray = NDArray[np.float64]
# The stroke has started when the fingertip is faster than this share of its fastest.
ONSET_SHARE = 0.05


def summarize(bag: Bag, request: SayRequest) -> dict[str, Any]:
    """Plain data about a run.

    Args:
        bag: of the run.
        request: what was asked for.
    """
    plan, motion = bag.last("/gesture_plan"), bag.last("/gesture_trajectory")
    utterance = bag.last("/utterance")
    description = bag.last("/robot_description").data
    robot = model_of(description)
    speech_start = seconds(utterance.start)
    gestures = [
        _gesture(bag, robot, index, gesture, motion, utterance, speech_start)
        for index, gesture in enumerate(plan.gestures)
        if any(phase.gesture == index for phase in motion.phases)
    ]
    return {
        "text": utterance.text,
        "image": str(request.image) if request.image else None,
        "robot": robot.name,
        "speech": {
            "duration_s": round(utterance.duration, 3),
            "timing_source": utterance.timing_source,
            "timings_are_estimated": utterance.timing_source == "estimate",
            "starts_after_motion_s": round(motion.lead, 3),
        },
        "objects": [
            {"id": o.id, "shape": o.shape_family, "found_by": o.method} for o in plan.scene.objects
        ],
        "gestures": gestures,
        "not_performed": [
            {"practice": d.gesture.practice, "object": d.gesture.object_id, "why_not": d.reason}
            for d in [*plan.dropped, *motion.dropped]
        ],
        "adjustments": list(motion.notes),
        "joint_states": len(bag.messages("/joint_states")),
    }


def _gesture(
    bag: Bag,
    robot: Any,
    index: int,
    gesture: Any,
    motion: Any,
    utterance: Any,
    speech_start: float,
) -> dict[str, Any]:
    """One gesture: when its stroke was meant and done, and what the fingertips traced."""
    strokes = [p for p in motion.phases if p.gesture == index and p.phase == "stroke"]
    paths, misses, onsets = [], [], []
    for stroke in strokes:
        path = executed_path(
            bag,
            robot.tip_link(stroke.hands),
            speech_start + stroke.start - 0.1,
            speech_start + stroke.end + 0.1,
        )
        target = next(p for p in motion.paths if p.gesture == index and p.hand == stroke.hands)
        wanted = np.array([[q.x, q.y, q.z] for q in target.points])
        onsets.append(_onset(path.time, path.points) - speech_start)
        paths.append(path.points)
        misses.append(float(np.max(cKDTree(path.points).query(wanted)[0])))
    traced = np.vstack(paths)
    width, height = (
        float(np.ptp(traced @ robot.space.axes[:, axis])) for axis in (1, 2)
    )  # left-right and up-down
    word = utterance.words[gesture.affiliate[0]]
    return {
        "phrase": gesture.phrase,
        "practice": gesture.practice,
        "object": gesture.object_id,
        "hands": "both" if len(strokes) == 2 else strokes[0].hands,
        "affiliate": " ".join(utterance.words[i].word for i in gesture.affiliate),
        "reason": gesture.reason,
        "stroke_s": [round(strokes[0].start, 3), round(max(s.end for s in strokes), 3)],
        "executed_stroke_onset_s": round(min(onsets), 3),
        "executed_lead_before_word_s": round(word.start - min(onsets), 3),
        "executed_width_m": round(width, 3),
        "executed_height_m": round(height, 3),
        "largest_miss_of_target_path_mm": round(1000 * max(misses), 1),
    }


def _onset(time: FloatArray, points: FloatArray) -> float:
    """When the fingertip leaves the pre-stroke hold [s], by its speed."""
    speed = np.linalg.norm(np.gradient(points, time, axis=0), axis=1)
    resting = np.flatnonzero(speed < ONSET_SHARE * speed.max())
    peak = int(speed.argmax())
    before = resting[resting < peak]
    return float(time[before[-1]] if len(before) else time[0])
