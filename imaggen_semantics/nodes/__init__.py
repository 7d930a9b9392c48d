"""ROS 2 nodes and message conversions of the semantics room."""
