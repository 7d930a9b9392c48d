"""The parts of this room that talk to ROS."""
