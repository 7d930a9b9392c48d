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
        DeclareLaunchArgument("namespace", default_value="", description="of all nodes"),
        DeclareLaunchArgument(
            "params_file",
            default_value=default_parameters,
            description="parameters of the nodes (YAML)",
        ),
    ]


def imaggen_node(
    executable: str,
    parameters: dict | None = None,
    condition: IfCondition | None = None,
) -> Node:
    """One node of this package; the arguments of the launch file win over the file."""
    use_sim_time = ParameterValue(LaunchConfiguration("use_sim_time"), value_type=bool)
    return Node(
        package="imaggen",
        executable=executable,
        name=executable,
        namespace=LaunchConfiguration("namespace"),
        parameters=[
            LaunchConfiguration("params_file"),
            {"use_sim_time": use_sim_time, **(parameters or {})},
        ],
        remappings=[("image", LaunchConfiguration("image_topic"))],
        output="screen",
        condition=condition,
    )


def text(argument: str) -> ParameterValue:
    """An argument as a string parameter, even where it looks like a number."""
    return ParameterValue(LaunchConfiguration(argument), value_type=str)


def generate_launch_description() -> LaunchDescription:
    profile = {"profile": text("profile")}
    return LaunchDescription(
        [
            *declare_arguments(),
            imaggen_node("perception"),
            imaggen_node("speech"),
            imaggen_node("semantic_matcher", {"viewpoint": text("viewpoint")}),
            imaggen_node("gesture_synthesis", profile),
            imaggen_node("beat_generator", {**profile, "controller": text("controller")}),
            imaggen_node(
                "simulated_robot",
                {"robot": text("robot")},
                condition=IfCondition(LaunchConfiguration("simulate")),
            ),
        ]
    )
