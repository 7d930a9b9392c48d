"""ROS nodes of the simulation room."""
