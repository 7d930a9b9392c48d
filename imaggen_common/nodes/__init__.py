"""Running ROS nodes, alone in a process or many in one."""
