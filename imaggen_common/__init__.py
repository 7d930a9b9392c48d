"""What all rooms share: at present only how ROS nodes are run."""
