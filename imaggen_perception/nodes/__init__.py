"""ROS nodes of the perception room."""
