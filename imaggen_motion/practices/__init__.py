"""How hands depict: one practice a file, registered by its name."""

from imaggen_motion.practices import drawing, indexing

__all__ = ["drawing", "indexing"]
