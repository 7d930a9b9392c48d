"""Whether relations that are spoken of hold between things that are seen."""

import math
from dataclasses import replace

import pytest
from semantics.scenes import make_object, make_scene

from imaggen_perception.scene import Relation, Scene, SceneObject
from imaggen_semantics.linking.holding import holds

BALL = make_object("circle", id="ball", center=(160, 240), width=60, height=60)
BOX = make_object("rectangle", id="box", center=(400, 240), width=120, height=60)
TOWER = make_object("rectangle", id="tower", center=(560, 200), width=60, height=240)


def scene(*relations: Relation) -> Scene:
    return replace(make_scene(BALL, BOX, TOWER), relations=relations)


@pytest.mark.parametrize(
    ("subject", "name", "other", "true"),
    [
        (TOWER, "taller_than", BALL, True), (BALL, "taller_than", TOWER, False),
        (BALL, "shorter_than", TOWER, True), (BOX, "wider_than", BALL, True),
        (BALL, "narrower_than", BOX, True), (TOWER, "bigger_than", BALL, True),
        (BALL, "smaller_than", BOX, True), (TOWER, "longer_than", BOX, True),
    ],
)  # fmt: skip
def test_comparisons_go_by_what_is_measured(
    subject: SceneObject, name: str, other: SceneObject, true: bool
) -> None:
    surely = holds(scene(), subject, name, other)
    assert (surely > 0.8, surely < 0.2) == (true, not true)
    assert holds(scene(), other, name, subject) == pytest.approx(1.0 - surely)


def test_metres_count_where_they_are_known() -> None:
    """The ball is seen smaller because it is farther away."""
    far = replace(BALL, outline=replace(BALL.outline, scale_m=0.9))
    near = replace(BOX, outline=replace(BOX.outline, scale_m=0.1))
    assert holds(scene(), far, "bigger_than", near) > 0.9


def test_what_is_alike_is_open() -> None:
    twin = replace(BALL, id="twin")
    assert holds(scene(), BALL, "bigger_than", twin) == pytest.approx(0.5)


def test_nothing_lies_beside_itself() -> None:
    for name in ("beside", "bigger_than", "left_of", "on"):
        assert holds(scene(), BALL, name, BALL) == 0.0


def test_perception_tells_of_places() -> None:
    seen = scene(
        Relation("ball", "left_of", "box", 0.9), Relation("ball", "between", "box", 0.7, ("tower",))
    )
    assert holds(seen, BALL, "left_of", BOX) == 0.9
    assert holds(seen, BOX, "left_of", BALL) == 0.0
    assert holds(seen, BALL, "between", TOWER) == holds(seen, BALL, "between", BOX) == 0.7


def test_what_is_above_may_lie_on_it() -> None:
    above = scene(Relation("ball", "above", "box", 0.8), Relation("box", "below", "ball", 0.8))
    assert holds(above, BALL, "on", BOX) == pytest.approx(0.48)
    assert holds(above, BOX, "under", BALL) == pytest.approx(0.48)
    touching = scene(Relation("ball", "on", "box", 0.9))
    assert holds(touching, BALL, "on", BOX) == 0.9


def test_beside_fades_with_the_gap() -> None:
    values = [
        holds(scene(), BALL, "beside", replace(BOX, box=replace(BOX.box, x=x)))
        for x in (200, 260, 340, 460, 600)
    ]
    assert values == sorted(values, reverse=True)
    assert values[0] > 0.9 and values[-1] < 0.3
    above = replace(BOX, box=replace(BOX.box, x=200, y=BOX.box.y - 200))
    assert holds(scene(), BALL, "beside", above) < 0.1


def test_extents_of_nothing_are_compared_all_the_same() -> None:
    thin = make_object("elongated", id="thin", width=1e-3, height=1e-3)
    assert math.isfinite(holds(scene(), thin, "wider_than", BALL))
