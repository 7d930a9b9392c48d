"""`imaggen read`: what words mean in a scene, and what would be shown and why; nothing moves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from imaggen_cli.console import Console
from imaggen_cli.errors import CommandError
from imaggen_perception import analyze_image, load_image
from imaggen_perception.scene import Scene, SceneObject
from imaggen_perception.scene_file import load_scene_file
from imaggen_semantics import GesturePlan, GestureSpec, Matcher, MatcherConfig
from imaggen_semantics.linking import Link
from imaggen_semantics.mentions import PropertyWord, Reading
from imaggen_semantics.models import language_models
from imaggen_speech import create_timing_source
from imaggen_speech.function_words import primary_language
from imaggen_speech.utterance import Utterance

_EMPTY_SIZE = (640, 480)  # of the picture that there is not


@dataclass(frozen=True)
class ReadRequest:
    """What `imaggen read` was asked for."""

    text: str
    image: Path | None
    scene: Path | None
    language: str
    expressiveness: float


def read(request: ReadRequest, console: Console) -> None:
    """Link the words, choose gestures, and print both with their reasons.

    Raises:
        CommandError: when there is nothing that the words could be about.
        PerceptionError: when the picture or the scene file cannot be used.
        SpeechError: when the text cannot be spoken.
        SemanticsError: when there is no lexicon for the language.
    """
    if request.image is None and request.scene is None:
        raise CommandError("there is nothing to speak about; give a picture (--image) or --scene")
    models = language_models(primary_language(request.language))
    models.load_in_background()
    scene = _scene(request)
    console.stage("scene", ", ".join(f"{o.id}: {_look(o)}" for o in scene.objects) or "nothing")
    models.wait()
    for missing in models.missing:
        console.stage("without", missing)
    spoken = create_timing_source().time_text(request.text, request.language).utterance
    matcher = Matcher(MatcherConfig(expressiveness=request.expressiveness))
    reading, links = matcher.link(scene, spoken)
    plan = matcher.plan(scene, spoken)
    names = {o.id: f"{o.label} ({o.id})" if o.label else o.id for o in scene.objects}
    for line in (*_understood(spoken, reading, links, names), *_chosen(spoken, plan, names)):
        console.say(line)
    console.result(_document(spoken, reading, links, plan))


def _scene(request: ReadRequest) -> Scene:
    scene = Scene((), _EMPTY_SIZE)
    if request.image is not None:
        scene = analyze_image(load_image(request.image))
    if request.scene is None:
        return scene
    known = load_scene_file(request.scene)
    if request.image is None and known.camera_pose is None:
        scene = replace(scene, frame_id=known.frame)  # as a camera that sees in that frame
    return known.merge(scene)


def _look(seen: SceneObject) -> str:
    return " ".join(filter(None, (seen.color.name, seen.label or seen.shape.family)))


def _understood(
    spoken: Utterance, reading: Reading, links: tuple[Link, ...], names: Mapping[str, str]
) -> Iterable[str]:
    yield "understood"
    for link in links:
        meant = " + ".join(names[name] for name in link.object_ids) or "nothing that is seen"
        meant += f", its {link.part}" if link.part else ""
        meant = f"not {meant}" if link.mention.negated else meant
        said = ", ".join(_said(word) for word in link.mention.properties)
        word = spoken.words[link.mention.index].text
        tail = f" ({link.confidence:.2f})" if link.object_id else ""
        yield f"  {word:<14} {meant}{tail}" + (f"; {said}" if said else "")
        yield f"  {'':<14} {link.reason}"
    for relation in reading.relations:
        words = [
            spoken.words[reading.mentions[n].index].text
            for n in (relation.subject, *relation.objects)
        ]
        name = relation.name.replace("_", " ")
        denied = "not " if relation.negated else ""
        yield f"  {words[0]}: {denied}{name} {' and '.join(words[1:])}"


def _said(word: PropertyWord) -> str:
    stated = "is " if word.predicated else ""
    return stated + ("not " if word.negated else "") + word.lemma


def _chosen(spoken: Utterance, plan: GesturePlan, names: Mapping[str, str]) -> Iterable[str]:
    yield "shown"
    for gesture in plan.gestures:
        yield f"  {_gesture(spoken, gesture, names)}"
        yield f"    {gesture.reason}"
    if not plan.gestures:
        yield "  nothing; beats only"
    if plan.dropped:
        yield "not shown"
    for dropped in plan.dropped:
        yield f"  {_gesture(spoken, dropped.gesture, names)}"
        yield f"    {dropped.reason}"


def _gesture(spoken: Utterance, gesture: GestureSpec, names: Mapping[str, str]) -> str:
    words = " ".join(spoken.words[i].text for i in gesture.affiliate)
    value = f" ({gesture.value})" if gesture.value else ""
    shown = f"{gesture.property}{value} of {names[gesture.object_id]}"
    hands = "both hands" if gesture.hands == "both" else f"{gesture.hands} hand"
    return (
        f"{gesture.practice} {shown}, {hands},"
        f' at "{words}" {gesture.stroke_start_s:.2f} s, worth {gesture.score:.2f}'
    )


def _document(
    spoken: Utterance, reading: Reading, links: tuple[Link, ...], plan: GesturePlan
) -> dict[str, Any]:
    return {
        "text": spoken.text,
        "objects": {seen.id: _look(seen) for seen in plan.scene.objects},
        "links": [
            {
                "word": spoken.words[link.mention.index].text,
                "objects": list(link.object_ids),
                "part": link.part,
                "negated": link.mention.negated,
                "confidence": round(link.confidence, 3),
                "properties": [_said(word) for word in link.mention.properties],
                "reason": link.reason,
            }
            for link in links
        ],
        "relations": [
            {
                "subject": relation.subject,
                "relation": relation.name,
                "objects": list(relation.objects),
                "negated": relation.negated,
            }
            for relation in reading.relations
        ],
        "gestures": [_row(spoken, gesture) for gesture in plan.gestures],
        "not_shown": [{**_row(spoken, d.gesture), "why": d.reason} for d in plan.dropped],
    }


def _row(spoken: Utterance, gesture: GestureSpec) -> dict[str, Any]:
    return {
        "practice": gesture.practice,
        "property": gesture.property,
        "value": gesture.value,
        "object": gesture.object_id,
        "part": gesture.part,
        "affiliate": [spoken.words[i].text for i in gesture.affiliate],
        "stroke_s": [round(gesture.stroke_start_s, 3), round(gesture.stroke_end_s, 3)],
        "worth": round(gesture.score, 3),
        "reason": gesture.reason,
    }
