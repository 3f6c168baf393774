"""Downloads: the first mirror with the right archive is used."""

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
        address: Its URL.
        files: Its files, by name.
        requests: The names that were requested.
    """

    address: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)


@contextmanager
def serving(files: dict[str, bytes]) -> Iterator[Mirror]:
    mirror = Mirror(files=files)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name = self.path.rpartition("/")[2]
            mirror.requests.append(name)
            body = mirror.files.get(name)
            self.send_response(404 if body is None else 200)
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *_: object) -> None:
            """Logs nothing."""

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
    """Starts mirrors and uses them in place of the real ones."""
    with ExitStack() as stack:

        def start(*files: dict[str, bytes]) -> list[Mirror]:
            found = [stack.enter_context(serving(each)) for each in files]
            monkeypatch.setattr(mirrors, "MIRRORS", tuple(each.address for each in found))
            return found

        yield start


Serve = Callable[..., list[Mirror]]
KNOWN = mirrors.MIRRORS  # before a test replaces them
NAMES = [f"{file.name}.gz" for file in idx.FILES]


def test_the_second_mirror_is_used_if_the_first_fails(
    serve: Serve, packed: dict[str, bytes]
) -> None:
    first, second = serve({}, packed)
    assert len(load_digits("mnist").images) == 260
    assert first.requests == second.requests == NAMES


def test_content_with_another_hash_is_refused_and_the_next_mirror_is_used(
    serve: Serve, packed: dict[str, bytes]
) -> None:
    wrong = {name: archive[:-1] + b"!" for name, archive in packed.items()}
    first, second = serve(wrong, packed)
    for file in idx.FILES:
        assert download(file).read_bytes() == packed[f"{file.name}.gz"]
    assert first.requests == second.requests == NAMES


def test_a_cached_file_is_not_downloaded_again(serve: Serve, packed: dict[str, bytes]) -> None:
    (mirror,) = serve(packed)
    for _ in range(2):
        for file in idx.FILES:
            download(file)
    assert mirror.requests == NAMES


def test_a_damaged_cached_file_is_downloaded_again(serve: Serve, packed: dict[str, bytes]) -> None:
    (mirror,) = serve(packed)
    download(idx.FILES[1]).write_bytes(b"torn")
    assert download(idx.FILES[1]).read_bytes() == packed[NAMES[1]]
    assert mirror.requests == [NAMES[1]] * 2


def test_if_all_mirrors_fail_the_error_gives_the_reason_for_each(
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


def test_a_download_logs_nothing_and_restores_poochs_log_level(
    serve: Serve, packed: dict[str, bytes], capfd: pytest.CaptureFixture[str]
) -> None:
    serve({}, packed)
    before = pooch.get_logger().level
    download(idx.FILES[1])
    assert capfd.readouterr() == ("", "")
    assert pooch.get_logger().level == before != logging.CRITICAL


def test_a_terminal_shows_a_progress_bar(
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


def test_the_mirrors_are_https() -> None:
    assert len(KNOWN) > 1
    assert all(each.startswith("https://") and each.endswith("/") for each in KNOWN)
