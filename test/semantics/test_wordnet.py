"""A dictionary of a few words in WordNet's format, and the installed one where there is one."""

from pathlib import Path

import pytest

from imaggen_semantics.errors import ModelUnavailable
from imaggen_semantics.wordnet import WordNet

# name: (synonyms, what it is a kind of)
SENSES = {
    "entity": (["entity"], []),
    "physical": (["physical_entity"], ["entity"]),
    "abstract": (["abstraction"], ["entity"]),
    "vessel": (["vessel", "container"], ["physical"]),
    "cup": (["cup", "mug"], ["vessel"]),
    "loving_cup": (["trophy_cup"], ["cup"]),
    "idea": (["idea"], ["abstract"]),
}


@pytest.fixture
def wordnet(tmp_path: Path) -> WordNet:
    """Files as `wndb(5WN)` describes them; offsets are those of the records in the file."""
    heading = "  1 This is a heading line.\n"
    offsets, position = {}, len(heading)
    for name, (words, above) in SENSES.items():
        offsets[name] = position
        position += len(record(0, words, [0] * len(above)))
    data = heading + "".join(
        record(offsets[name], words, [offsets[up] for up in above])
        for name, (words, above) in SENSES.items()
    )
    index = heading + "".join(
        f"{word} n 1 1 @ 1 0 {offsets[name]:08d}  \n"
        for name, (words, _) in SENSES.items()
        for word in words
    )
    (tmp_path / "data.noun").write_text(data)
    (tmp_path / "index.noun").write_text(index)
    return WordNet(tmp_path)


def record(offset: int, words: list[str], above: list[int]) -> str:
    listed = " ".join(f"{word} 0" for word in words)
    pointers = " ".join(f"@ {up:08d} n 0000" for up in above)
    return f"{offset:08d} 03 n {len(words):02x} {listed} {len(above):03d} {pointers} | a gloss  \n"


def test_synonyms_and_kinds(wordnet: WordNet) -> None:
    assert wordnet.knows("mug") and wordnet.knows("trophy cup") and not wordnet.knows("gizmo")
    assert wordnet.same("cup", "mug") and not wordnet.same("cup", "container")
    assert wordnet.is_kind_of("trophy-cup", "container")
    assert not wordnet.is_kind_of("container", "cup")
    assert wordnet.kinds_of("mug")[:3] == ("cup", "mug", "vessel")
    assert wordnet.kinds_of("gizmo") == ()


def test_what_cannot_be_touched_is_abstract(wordnet: WordNet) -> None:
    assert wordnet.is_abstract("idea")
    assert not wordnet.is_abstract("cup")
    assert not wordnet.is_abstract("gizmo")


def test_without_a_dictionary(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match="apt install wordnet-base"):
        WordNet(tmp_path)


def test_the_installed_dictionary() -> None:
    try:
        wordnet = WordNet()
    except ModelUnavailable as missing:
        pytest.skip(str(missing))
    assert wordnet.same("sofa", "couch")
    assert wordnet.is_kind_of("spaniel", "animal")
    assert wordnet.is_abstract("freedom") and not wordnet.is_abstract("hammer")
