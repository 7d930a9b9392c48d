"""`plan.yaml`: the gesture plan with its reasons, for people."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml


def plan_document(plan: Any, utterance: Any, motion: Any) -> dict[str, Any]:
    """The plan as plain data.

    Args:
        plan: decoded `/gesture_plan`.
        utterance: decoded `/utterance`.
        motion: decoded `/gesture_trajectory`.
    """
    strokes = {
        phase.gesture: [round(phase.start, 3), round(phase.end, 3)]
        for phase in motion.phases
        if phase.phase == "stroke"
    }
    return {
        "text": utterance.text,
        "timing_source": utterance.timing_source,
        "words": [
            {
                "word": word.word,
                "start_s": round(word.start, 3),
                "end_s": round(word.end, 3),
                "prominence": round(word.prominence, 2),
            }
            for word in utterance.words
        ],
        "objects": [_object(entry) for entry in plan.scene.objects],
        "gestures": [
            {**_gesture(gesture, utterance), "stroke_s": strokes[index]}
            for index, gesture in enumerate(plan.gestures)
            if index in strokes
        ],
        "not_performed": [
            {**_gesture(entry.gesture, utterance), "why_not": entry.reason}
            for entry in [*plan.dropped, *motion.dropped]
        ],
        "adjustments": list(motion.notes),
        "viewpoint": plan.viewpoint,
    }


def write_plan(path: Path, document: dict[str, Any]) -> None:
    """Write the document as YAML, in reading order."""
    path.write_text(
        yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=100), encoding="utf-8"
    )


def _object(entry: Any) -> dict[str, Any]:
    axis = None
    if entry.gesturable_axis >= 0:
        best = entry.symmetry_axes[entry.gesturable_axis]
        axis = {"angle_deg": _degrees(best.angle), "score": round(best.score, 3)}
    known = {"label": entry.label, "color": entry.color}
    return {
        "id": entry.id,
        **{name: value for name, value in known.items() if value},
        "shape": entry.shape_family,
        "shape_confidence": round(entry.shape_confidence, 3),
        "width_px": round(entry.width_px),
        "height_px": round(entry.height_px),
        "symmetry_axis": axis,
        "alignment_deg": _degrees(entry.alignment),
        "elongation": round(entry.elongation, 2),
        "found_by": entry.method,
    }


def _gesture(gesture: Any, utterance: Any) -> dict[str, Any]:
    return {
        "phrase": gesture.phrase,
        "practice": gesture.practice,
        "object": gesture.object_id,
        "shows": " ".join(filter(None, (gesture.property, gesture.value, gesture.part))),
        "hands": gesture.hands,
        "affiliate": " ".join(utterance.words[i].word for i in gesture.affiliate),
        "confidence": round(gesture.confidence, 2),
        "worth": round(gesture.score, 2),
        "reason": gesture.reason,
    }


def _degrees(radians: float) -> int:
    return round(radians * 57.29577951308232)
