"""Hand-made CDR bytes, so that bags can be tested without ROS."""

import struct


class Cdr:
    """Appends values in the little-endian CDR encoding that ROS 2 uses."""

    def __init__(self) -> None:
        self.body = b""

    def _align(self, size: int) -> None:
        self.body += b"\0" * (-len(self.body) % size)

    def uint32(self, value: int) -> "Cdr":
        self._align(4)
        self.body += struct.pack("<I", value)
        return self

    def string(self, text: str) -> "Cdr":
        encoded = text.encode() + b"\0"
        self.uint32(len(encoded))
        self.body += encoded
        return self

    def strings(self, texts: list[str]) -> "Cdr":
        self.uint32(len(texts))
        for text in texts:
            self.string(text)
        return self

    def doubles(self, values: list[float]) -> "Cdr":
        self.uint32(len(values))
        if values:
            self._align(8)
        self.body += struct.pack(f"<{len(values)}d", *values)
        return self

    def bytes(self) -> bytes:
        return b"\0\1\0\0" + self.body


def string_message(text: str) -> bytes:
    """A std_msgs/String."""
    return Cdr().string(text).bytes()


def joint_state(stamp: float, names: list[str], positions: list[float]) -> bytes:
    """A sensor_msgs/JointState without velocities and efforts; `stamp` in seconds."""
    seconds, rest = divmod(round(stamp * 1e9), 10**9)
    message = Cdr().uint32(seconds).uint32(rest).string("")
    return message.strings(names).doubles(positions).doubles([]).doubles([]).bytes()
