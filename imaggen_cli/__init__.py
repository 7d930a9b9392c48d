"""The `imaggen` command and the node runner for pip users."""
