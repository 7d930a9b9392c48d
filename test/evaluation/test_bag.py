"""Reading and writing bags without ROS."""

from pathlib import Path

import pytest
from evaluation.cdr import string_message
from mcap.reader import make_reader
from mcap.writer import Writer

from imaggen_evaluation import Bag, BagError, read_bag
from imaggen_evaluation.mcap_file import McapFile, qos_yaml

QOS = qos_yaml(
    {"history": "keep_last", "depth": 7, "reliability": "reliable", "durability": "transient_local"}
)


def write_one(path: Path, text: str = "hello") -> Path:
    recording = McapFile(path)
    recording.add_topic("/said", "std_msgs/msg/String", QOS)
    recording.write("/said", string_message(text), log_time=2_500_000_000, publish_time=1)
    return recording.close()


def test_what_is_written_is_read(tmp_path: Path) -> None:
    bag = read_bag(write_one(tmp_path / "new" / "a.mcap", "grüß dich"))
    (message,) = bag.messages("/said")
    assert message.value.data == "grüß dich"
    assert message.log_time == 2.5
    assert message.publish_time == pytest.approx(1e-9)
    assert bag.last("/said").data == "grüß dich"


def test_topics_with_types_silent_ones_too(arm_bag: Bag) -> None:
    assert arm_bag.types == {
        "/image": "sensor_msgs/msg/Image",
        "/joint_states": "sensor_msgs/msg/JointState",
        "/robot_description": "std_msgs/msg/String",
    }
    assert arm_bag.messages("/image") == ()
    with pytest.raises(BagError, match="no message on /image"):
        arm_bag.last("/image")
    with pytest.raises(BagError, match=r"no topic /scene; it has /image, /joint_states"):
        arm_bag.messages("/scene")


def test_metadata_is_as_rosbag2_writes_it(tmp_path: Path) -> None:
    with write_one(tmp_path / "a.mcap").open("rb") as stream:
        reader = make_reader(stream)
        assert reader.get_header().profile == "ros2"
        summary = reader.get_summary()
    assert summary is not None
    (channel,) = summary.channels.values()
    (schema,) = summary.schemas.values()
    assert (channel.message_encoding, schema.encoding) == ("cdr", "ros2msg")
    assert channel.metadata["topic_type_hash"].startswith("RIHS01_")
    offered = channel.metadata["offered_qos_profiles"]
    assert offered.startswith("- history: keep_last\n  depth: 7\n  reliability: reliable\n")
    assert "  durability: transient_local\n  deadline:\n    sec: 9223372036\n" in offered
    assert {chunk.compression for chunk in summary.chunk_indexes} == {"zstd"}


def test_offered_quality_of_service_is_yaml() -> None:
    import yaml

    (profile,) = yaml.safe_load(QOS)
    assert profile["depth"] == 7
    assert profile["lifespan"] == {"sec": 9223372036, "nsec": 854775807}


def test_file_appears_only_when_complete(tmp_path: Path) -> None:
    recording = McapFile(tmp_path / "a.mcap")
    recording.add_topic("/said", "std_msgs/msg/String", QOS)
    assert not (tmp_path / "a.mcap").exists()
    recording.close()
    recording.close()
    recording.write("/said", string_message("late"), log_time=0, publish_time=0)
    assert [p.name for p in tmp_path.iterdir()] == ["a.mcap"]
    assert recording.counts == {"/said": 0}


def test_abort_leaves_nothing_and_keeps_the_old_bag(tmp_path: Path) -> None:
    path = write_one(tmp_path / "a.mcap")
    old = path.read_bytes()
    recording = McapFile(path)
    recording.abort()
    recording.abort()
    recording.close()
    assert [p.name for p in tmp_path.iterdir()] == ["a.mcap"]
    assert path.read_bytes() == old


def test_bad_files_get_one_clear_sentence(tmp_path: Path) -> None:
    with pytest.raises(BagError, match="cannot read the bag .*: No such file"):
        read_bag(tmp_path / "missing.mcap")
    picture = tmp_path / "picture.mcap"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n")
    with pytest.raises(BagError, match="is not an MCAP file"):
        read_bag(picture)
    whole = write_one(tmp_path / "a.mcap").read_bytes()
    torn = tmp_path / "torn.mcap"
    torn.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(BagError, match="record the performance again"):
        read_bag(torn)


def test_foreign_messages_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "foreign.mcap"
    with path.open("wb") as stream:
        writer = Writer(stream)
        writer.start(profile="x", library="test")
        schema = writer.register_schema(name="Thing", encoding="jsonschema", data=b"{}")
        writer.register_channel(topic="/thing", message_encoding="json", schema_id=schema)
        writer.finish()
    with pytest.raises(BagError, match="'Thing', which is not a ROS 2 message type"):
        read_bag(path)


def test_unwritable_place_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(BagError, match="cannot write the bag"):
        McapFile(tmp_path / "file" / "a.mcap")
