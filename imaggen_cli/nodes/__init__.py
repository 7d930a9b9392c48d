"""The command line's own use of ROS: node graphs for pip users and the session of `say`."""
