from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from semantics.scenes import make_object, make_scene

from imaggen_semantics import SemanticsError
from imaggen_semantics.memory import MemoryConfig, SceneMemory

BALL = make_object("circle", id="ball", label="ball")
BOX = make_object("square", id="box", label="box")


def test_what_is_seen_is_recalled_as_it_is() -> None:
    memory = SceneMemory()
    assert memory.recall(0.0) is None
    scene = make_scene(BALL, BOX)
    memory.see(scene, 1.0)
    assert memory.recall(1.0) == scene


def test_what_is_out_of_view_fades_by_its_half_life() -> None:
    memory = SceneMemory(MemoryConfig(half_life_s=10.0))
    memory.see(make_scene(BALL, BOX), 0.0)
    memory.see(make_scene(BOX), 5.0)
    recalled = memory.recall(20.0)
    assert recalled is not None
    assert [seen.id for seen in recalled.objects] == ["box", "ball"]
    ball = recalled.object("ball")
    assert ball.age_s == pytest.approx(20.0)
    assert ball.confidence == pytest.approx(BALL.confidence / 4)
    assert ball.label_confidence == pytest.approx(BALL.label_confidence / 4)
    assert recalled.object("box") == BOX


def test_what_comes_back_is_fresh() -> None:
    memory = SceneMemory()
    for time_s, scene in ((0.0, make_scene(BALL)), (1.0, make_scene(BOX)), (2.0, make_scene(BALL))):
        memory.see(scene, time_s)
    recalled = memory.recall(2.0)
    assert recalled is not None
    assert recalled.object("ball").age_s == 0.0
    assert recalled.object("box").age_s == pytest.approx(1.0)


def test_what_is_lost_and_found_under_another_id_is_one_thing() -> None:
    memory = SceneMemory()
    memory.see(make_scene(BALL, BOX), 0.0)
    memory.see(make_scene(BOX), 1.0)
    memory.see(make_scene(BOX, replace(BALL, id="object_7")), 3.0)
    recalled = memory.recall(3.0)
    assert recalled is not None
    assert {seen.id for seen in recalled.objects} == {"box", "object_7"}


def test_another_thing_is_another_one() -> None:
    memory = SceneMemory()
    memory.see(make_scene(BALL), 0.0)
    memory.see(make_scene(replace(BALL, id="cup", label="cup")), 1.0)
    recalled = memory.recall(1.0)
    assert recalled is not None
    assert [seen.id for seen in recalled.objects] == ["cup", "ball"]


def test_two_alike_are_two_while_both_are_seen() -> None:
    memory = SceneMemory()
    memory.see(make_scene(BALL), 0.0)
    memory.see(make_scene(BALL, replace(BALL, id="other")), 1.0)
    recalled = memory.recall(1.0)
    assert recalled is not None
    assert len(recalled.objects) == 2


def test_things_are_forgotten_in_the_end() -> None:
    memory = SceneMemory(MemoryConfig(forget_after_s=30.0))
    memory.see(make_scene(BALL, BOX), 0.0)
    memory.see(make_scene(BOX), 1.0)
    assert len((memory.recall(29.0) or make_scene()).objects) == 2
    assert len((memory.recall(31.0) or make_scene()).objects) == 1


def test_memory_can_be_off() -> None:
    memory = SceneMemory(MemoryConfig(forget_after_s=0.0))
    memory.see(make_scene(BALL), 0.0)
    memory.see(make_scene(BOX), 0.0)
    assert memory.recall(0.0) == make_scene(BOX)


def test_a_clock_that_jumps_back_empties_it() -> None:
    memory = SceneMemory()
    memory.see(make_scene(BALL), 100.0)
    memory.see(make_scene(BOX), 3.0)
    assert memory.recall(3.0) == make_scene(BOX)


@given(st.lists(st.sets(st.integers(0, 40), max_size=8), min_size=1, max_size=30))
def test_memory_is_bounded_and_never_doubles(frames: list[set[int]]) -> None:
    memory = SceneMemory(MemoryConfig(capacity=5))
    for time_s, ids in enumerate(frames):
        memory.see(make_scene(*(replace(BALL, id=str(i)) for i in sorted(ids))), float(time_s))
    recalled = memory.recall(float(len(frames)))
    assert recalled is not None
    names = [seen.id for seen in recalled.objects]
    assert len(names) == len(set(names)) <= len(frames[-1]) + 5
    ages = [seen.age_s for seen in recalled.objects[len(frames[-1]) :]]
    assert ages == sorted(ages) and all(age > 0.0 for age in ages)


@pytest.mark.parametrize(
    "settings", [{"half_life_s": 0.0}, {"forget_after_s": -1.0}, {"capacity": -1}]
)
def test_settings_are_checked(settings: dict[str, float]) -> None:
    with pytest.raises(SemanticsError, match=next(iter(settings))):
        MemoryConfig(**settings)  # type: ignore[arg-type]
