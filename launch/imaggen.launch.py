"""All nodes of ImaGGen for robots, beside a robot that is there or with a simulated one.

With the simulated robot:
    ros2 launch imaggen imaggen.launch.py
With a robot that is there (`ros2 launch --show-args` explains all arguments):
    ros2 launch imaggen imaggen.launch.py simulate:=false image_topic:=/camera/image_raw
"""

from launch import LaunchDescription
from launch.actions import DeclareLaunchArgument
from launch.conditions import IfCondition
from launch.substitutions import LaunchConfiguration, PathJoinSubstitution
from launch_ros.actions import Node
from launch_ros.parameter_descriptions import ParameterValue
from launch_ros.substitutions import FindPackageShare


def declare_arguments() -> list[DeclareLaunchArgument]:
    default_parameters = PathJoinSubstitution(
        [FindPackageShare("imaggen"), "config", "imaggen.yaml"]
    )
    return [
        DeclareLaunchArgument(
            "robot",
            default_value="imaggen_humanoid",
            description="robot to simulate: a name that `imaggen robots` lists, or a URDF file",
        ),
        DeclareLaunchArgument(
            "profile",
            default_value="",
            description="robot profile (YAML); empty: the one shipped for the robot, if any",
        ),
        DeclareLaunchArgument(
            "controller",
            default_value="joint_trajectory_controller/follow_joint_trajectory",
            description="FollowJointTrajectory action of the joint trajectory controller",
        ),
        DeclareLaunchArgument(
            "image_topic", default_value="image", description="sensor_msgs/Image to look at"
        ),
        *declare_speech(),
        DeclareLaunchArgument(
            "viewpoint",
            default_value="speaker",
            choices=["speaker", "viewer"],
            description="draw shapes as the robot sees them, or mirrored for the person in front",
        ),
        DeclareLaunchArgument(
            "simulate",
            default_value="true",
            choices=["true", "false"],
            description="start the simulated robot; false: the robot and its controller are there",
        ),
        DeclareLaunchArgument(
            "use_sim_time",
            default_value="false",
            choices=["true", "false"],
            description="take the time from /clock",
        ),
        DeclareLaunchArgument(
            "autostart",
            default_value="true",
            choices=["true", "false"],
            description="activate the lifecycle nodes; false: a lifecycle manager does",
        ),
        DeclareLaunchArgument("namespace", default_value="", description="of all nodes"),
        DeclareLaunchArgument(
            "params_file",
            default_value=default_parameters,
            description="parameters of the nodes (YAML); the other arguments win over it",
        ),
    ]


def declare_speech() -> list[DeclareLaunchArgument]:
    return [
        DeclareLaunchArgument(
            "language", default_value="en", description="of what is said (BCP 47: en, de, ...)"
        ),
        DeclareLaunchArgument(
            "listen",
            default_value="false",
            choices=["true", "false"],
            description="recognise what is said on audio_topic",
        ),
        DeclareLaunchArgument(
            "audio_topic",
            default_value="audio_in",
            description="imaggen_interfaces/AudioChunk to listen to",
        ),
    ]


def imaggen_node(
    executable: str,
    parameters: dict | None = None,
    condition: IfCondition | None = None,
) -> Node:
    """One node of this package; the arguments of the launch file win over the file."""
    return Node(
        package="imaggen",
        executable=executable,
        name=executable,
        namespace=LaunchConfiguration("namespace"),
        parameters=[
            LaunchConfiguration("params_file"),
            {"use_sim_time": flag("use_sim_time"), **(parameters or {})},
        ],
        remappings=[
            ("image", LaunchConfiguration("image_topic")),
            ("audio_in", LaunchConfiguration("audio_topic")),
        ],
        output="screen",
        condition=condition,
    )


def text(argument: str) -> ParameterValue:
    """An argument as a string parameter, even where it looks like a number."""
    return ParameterValue(LaunchConfiguration(argument), value_type=str)


def flag(argument: str) -> ParameterValue:
    """An argument as a boolean parameter."""
    return ParameterValue(LaunchConfiguration(argument), value_type=bool)


def speech() -> Node:
    parameters = {
        "language": text("language"),
        "listen": flag("listen"),
        "autostart": flag("autostart"),
    }
    return imaggen_node("speech", parameters)


def semantic_matcher() -> Node:
    # A list of one: YAML reads the text with its brackets.
    languages = ParameterValue(["[", LaunchConfiguration("language"), "]"])
    return imaggen_node(
        "semantic_matcher",
        {
            "viewpoint": text("viewpoint"),
            "languages": languages,
            "autostart": flag("autostart"),
        },
    )


def generate_launch_description() -> LaunchDescription:
    profile = {"profile": text("profile")}
    performer = {"controller": text("controller"), "language": text("language")}
    return LaunchDescription(
        [
            *declare_arguments(),
            imaggen_node("perception"),
            speech(),
            semantic_matcher(),
            imaggen_node("gesture_synthesis", profile),
            imaggen_node("beat_generator", {**profile, **performer}),
            imaggen_node(
                "simulated_robot",
                {"robot": text("robot")},
                condition=IfCondition(LaunchConfiguration("simulate")),
            ),
        ]
    )
