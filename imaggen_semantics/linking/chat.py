"""Chat models: language models that answer one question; here those behind a server.

Those in this process are in `local_chat`. Nothing is contacted before the first question.
"""

from __future__ import annotations

import http.client
import json
import os
import queue
import socket
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Protocol

from imaggen_semantics.config import check_endpoint
from imaggen_semantics.errors import ModelUnavailable

MOST_TOKENS = 2048
"""Longest answer that is asked for; one mention takes about 50."""
MOST_BYTES = 262_144
"""Longest answer that is read from a server."""

_SEED = 0
_REFUSED = (400, 415, 422, 501)
"""How servers say that they do not know a response format."""


class ChatModel(Protocol):
    """A language model that answers."""

    def complete(self, system: str, user: str, schema: Mapping[str, Any], timeout_s: float) -> str:
        """The answer to `user` under the instructions of `system`.

        Args:
            system: instructions.
            user: the question.
            schema: JSON schema that the answer should follow; a hint, the caller checks.
            timeout_s: longest time until the whole answer is there [s].

        Raises:
            ModelUnavailable: when there is no answer in time.
        """


class OpenAIChat:
    """A server that speaks OpenAI's chat completions (vLLM, llama.cpp, Ollama, OpenAI, ...).

    Redirects are not followed: the key goes to the configured host alone.
    """

    def __init__(self, base_url: str, model: str, api_key_env: str = "") -> None:
        """Take the address; nothing is asked yet.

        Args:
            base_url: http or https address before "/chat/completions", often ending in "/v1".
            model: its name on the server.
            api_key_env: environment variable that holds the key; empty: the server wants none.

        Raises:
            SemanticsError: when the address is none of http or https.
        """
        check_endpoint(base_url)
        self._url = base_url.rstrip("/") + "/chat/completions"
        self._model = model
        self._api_key_env = api_key_env
        self._schema_refused = False

    def complete(self, system: str, user: str, schema: Mapping[str, Any], timeout_s: float) -> str:
        """See `ChatModel.complete`; plain JSON mode where the server knows no schemas."""
        end_s = time.monotonic() + timeout_s
        strict = {"name": "links", "strict": True, "schema": schema}
        formats: list[dict[str, Any]] = [
            {"type": "json_schema", "json_schema": strict},
            {"type": "json_object"},
        ]
        for response_format in formats[1:] if self._schema_refused else formats:
            request = self._request(system, user, response_format)
            left_s = end_s - time.monotonic()
            status, body = _exchange(request, left_s, timeout_s)
            if status in _REFUSED and response_format is not formats[-1]:
                continue
            if status == 200:
                # Only now: a server may refuse one question in any format.
                self._schema_refused = response_format is formats[-1]
            break
        return _content(status, body)

    def _request(
        self, system: str, user: str, response_format: Mapping[str, Any]
    ) -> urllib.request.Request:
        body = {
            "model": self._model,
            "messages": [
                {"role": "system", "content": system},
                {"role": "user", "content": user},
            ],
            "temperature": 0,
            "seed": _SEED,
            "max_tokens": MOST_TOKENS,
            "stream": False,
            "response_format": response_format,
        }
        headers = {"Content-Type": "application/json", "User-Agent": "imaggen"}
        if self._api_key_env:
            headers["Authorization"] = f"Bearer {self._key()}"
        return urllib.request.Request(self._url, json.dumps(body).encode(), headers)

    def _key(self) -> str:
        """The key; no message ever holds it.

        Raises:
            ModelUnavailable: when the variable is not set or holds no key.
        """
        key = os.environ.get(self._api_key_env, "").strip()
        if not key:
            raise ModelUnavailable(
                f"the environment variable {self._api_key_env} with the key is not set"
            )
        # The HTTP library would refuse it too, and quote it.
        if not (key.isascii() and key.isprintable()):
            raise ModelUnavailable(
                f"the environment variable {self._api_key_env} holds characters no key has"
            )
        return key


