"""The project's humanoid in Gazebo, with ros2_control, and all nodes of ImaGGen for robots.

With Gazebo's window, or the server only:
    ros2 launch imaggen gazebo.launch.py
    ros2 launch imaggen gazebo.launch.py gui:=false

Needs ros_gz_sim, ros_gz_bridge, gz_ros2_control and ros2_controllers.
"""

from launch import LaunchDescription
from launch.actions import DeclareLaunchArgument, IncludeLaunchDescription, RegisterEventHandler
from launch.conditions import IfCondition, UnlessCondition
from launch.event_handlers import OnProcessExit
from launch.launch_description_sources import PythonLaunchDescriptionSource
from launch.substitutions import Command, LaunchConfiguration, PathJoinSubstitution
from launch_ros.actions import Node
from launch_ros.parameter_descriptions import ParameterValue
from launch_ros.substitutions import FindPackageShare


def shared_file(*parts: str, package: str = "imaggen") -> PathJoinSubstitution:
    """A file below the share folder of a package."""
    return PathJoinSubstitution([FindPackageShare(package), *parts])


def declare_arguments() -> list[DeclareLaunchArgument]:
    return [
        DeclareLaunchArgument(
            "gui",
            default_value="true",
            choices=["true", "false"],
            description="open Gazebo's window",
        ),
        DeclareLaunchArgument(
            "world",
            default_value=shared_file("worlds", "table.sdf"),
            description="world to load (SDF)",
        ),
        DeclareLaunchArgument(
            "controllers",
            default_value=shared_file("config", "controllers.yaml"),
            description="parameters of the controllers (YAML)",
        ),
        DeclareLaunchArgument(
            "viewpoint",
            default_value="speaker",
            choices=["speaker", "viewer"],
            description="draw shapes as the robot sees them, or mirrored for the person in front",
        ),
    ]


def gazebo() -> list[IncludeLaunchDescription]:
    """The simulator, with or without its window."""
    source = PythonLaunchDescriptionSource(
        shared_file("launch", "gz_sim.launch.py", package="ros_gz_sim")
    )
    gui, world = LaunchConfiguration("gui"), LaunchConfiguration("world")
    return [
        IncludeLaunchDescription(
            source,
            launch_arguments=[("gz_args", ["-r ", world])],
            condition=IfCondition(gui),
        ),
        IncludeLaunchDescription(
            source,
            launch_arguments=[("gz_args", ["-r -s --headless-rendering ", world])],
            condition=UnlessCondition(gui),
        ),
    ]


def robot_state_publisher() -> Node:
    description = Command(
        [
            "xacro ",
            shared_file("urdf", "imaggen_humanoid.urdf.xacro"),
            " in_world:=true controllers:=",
            LaunchConfiguration("controllers"),
        ]
    )
    return Node(
        package="robot_state_publisher",
        executable="robot_state_publisher",
        parameters=[
            {
                "robot_description": ParameterValue(description, value_type=str),
                "use_sim_time": True,
            }
        ],
        output="screen",
    )


def controller_spawner(name: str) -> Node:
    return Node(
        package="controller_manager",
        executable="spawner",
        arguments=[name, "--param-file", LaunchConfiguration("controllers")],
        output="screen",
    )


def generate_launch_description() -> LaunchDescription:
    spawn_robot = Node(
        package="ros_gz_sim",
        executable="create",
        arguments=["-topic", "robot_description", "-name", "imaggen_humanoid"],
        output="screen",
    )
    bridge = Node(
        package="ros_gz_bridge",
        executable="parameter_bridge",
        arguments=[
            "/clock@rosgraph_msgs/msg/Clock[gz.msgs.Clock",
            "/image@sensor_msgs/msg/Image[gz.msgs.Image",
        ],
        output="screen",
    )
    # The controller manager lives in the robot's Gazebo plugin, so the robot must be there first.
    controllers = RegisterEventHandler(
        OnProcessExit(
            target_action=spawn_robot,
            on_exit=[
                controller_spawner("joint_state_broadcaster"),
                controller_spawner("joint_trajectory_controller"),
            ],
        )
    )
    imaggen = IncludeLaunchDescription(
        PythonLaunchDescriptionSource(shared_file("launch", "imaggen.launch.py")),
        launch_arguments=[
            ("simulate", "false"),
            ("use_sim_time", "true"),
            ("viewpoint", LaunchConfiguration("viewpoint")),
        ],
    )
    return LaunchDescription(
        [
            *declare_arguments(),
            *gazebo(),
            robot_state_publisher(),
            spawn_robot,
            bridge,
            controllers,
            imaggen,
        ]
    )
