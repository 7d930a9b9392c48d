"""Chat models: language models that answer one question, behind a server or in this process.

Nothing is contacted or loaded before the first question; torch and transformers are imported only
by `TransformersChat`.
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
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
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
# Weights that lack more than this share belong to another network; the rest would be random.
_MOST_MISSING = 0.05


class ChatModel(Protocol):
    """A language model that answers."""

    def complete(
        self, system: str, user: str, schema: Mapping[str, Any], timeout_s: float
    ) -> str:
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

    def complete(
        self, system: str, user: str, schema: Mapping[str, Any], timeout_s: float
    ) -> str:
        """See `ChatModel.complete`; plain JSON mode where the server knows no schemas."""
        end_s = time.monotonic() + timeout_s
        strict = {"name": "links", "strict": True, "schema": schema}
        formats = [{"type": "json_schema", "json_schema": strict}, {"type": "json_object"}]
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
            self.hang_up()

    def hang_up(self) -> None:
        """Make all reading and writing end now."""
        with self._lock:
            self._down = True
            if self._socket is not None:
                with suppress(OSError):
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


class _Caller(urllib.request.HTTPHandler, urllib.request.HTTPSHandler):
    """Opens http and https addresses on a line."""

    def __init__(self, line: _Line) -> None:
        urllib.request.HTTPSHandler.__init__(self)
        self._line = line

    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        connection: Any = _Connection
        return self.do_open(connection, req, line=self._line)

    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        connection: Any = _SecureConnection
        return self.do_open(connection, req, line=self._line)


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


# -- in this process --------------------------------------------------------------------------


@dataclass(frozen=True)
class _Loaded:
    """A causal language model ready to run, its tokenizer and device."""

    network: Any
    tokenizer: Any
    device: str


_loaded: dict[tuple[str, str, str], _Loaded] = {}
_loading = threading.Lock()


class TransformersChat:
    """A causal language model of the Transformers library, loaded once for the process."""

    def __init__(
        self,
        name_or_folder: str,
        revision: str = "main",
        device: str = "auto",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take the name; nothing is loaded yet.

        Args:
            name_or_folder: repository on the hub ("owner/name") or a local folder.
            revision: branch, tag or commit hash; ignored for a folder.
            device: "cpu", "cuda", "cuda:1", "mps", or "auto" for the fastest there is.
            clock: rising time [s].
        """
        self._key = (name_or_folder, revision, device)
        self._clock = clock
        self._lock = threading.Lock()
        self._generating = threading.Lock()
        self._loader: _Loader | None = None

    def load(self, timeout_s: float | None = None) -> None:
        """Load the model and wait for it; without a time-out as long as it takes.

        Raises:
            ModelUnavailable: when torch, transformers or the weights cannot be had, or the model
                is not there in time; it goes on loading then.
        """
        self._model(timeout_s)

    def complete(
        self, system: str, user: str, schema: Mapping[str, Any], timeout_s: float
    ) -> str:
        """See `ChatModel.complete`; greedy, and the schema is left to the instructions."""
        end_s = self._clock() + timeout_s
        model = self._model(timeout_s)
        left_s = max(0.0, end_s - self._clock())
        if not self._generating.acquire(timeout=left_s):
            raise ModelUnavailable("the language model is busy with another question")
        try:
            return _generate(model, _prompt_tokens(model, system, user), self._clock, end_s)
        finally:
            self._generating.release()

    def _model(self, timeout_s: float | None) -> _Loaded:
        with self._lock:
            if self._loader is None:
                self._loader = _Loader(self._key)
                self._loader.start()
            loader = self._loader
        loader.join(timeout_s)
        if loader.model is not None:
            return loader.model
        if loader.is_alive():
            raise ModelUnavailable("the language model is still being loaded")
        with self._lock:
            self._loader = None  # so that a later question tries again
        raise loader.problem


class _Loader(threading.Thread):
    """Loads a model beside the utterances, which must not wait for gigabytes."""

    def __init__(self, key: tuple[str, str, str]) -> None:
        super().__init__(name="language model", daemon=True)
        self._key = key
        self.model: _Loaded | None = None
        self.problem = ModelUnavailable("the language model could not be loaded")

    def run(self) -> None:
        try:
            with _loading:
                if self._key not in _loaded:
                    _loaded[self._key] = _load(*self._key)
                self.model = _loaded[self._key]
        except ModelUnavailable as error:
            self.problem = error


