"""Archives come from the first mirror that has them, and only if they are the right ones."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pooch
import pytest

from gandiag.data import idx, mirrors
from gandiag.data.digit_files import load_digits
from gandiag.data.mirrors import download
from gandiag.errors import DataError


@dataclass
class Mirror:
    """A server on this machine.

    Attributes:
        address: Where it is.
        held: What it has, by name.
        asked: What it was asked for.
    """

    address: str = ""
    held: dict[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)


@contextmanager
def serving(held: dict[str, bytes]) -> Iterator[Mirror]:
    mirror = Mirror(held=held)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name = self.path.rpartition("/")[2]
            mirror.asked.append(name)
            body = mirror.held.get(name)
            self.send_response(404 if body is None else 200)
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *_: object) -> None:
            """Nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, args=[0.01])
        thread.start()
        mirror.address = f"http://127.0.0.1:{server.server_port}/mnist/"
        try:
            yield mirror
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., list[Mirror]]]:
    """Starts mirrors, and makes them the known ones."""
    with ExitStack() as stack:

        def start(*held: dict[str, bytes]) -> list[Mirror]:
            found = [stack.enter_context(serving(each)) for each in held]
            monkeypatch.setattr(mirrors, "MIRRORS", tuple(each.address for each in found))
            return found

        yield start


Serve = Callable[..., list[Mirror]]
KNOWN = mirrors.MIRRORS  # before a test puts its own in their place
NAMES = [f"{file.name}.gz" for file in idx.FILES]


def test_the_second_mirror_is_asked_where_the_first_has_nothing(
    serve: Serve, packed: dict[str, bytes]
) -> None:
    first, second = serve({}, packed)
    assert len(load_digits("mnist").images) == 260
    assert first.asked == second.asked == NAMES


def test_another_content_is_refused_and_the_next_mirror_asked(
    serve: Serve, packed: dict[str, bytes]
) -> None:
    wrong = {name: archive[:-1] + b"!" for name, archive in packed.items()}
    first, second = serve(wrong, packed)
    for file in idx.FILES:
        assert download(file).read_bytes() == packed[f"{file.name}.gz"]
    assert first.asked == second.asked == NAMES


def test_what_is_in_the_cache_is_not_asked_for_again(
    serve: Serve, packed: dict[str, bytes]
) -> None:
    (mirror,) = serve(packed)
    for _ in range(2):
        for file in idx.FILES:
            download(file)
    assert mirror.asked == NAMES


def test_what_was_damaged_in_the_cache_is_fetched_anew(
    serve: Serve, packed: dict[str, bytes]
) -> None:
    (mirror,) = serve(packed)
    download(idx.FILES[1]).write_bytes(b"torn")
    assert download(idx.FILES[1]).read_bytes() == packed[NAMES[1]]
    assert mirror.asked == [NAMES[1]] * 2


def test_where_no_mirror_helps_each_says_why_in_a_few_words(
    serve: Serve, packed: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = serve({}, {NAMES[0]: b"<html>please log in</html>"})
    dead = "http://127.0.0.1:9/"
    monkeypatch.setattr(mirrors, "MIRRORS", (first.address, second.address, dead))
    with pytest.raises(DataError) as caught:
        download(idx.FILES[0])
    assert str(caught.value) == (
        f"{NAMES[0]} cannot be downloaded. {first.address}: it answers 404; "
        f"{second.address}: it has another content than MNIST's; {dead}: no connection"
    )


def test_a_download_says_nothing_and_leaves_poochs_log_as_it_was(
    serve: Serve, packed: dict[str, bytes], capfd: pytest.CaptureFixture[str]
) -> None:
    serve({}, packed)
    before = pooch.get_logger().level
    download(idx.FILES[1])
    assert capfd.readouterr() == ("", "")
    assert pooch.get_logger().level == before != logging.CRITICAL


def test_a_terminal_is_shown_what_is_downloaded(
    serve: Serve,
    packed: dict[str, bytes],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    serve({}, packed)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    download(idx.FILES[0])
    out, err = capsys.readouterr()
    assert out == ""
    assert f"downloading {NAMES[0]}" in err


def test_the_mirrors_are_asked_over_https() -> None:
    assert len(KNOWN) > 1
    assert all(each.startswith("https://") and each.endswith("/") for each in KNOWN)
