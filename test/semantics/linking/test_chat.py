from __future__ import annotations

import importlib.util
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from semantics.linking import chats
from semantics.linking.chats import (
    CUP_IS_BALL,
    EMBEDDED,
    MODELS,
    PATIENT_S,
    READING,
    linker,
    links,
    scene,
)

from imaggen_semantics import Matcher, MatcherConfig, SemanticsError
from imaggen_semantics.config import LanguageModelConfig
from imaggen_semantics.errors import ModelUnavailable
from imaggen_semantics.linking import create_linker
from imaggen_semantics.linking.chat import OpenAIChat
from imaggen_semantics.linking.local_chat import TransformersChat
from imaggen_speech import create_timing_source

BRIEF_S = 0.2
needs_torch = pytest.mark.skipif(
    not (importlib.util.find_spec("torch") and importlib.util.find_spec("transformers")),
    reason="torch or transformers is not installed",
)


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """No proxy and no hub."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    if importlib.util.find_spec("huggingface_hub"):
        monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)


# -- a server ---------------------------------------------------------------------------------

Serve = Callable[[chats.Behaviour], chats.ChatServer]


@pytest.fixture
def serve() -> Iterator[Serve]:
    opened: list[AbstractContextManager[chats.ChatServer]] = []

    def start(behaviour: chats.Behaviour) -> chats.ChatServer:
        opened.append(chats.serving(behaviour))
        return opened[-1].__enter__()

    yield start
    for server in opened:
        server.__exit__(None, None, None)


def ask(server: chats.ChatServer, timeout_s: float = PATIENT_S, **options: str) -> tuple[Any, str]:
    tested = linker(OpenAIChat(server.url, "tiny", **options), timeout_s)
    found = tested.link(READING, scene())
    if tested.last_problem:
        assert found == EMBEDDED
    return found[1].object_id, tested.last_problem


def test_a_server_answers(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TINY_KEY", "secret")
    server = serve(chats.says(CUP_IS_BALL))
    assert ask(server, api_key_env="TINY_KEY") == ("ball", "")
    ((path, headers, body),) = server.requests
    assert path == "/v1/chat/completions"
    assert headers["Authorization"] == "Bearer secret"
    assert (body["model"], body["temperature"], body["stream"]) == ("tiny", 0, False)
    assert isinstance(body["seed"], int) and body["max_tokens"] > 0
    assert [message["role"] for message in body["messages"]] == ["system", "user"]
    asked = body["response_format"]["json_schema"]
    entry = asked["schema"]["properties"]["links"]["items"]
    assert asked["strict"] is True
    assert set(entry["required"]) == set(entry["properties"])  # what strict servers insist on


def test_a_server_that_knows_no_schema_is_asked_for_plain_json(serve: Serve) -> None:
    server = serve(chats.knows_no_schema(CUP_IS_BALL))
    chat = OpenAIChat(server.url, "tiny")
    assert linker(chat).link(READING, scene())[1].object_id == "ball"
    assert linker(chat).link(READING, scene())[1].object_id == "ball"
    formats = [body["response_format"]["type"] for _, _, body in server.requests]
    assert formats == ["json_schema", "json_object", "json_object"]


def test_a_server_without_a_key_is_sent_none(serve: Serve) -> None:
    server = serve(chats.says(CUP_IS_BALL))
    ask(server)
    assert "Authorization" not in server.requests[0][1]


@pytest.mark.parametrize(
    ("behaviour", "problem"),
    [
        (chats.says("no idea"), "no JSON object"),
        (chats.says(links({"mention": 1, "objects": ["teapot"]})), "agreed form"),
        (chats.says(None), "refused or wrote no text"),
        (chats.fails(500), "answered 500 Internal Server Error"),
        (chats.fails(400), "answered 400 Bad Request"),
        (chats.fails(302, Location="http://127.0.0.1:9/"), "answered 302 Found"),
        (chats.floods, "longer than"),
        (lambda handler, body: handler.send(b"<html>"), "no chat completion"),
        (lambda handler, body: handler.send(b'{"choices": []}'), "no chat completion"),
        (lambda handler, body: handler.wfile.write(b"nonsense\r\n\r\n"), "cannot be reached"),
        (lambda handler, body: None, "cannot be reached"),
    ],
)
def test_servers_that_answer_badly(serve: Serve, behaviour: chats.Behaviour, problem: str) -> None:
    assert problem in ask(serve(behaviour))[1]


@pytest.mark.parametrize(
    "behaviour",
    [
        chats.sleeps,
        chats.drips(b""),
        chats.drips(b"HTTP/1.0 200 OK\r\nX-Slow: "),
        chats.drips(b"HTTP/1.0 200 OK\r\n\r\n"),
        chats.drips(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"),
    ],
)
def test_servers_that_are_slow_are_hung_up_on(serve: Serve, behaviour: chats.Behaviour) -> None:
    server = serve(behaviour)
    assert f"did not answer within {BRIEF_S} s" in ask(server, BRIEF_S)[1]
    if behaviour is not chats.sleeps:  # which ends only with the test
        assert server.ended.wait(PATIENT_S)


def test_a_server_that_is_not_there() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        tested = linker(OpenAIChat(f"http://127.0.0.1:{free.getsockname()[1]}", "tiny"))
        assert tested.link(READING, scene()) == EMBEDDED
    assert "cannot be reached" in tested.last_problem


def test_a_proxy_is_asked_where_the_environment_names_one(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = serve(chats.says(CUP_IS_BALL))
    monkeypatch.setenv("http_proxy", proxy.url.removesuffix("/v1"))
    tested = linker(OpenAIChat("http://robot.invalid/v1/", "tiny"))
    assert tested.link(READING, scene())[1].object_id == "ball"
    assert proxy.requests[0][0] == "http://robot.invalid/v1/chat/completions"


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A fresh certificate of this machine, with its key."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl is not installed")
    file = tmp_path / "both.pem"
    command = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost".split()
    subject = "subjectAltName=IP:127.0.0.1"
    subprocess.run(
        [openssl, *command, "-addext", subject, "-keyout", file, "-out", tmp_path / "cert.pem"],
        check=True,
        capture_output=True,
    )
    file.write_text(file.read_text() + (tmp_path / "cert.pem").read_text())
    return file


@pytest.mark.parametrize("trusted", [True, False])
def test_secure_servers_are_checked(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, certificate: Path, trusted: bool
) -> None:
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    server = serve(chats.says(CUP_IS_BALL))
    server.secure(certificate)
    found, problem = ask(server)
    assert (found, problem) == ("ball", "") if trusted else "CERTIFICATE_VERIFY" in problem


def test_secure_servers_that_drip_are_hung_up_on(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, certificate: Path
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    server = serve(chats.drips(b"HTTP/1.0 200 OK\r\n\r\n"))
    server.secure(certificate)
    assert "did not answer within 1 s" in ask(server, 1.0)[1]
    assert server.ended.wait(PATIENT_S)


@pytest.mark.parametrize(
    ("key", "problem"), [(None, "is not set"), (" ", "is not set"), ("se\ncret", "no key has")]
)
def test_keys_come_from_the_environment_and_stay_secret(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, key: str | None, problem: str
) -> None:
    monkeypatch.delenv("TINY_KEY", raising=False)
    if key is not None:
        monkeypatch.setenv("TINY_KEY", key)
    server = serve(chats.says(CUP_IS_BALL))
    _, told = ask(server, api_key_env="TINY_KEY")
    assert problem in told and "TINY_KEY" in told and "cret" not in told
    assert not server.requests


# -- configuration ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({}, "either an endpoint or a transformers_model"),
        ({"endpoint": "http://a", "model": "m", "transformers_model": "x"}, "not both"),
        ({"endpoint": "file:///etc/passwd", "model": "m"}, "http:// or https://"),
        ({"endpoint": "ftp://a", "model": "m"}, "http:// or https://"),
        ({"endpoint": "http://", "model": "m"}, "http:// or https://"),
        ({"endpoint": "http://a:b", "model": "m"}, "http:// or https://"),
        ({"endpoint": "http://a b", "model": "m"}, "http:// or https://"),
        ({"endpoint": "http://a", "model": " "}, "name of its model"),
        ({"transformers_model": "x", "timeout_s": 0.0}, r"timeout_s must be 0.1 .. 60.0 s"),
        ({"transformers_model": "x", "timeout_s": float("nan")}, r"timeout_s must be"),
    ],
)
def test_settings_that_are_refused(values: dict[str, Any], message: str) -> None:
    with pytest.raises(SemanticsError, match=message):
        LanguageModelConfig(**values)


@pytest.mark.parametrize(
    "values",
    [{"endpoint": "http://me:secret@a"}, {"endpoint": "http://a", "api_key_env": "sk-secret"}],
)
def test_refusals_do_not_repeat_secrets(values: dict[str, str]) -> None:
    with pytest.raises(SemanticsError) as refused:
        LanguageModelConfig(model="m", **values)
    assert "secret" not in str(refused.value)


def test_the_linker_needs_its_settings() -> None:
    with pytest.raises(SemanticsError, match="needs the settings"):
        MatcherConfig(linker="language_model")
    with pytest.raises(SemanticsError, match="MatcherConfig.language_model"):
        create_linker("language_model", MODELS.knowledge)


def test_a_matcher_asks_a_question_once(serve: Serve) -> None:
    server = serve(chats.says(CUP_IS_BALL))
    asked = LanguageModelConfig(endpoint=server.url, model="tiny", timeout_s=60.0)
    matcher = Matcher(MatcherConfig(linker="language_model", language_model=asked), MODELS)
    utterance = create_timing_source("estimate").time_text("The ball and the cup.").utterance
    for _ in range(2):
        assert matcher.link(scene(), utterance)[1][1].object_id == "ball"
    assert len(server.requests) == 1


def test_a_matcher_reports_problems_and_plans(serve: Serve) -> None:
    server = serve(chats.fails(503))
    asked = LanguageModelConfig(endpoint=server.url, model="tiny", timeout_s=60.0)
    config = MatcherConfig(linker="language_model", language_model=asked)
    problems: list[str] = []
    utterance = create_timing_source("estimate").time_text("The ball is round.").utterance
    plan = Matcher(config, MODELS, problems.append).plan(scene(), utterance)
    assert plan.gestures == Matcher(models=MODELS).plan(scene(), utterance).gestures
    assert len(problems) == 1 and "503" in problems[0]


# -- in this process --------------------------------------------------------------------------

TEMPLATE = "{% for m in messages %}{{ m['role'] }} : {{ m['content'] }}{% endfor %} assistant :"
NO_SYSTEM = "{% if messages[0]['role'] == 'system' %}{{ raise_exception('no') }}{% endif %}"


@needs_torch
@pytest.mark.parametrize("template", ["", TEMPLATE, NO_SYSTEM + TEMPLATE])
def test_a_network_answers(tmp_path: Path, template: str) -> None:
    folder = chats.save_tiny(tmp_path, CUP_IS_BALL, template=template)
    tested = linker(TransformersChat(folder, device="cpu"))
    assert tested.link(READING, scene())[1].object_id == "ball", tested.last_problem


@needs_torch
def test_a_network_by_its_settings(tmp_path: Path) -> None:
    named = LanguageModelConfig(
        transformers_model=chats.save_tiny(tmp_path, CUP_IS_BALL), timeout_s=60.0
    )
    tested = create_linker("language_model", MODELS.knowledge, named)
    assert tested.link(READING, scene())[1].object_id == "ball"


@needs_torch
def test_random_weights_leave_the_embedded_links(tmp_path: Path) -> None:
    tested = linker(TransformersChat(chats.save_tiny(tmp_path, None, positions=2048)))
    assert tested.link(READING, scene()) == EMBEDDED
    assert "the answer" in tested.last_problem


@needs_torch
def test_a_question_beyond_the_positions_is_not_tried(tmp_path: Path) -> None:
    tested = linker(TransformersChat(chats.save_tiny(tmp_path, CUP_IS_BALL, positions=64)))
    assert tested.link(READING, scene()) == EMBEDDED
    assert "too long for the language model" in tested.last_problem


@needs_torch
def test_a_network_that_does_not_stop_is_stopped(tmp_path: Path) -> None:
    ticks = iter(range(100))
    folder = chats.save_tiny(tmp_path, "{", stops=False)
    chat = TransformersChat(folder, clock=lambda: float(next(ticks)))
    chat.load()
    with pytest.raises(ModelUnavailable, match="did not answer in time"):
        chat.complete("Say", "something", {}, 10.0)


@needs_torch
def test_a_model_is_loaded_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import transformers

    folder = chats.save_tiny(tmp_path, CUP_IS_BALL)
    load = transformers.AutoModelForCausalLM.from_pretrained
    loads: list[str] = []

    def counted(name: str, **options: Any) -> Any:
        loads.append(name)
        return load(name, **options)

    monkeypatch.setattr(transformers.AutoModelForCausalLM, "from_pretrained", counted)
    for _ in range(2):
        TransformersChat(folder).load()
    assert loads == [folder]


@needs_torch
def test_weights_that_are_missing() -> None:
    with pytest.raises(ModelUnavailable, match="hf download nobody/nothing --revision v1"):
        TransformersChat("nobody/nothing", "v1").load()


@needs_torch
def test_a_folder_without_weights(tmp_path: Path) -> None:
    chat = TransformersChat(str(tmp_path))
    for _ in range(2):  # a later question tries again
        with pytest.raises(ModelUnavailable, match="holds no usable language model"):
            chat.load()


@pytest.mark.parametrize("library", ["torch", "transformers"])
def test_libraries_that_are_missing(monkeypatch: pytest.MonkeyPatch, library: str) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    tested = linker(TransformersChat("owner/name"))
    assert tested.link(READING, scene()) == EMBEDDED
    assert f"need {library}" in tested.last_problem
    assert "imaggen[hub]" in tested.last_problem