def _load(name: str, revision: str, device: str) -> _Loaded:
    """The model, from the local cache first.

    Raises:
        ModelUnavailable: when it cannot be had; the message says what to install or to fetch.
    """
    from imaggen_perception.hub.errors import HubModelUnavailable
    from imaggen_perception.hub.models import HubModel, choose_device, library

    try:
        torch, transformers = library("torch"), library("transformers")
        device = choose_device(device)
    except HubModelUnavailable as error:
        raise ModelUnavailable(str(error)) from error
    folder = HubModel(name).folder
    # Half floats crawl on a CPU; elsewhere the file's own type saves half of the memory.
    options = {"dtype": torch.float32 if device == "cpu" else "auto", "output_loading_info": True}
    problem: Exception = ModelUnavailable("no weights")
    for offline in (True,) if folder else (True, False):
        where = {"local_files_only": offline, "trust_remote_code": False}
        where |= {} if folder else {"revision": revision}
        try:
            tokenizer = transformers.AutoTokenizer.from_pretrained(str(folder or name), **where)
            network, report = transformers.AutoModelForCausalLM.from_pretrained(
                str(folder or name), **options, **where
            )
            break
        # Whatever the hub, the file formats and the tokenizers raise, the remedy is the same.
        except Exception as error:
            problem = error
    else:
        raise ModelUnavailable(_remedy(name, revision, bool(folder), problem)) from problem
    if len(report["missing_keys"]) > _MOST_MISSING * len(network.state_dict()):
        raise ModelUnavailable(f"the weights of {name} are not those of a causal language model")
    return _Loaded(network.eval().to(device), tokenizer, device)


def _remedy(name: str, revision: str, is_folder: bool, problem: Exception) -> str:
    reason = str(problem).strip().partition("\n")[0] or type(problem).__name__
    if is_folder:
        return f"the folder {name} holds no usable language model; {reason}"
    return (
        f"the language model {name} (revision {revision}) is not in the local cache and could not"
        f" be fetched; run: hf download {name} --revision {revision}, or give a local folder with"
        f" its files ({reason}); pip install 'imaggen[hub]' brings what runs it"
    )


def _prompt_tokens(model: _Loaded, system: str, user: str) -> Any:
    """The tokens of a conversation that the model shall continue, (1, n).

    Raises:
        ModelUnavailable: when they leave no room for an answer.
    """
    text = _conversation(model.tokenizer, system, user)
    templated = bool(model.tokenizer.chat_template)
    encoded = model.tokenizer(text, return_tensors="pt", add_special_tokens=not templated)
    tokens = encoded["input_ids"]
    # Beyond its positions a network fails, on a graphics card for good.
    if tokens.shape[1] >= _positions(model.network):
        raise ModelUnavailable(
            f"the question of {tokens.shape[1]} tokens is too long for the language model"
        )
    return tokens


def _positions(network: Any) -> int:
    """How many tokens question and answer may have together."""
    config = network.config.get_text_config()
    return int(getattr(config, "max_position_embeddings", 0) or 1 << 30)


def _conversation(tokenizer: Any, system: str, user: str) -> str:
    both = f"{system}\n\n{user}"
    if not tokenizer.chat_template:
        return both + "\nIts answer:\n"
    # Templates that know no thinking ignore the option.
    options = {"tokenize": False, "add_generation_prompt": True, "enable_thinking": False}
    said = [{"role": "system", "content": system}, {"role": "user", "content": user}]
    try:
        return str(tokenizer.apply_chat_template(said, **options))
    # Some templates refuse the role "system", each with an error of its own.
    except Exception:
        said = [{"role": "user", "content": both}]
        return str(tokenizer.apply_chat_template(said, **options))


def _generate(model: _Loaded, tokens: Any, clock: Callable[[], float], end_s: float) -> str:
    """The likeliest continuation.

    Raises:
        ModelUnavailable: when it is not complete at `end_s`.
    """
    import torch

    late = False

    def is_late(ids: Any, _scores: Any, **_options: Any) -> Any:
        nonlocal late
        late = late or clock() > end_s
        return torch.full((ids.shape[0],), late, dtype=torch.bool, device=ids.device)

    tokens = tokens.to(model.device)
    room = _positions(model.network) - tokens.shape[1]
    ending = model.tokenizer.pad_token_id
    with torch.inference_mode():
        output = model.network.generate(
            input_ids=tokens,
            attention_mask=torch.ones_like(tokens),
            max_new_tokens=min(MOST_TOKENS, room),
            do_sample=False,
            stopping_criteria=[is_late],
            pad_token_id=model.tokenizer.eos_token_id if ending is None else ending,
        )
    if late:
        raise ModelUnavailable("the language model did not answer in time")
    return str(model.tokenizer.decode(output[0, tokens.shape[1] :], skip_special_tokens=True))
