"""ROS nodes of the motion room."""
