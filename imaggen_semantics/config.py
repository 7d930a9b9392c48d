"""Numbers of the matcher that a user may change."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from imaggen_semantics.errors import SemanticsError
from imaggen_semantics.plan import GestureSpec, Viewpoint

MAX_LEAD_S = 0.2
"""Viewers still join a gesture and a word at this lead [s]; at 0.36 s they no longer do
(Habets et al., J. Cogn. Neurosci. 23, 2011)."""


MIN_TIMEOUT_S, MAX_TIMEOUT_S = 0.1, 60.0
"""Bounds of the wait for a language model [s]; a person waits about 1 s before it feels odd."""

_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}")


def check_endpoint(url: str) -> None:
    """Refuse what is no address of a server.

    Raises:
        SemanticsError: when it is none of http or https, or holds a name or password.
    """
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        plain = "@" not in parts.netloc and not parts.query and not parts.fragment
    except ValueError:
        usable = plain = False
    if not (usable and plain and url.isprintable() and " " not in url):
        # Not the address itself: it may hold the password that makes it unusable.
        raise SemanticsError(
            "the endpoint must be an http:// or https:// address without a name, password or query"
        )


@dataclass(frozen=True)
class LanguageModelConfig:
    """Which language model links words to objects: one behind a server or one in this process.

    Attributes:
        endpoint: http(s) address of a server that speaks OpenAI's chat completions, before
            "/chat/completions"; empty: none.
        model: name of the model on that server.
        api_key_env: name of the environment variable that holds the server's key; empty: no key.
        transformers_model: repository ("owner/name") or folder of a causal language model that
            runs in this process; empty: none.
        revision: branch, tag or commit of that repository; empty: "main", which moves, so that a
            deployment should pin a commit.
        timeout_s: longest wait for an answer, `MIN_TIMEOUT_S` .. `MAX_TIMEOUT_S` [s].
    """

    endpoint: str = ""
    model: str = ""
    api_key_env: str = ""
    transformers_model: str = ""
    revision: str = ""
    timeout_s: float = 5.0

    def __post_init__(self) -> None:
        if bool(self.endpoint) == bool(self.transformers_model):
            raise SemanticsError(
                "a language model needs either an endpoint or a transformers_model, not both"
            )
        if self.endpoint:
            check_endpoint(self.endpoint)
            if not self.model.strip():
                raise SemanticsError("an endpoint needs the name of its model")
        if self.api_key_env and not _VARIABLE.fullmatch(self.api_key_env):
            # Not the value: a key pasted here must not reach a log.
            raise SemanticsError("api_key_env must be the name of an environment variable")
        if not MIN_TIMEOUT_S <= self.timeout_s <= MAX_TIMEOUT_S:
            raise SemanticsError(
                f"timeout_s must be {MIN_TIMEOUT_S} .. {MAX_TIMEOUT_S} s, got {self.timeout_s}"
            )


@dataclass(frozen=True)
class MatcherConfig:
    """How gestures are matched to words.

    Attributes:
        viewpoint: from where shapes are shown.
        linker: name of the linker.
        lead_s: a stroke starts this long before its first word, 0 .. `MAX_LEAD_S`.
        drawing_s: shortest drawing stroke.
        pointing_s: shortest pointing stroke.
        min_gap_s: between one stroke's end and the next one's start, for the arms to go over.
        affiliate_span_s: a property word farther from its noun has no share in the gesture.
        repeat_after_s: an object is not shown in the same way again sooner.
        language_model: for the linker "language_model", which needs it; others ignore it.
        expressiveness: 0: no semantic gestures .. 1: vivid; lowers what a gesture must be worth,
            and the pauses between gestures.
        seed: of the choice among gestures that are worth the same.
        preparation_s: (practice, seconds) that motion needs from one gesture to the next one's
            stroke; empty: `min_gap_s` for all.
    """

    viewpoint: Viewpoint = "speaker"
    linker: str = "joint"
    lead_s: float = 0.15
    drawing_s: float = 1.2
    pointing_s: float = 0.6
    min_gap_s: float = 0.9
    affiliate_span_s: float = 2.0
    repeat_after_s: float = 6.0
    language_model: LanguageModelConfig | None = None
    expressiveness: float = 0.6
    seed: int = 0
    preparation_s: tuple[tuple[str, float], ...] = ()

    @property
    def threshold(self) -> float:
        """What a gesture must be worth at least, 0..1; above 1 at expressiveness 0."""
        return 0.69 - 0.54 * self.expressiveness if self.expressiveness > 0.0 else 1.1

    def gap_before(self, gesture: GestureSpec) -> float:
        """Time that the arms need between a stroke's end and this gesture's stroke [s]."""
        prepared = max(self.min_gap_s, dict(self.preparation_s).get(gesture.practice, 0.0))
        return prepared * (1.0 + max(0.0, 0.6 - self.expressiveness))

    def __post_init__(self) -> None:
        if self.viewpoint not in ("speaker", "viewer"):
            raise SemanticsError(
                f"the viewpoint must be 'speaker' or 'viewer', got {self.viewpoint!r}"
            )
        if self.linker == "language_model" and self.language_model is None:
            raise SemanticsError("the linker 'language_model' needs the settings language_model")
        if not 0.0 <= self.lead_s <= MAX_LEAD_S:
            raise SemanticsError(f"lead_s must be 0 .. {MAX_LEAD_S} s, got {self.lead_s}")
        for name in ("drawing_s", "pointing_s"):
            if not getattr(self, name) > 0.0:
                raise SemanticsError(f"{name} must be positive, got {getattr(self, name)}")
        if not 0.0 <= self.expressiveness <= 1.0:
            raise SemanticsError(f"expressiveness must be 0 .. 1, got {self.expressiveness}")
        if self.seed < 0:
            raise SemanticsError(f"the seed must not be negative, got {self.seed}")
        for name in ("min_gap_s", "affiliate_span_s", "repeat_after_s"):
            if not getattr(self, name) >= 0.0:
                raise SemanticsError(f"{name} must not be negative, got {getattr(self, name)}")
