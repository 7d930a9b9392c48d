"""Locales of ROS4HRI (en_GB) as BCP 47 tags (en-GB) and back."""

from __future__ import annotations


def language_of(locale: str, default: str) -> str:
    """The BCP 47 tag of a locale; the default for none."""
    return locale.split(".")[0].replace("_", "-") or default


def locale_of(language: str) -> str:
    """The locale of a BCP 47 tag with a region; empty for a language alone, which names none."""
    parts = language.split("-")
    return f"{parts[0].lower()}_{parts[1].upper()}" if len(parts) == 2 else ""