def _content(status: int, body: bytes) -> str:
    """The text of an answer.

    Raises:
        ModelUnavailable: when it is an error, too long, or of another form.
    """
    if status != 200:
        name = http.client.responses.get(status, "")
        raise ModelUnavailable(f"the language model's server answered {status} {name}".rstrip())
    if len(body) > MOST_BYTES:
        raise ModelUnavailable(f"the answer is longer than {MOST_BYTES} bytes")
    try:
        content = json.loads(body)["choices"][0]["message"]["content"]
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        raise ModelUnavailable("the server's answer is no chat completion") from error
    if not isinstance(content, str):
        raise ModelUnavailable("the language model refused or wrote no text")
    return content


# -- one exchange with a total time-out -------------------------------------------------------


class _Line:
    """The socket of one exchange, so that another thread can hang up."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._down = False

    def opened(self, opened: socket.socket) -> None:
        """Note the socket; shut it where the other side has hung up meanwhile."""
        with self._lock:
            self._socket = opened
            if self._down:
                self._shut()

    def hang_up(self) -> None:
        """Make all reading and writing end now."""
        with self._lock:
            self._down = True
            self._shut()

    def _shut(self) -> None:
        if self._socket is not None:
            with suppress(OSError):  # it may have ended by itself
                self._socket.shutdown(socket.SHUT_RDWR)


class _Connection(http.client.HTTPConnection):
    def __init__(self, *args: Any, line: _Line, **options: Any) -> None:
        super().__init__(*args, **options)
        self._line = line

    def connect(self) -> None:
        super().connect()
        self._line.opened(self.sock)


class _SecureConnection(http.client.HTTPSConnection):
    def __init__(self, *args: Any, line: _Line, **options: Any) -> None:
        super().__init__(*args, **options)
        self._line = line

    def connect(self) -> None:
        super().connect()
        self._line.opened(self.sock)


class _Caller(urllib.request.AbstractHTTPHandler):
    """Opens http and https addresses on a line."""

    http_request = https_request = urllib.request.AbstractHTTPHandler.do_request_

    def __init__(self, line: _Line) -> None:
        super().__init__()
        self._line = line

    def http_open(self, request: urllib.request.Request) -> http.client.HTTPResponse:
        connection: Any = _Connection
        return self.do_open(connection, request, line=self._line)

    def https_open(self, request: urllib.request.Request) -> http.client.HTTPResponse:
        connection: Any = _SecureConnection
        return self.do_open(connection, request, line=self._line)


def _exchange(
    request: urllib.request.Request, left_s: float, timeout_s: float
) -> tuple[int, bytes]:
    """Status and body of the server's answer, whatever the status; the body may be one too long.

    A socket's time-out starts anew with every byte, and names are looked up without one; so a
    thread does the work and is hung up on when the time is over.

    Args:
        request: what to send.
        left_s: longest duration of the exchange [s].
        timeout_s: the whole time that the question had, for the message [s].

    Raises:
        ModelUnavailable: when the server cannot be reached or is late.
    """
    line = _Line()
    opener = urllib.request.OpenerDirector()  # without handlers for files, redirects and errors
    for handler in (urllib.request.ProxyHandler(), _Caller(line)):
        opener.add_handler(handler)
    answers: queue.SimpleQueue[tuple[int, bytes] | Exception] = queue.SimpleQueue()

    def work() -> None:
        try:
            with opener.open(request, timeout=left_s) as response:
                answers.put((response.status, response.read(MOST_BYTES + 1)))
        except Exception as error:  # raised again where it is waited for
            answers.put(error)

    late = f"the language model did not answer within {timeout_s:g} s"
    if left_s <= 0.0:
        raise ModelUnavailable(late)
    threading.Thread(target=work, name="language model", daemon=True).start()
    try:
        answer = answers.get(timeout=left_s)
    except queue.Empty:
        line.hang_up()
        raise ModelUnavailable(late) from None
    if isinstance(answer, Exception):
        reason = getattr(answer, "reason", answer)
        if isinstance(reason, TimeoutError):
            raise ModelUnavailable(late) from answer
        raise ModelUnavailable(
            f"the language model's server cannot be reached ({reason})"
        ) from answer
    return answer
