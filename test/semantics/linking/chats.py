"""For tests of language models: a case, a scripted model, a real server, tiny networks."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from semantics.scenes import make_object, make_scene

from imaggen_perception.scene import Color, Part, Relation, Scene
from imaggen_semantics import Matcher
from imaggen_semantics.linking import create_linker
from imaggen_semantics.linking.language_model import LanguageModelLinker
from imaggen_semantics.mentions import Reading
from imaggen_semantics.models import LanguageModels
from imaggen_speech import create_timing_source

PATIENT_S = 60.0
PLAIN = {"part": "", "confidence": 0.9, "reason": "it fits"}
MODELS = LanguageModels("en", lexicon_only=True)


def scene() -> Scene:
    """A ball on the left, a mug with a handle on the right."""
    ball = make_object("circle", id="ball", center=(160, 240), relative_size=0.3, label="ball")
    mug = make_object("rectangle", id="mug", center=(480, 240), width=80, height=200, label="mug")
    handle = Part("handle", mug.outline, (0.5, 0.0), 0.3, 0.5)
    mug = replace(mug, parts=(handle,), holes=(replace(handle, name=""),))
    ball = replace(ball, color=Color("red", (200, 0, 0), 0.9))
    behind = Relation("mug", "behind", "ball", 0.9)
    return replace(make_scene(ball, mug), relations=(behind,))


def read(text: str) -> Reading:
    utterance = create_timing_source("estimate").time_text(text).utterance
    return Matcher(models=MODELS).read(utterance)


READING = read("The ball is round, and the cup is tall.")
EMBEDDED = create_linker("joint", MODELS.knowledge).link(READING, scene())


def links(*entries: Mapping[str, Any]) -> str:
    return json.dumps({"links": [{**PLAIN, **entry} for entry in entries]})


CUP_IS_BALL = links({"mention": 2, "objects": ["ball"]})


class Says:
    """A chat model that gives one answer after the other, the last one for ever."""

    def __init__(self, *answers: str | Exception) -> None:
        self.answers = list(answers)
        self.questions: list[str] = []

    def complete(self, system: str, user: str, schema: Mapping[str, Any], timeout_s: float) -> str:
        self.questions.append(user)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


def linker(chat: Any, timeout_s: float = PATIENT_S, **options: Any) -> LanguageModelLinker:
    knowledge = MODELS.knowledge
    embedded = create_linker("joint", knowledge)
    return LanguageModelLinker(chat, embedded, timeout_s, knowledge=knowledge, **options)


# -- a server ---------------------------------------------------------------------------------

Behaviour = Callable[["Handler", dict[str, Any]], None]


class Handler(BaseHTTPRequestHandler):
    server: ChatServer

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.requests.append((self.path, dict(self.headers), body))
        self.server.behaviour(self, body)

    def handle(self) -> None:
        try:
            super().handle()
        except OSError:
            pass  # the other side hung up
        finally:
            self.server.ended.set()

    def send(self, body: bytes, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


class ChatServer(ThreadingHTTPServer):
    """Answers `/v1/chat/completions` in the way of `behaviour`."""

    daemon_threads = True

    def __init__(self, behaviour: Behaviour) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.behaviour = behaviour
        self.requests: list[tuple[str, dict[str, str], dict[str, Any]]] = []
        self.scheme = "http"
        self.closing = threading.Event()
        self.ended = threading.Event()

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.server_address[1]}/v1"

    def secure(self, certificate: Path) -> None:
        """Speak TLS from now on."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        self.socket = context.wrap_socket(
            self.socket, server_side=True, do_handshake_on_connect=False
        )
        self.scheme = "https"


@contextmanager
def serving(behaviour: Behaviour) -> Iterator[ChatServer]:
    server = ChatServer(behaviour)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.closing.set()
        server.shutdown()
        thread.join()
        server.server_close()


def completion(content: Any) -> bytes:
    message = {"role": "assistant", "content": content}
    return json.dumps({"choices": [{"index": 0, "message": message}]}).encode()


def says(content: Any) -> Behaviour:
    return lambda handler, body: handler.send(completion(content))


def knows_no_schema(content: str) -> Behaviour:
    def behave(handler: Handler, body: dict[str, Any]) -> None:
        if body["response_format"]["type"] == "json_schema":
            handler.send(b'{"error": "unknown response_format"}', 400)
        else:
            handler.send(completion(content))

    return behave


def fails(status: int, **headers: str) -> Behaviour:
    return lambda handler, body: handler.send(b"{}", status, **headers)


def sleeps(handler: Handler, body: dict[str, Any]) -> None:
    handler.server.closing.wait()


def drips(first: bytes) -> Behaviour:
    """Sends `first`, then one byte after the other for as long as somebody listens."""

    def behave(handler: Handler, body: dict[str, Any]) -> None:
        handler.wfile.write(first)
        while not handler.server.closing.wait(0.01):
            handler.wfile.write(b"x")

    return behave


def floods(handler: Handler, body: dict[str, Any]) -> None:
    handler.send(completion("x" * 1_000_000))


# -- networks ---------------------------------------------------------------------------------


def save_tiny(
    folder: Path,
    answer: str | None,
    *,
    stops: bool = True,
    template: str = "",
    positions: int = 4096,
) -> str:
    """A causal language model that says `answer`, or whatever random weights say.

    Its words are embedded in two directions, "answer" and others; behind any other word comes the
    answer, behind the answer the end or, without `stops`, the answer again.
    """
    import torch
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    words = {"<pad>": 0, "<s>": 1, "</s>": 2, "[UNK]": 3, answer or "{": 4, "}": 5, "[": 6}
    tokenizer = Tokenizer(models.WordLevel(words, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, unk_token="[UNK]", eos_token="</s>", pad_token="<pad>"
    )
    fast.chat_template = template or None
    fast.save_pretrained(folder)
    torch.manual_seed(4)
    network = LlamaForCausalLM(
        LlamaConfig(
            vocab_size=len(words), hidden_size=8, intermediate_size=8, num_hidden_layers=1,
            num_attention_heads=2, max_position_embeddings=positions, bos_token_id=1,
            eos_token_id=2, pad_token_id=0, tie_word_embeddings=False,
        )
    )  # fmt: skip
    if answer is not None:
        _teach(network, stops)
    network.eval().save_pretrained(folder)
    return str(folder)


def _teach(network: Any, stops: bool) -> None:
    import torch

    with torch.no_grad():
        layer = network.model.layers[0]
        layer.self_attn.o_proj.weight.zero_()
        layer.mlp.down_proj.weight.zero_()
        embedding, head = network.model.embed_tokens.weight, network.lm_head.weight
        embedding.zero_()
        embedding[:, 0] = 1.0
        embedding[4] = torch.eye(8)[1 if stops else 0]
        head.zero_()
        head[4, 0] = head[2, 1] = 10.0
