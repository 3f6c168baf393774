"""Home directories and user names do not get into a report."""

from __future__ import annotations

from pathlib import Path

import pytest

from gandiag_html import privacy


@pytest.fixture(autouse=True)
def fresh_cache() -> None:
    """The home directory of this user is looked up again."""
    privacy._own_home.cache_clear()


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("/home/ada/runs", "~/runs"),
        ("/Users/ada: not found", "~: not found"),
        ("at '/root/x' and /rooted/x", "at '~/x' and /rooted/x"),
        (r"D:\Users\ada\runs", r"~\runs"),
        ("/srv/data", "/srv/data"),
    ],
)
def test_home_directories_become_a_tilde(text: str, redacted: str) -> None:
    assert privacy.redact(text) == redacted


def test_the_users_own_home_is_redacted_wherever_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "home", lambda: Path("/cluster/people/grace"))
    assert privacy.redact("/cluster/people/grace/x") == "~/x"
    assert privacy.redact("/cluster/people/gracehopper") == "/cluster/people/gracehopper"
    privacy._own_home.cache_clear()


def test_keys_and_nested_values_are_redacted() -> None:
    data = {"/home/ada": ["/home/ada/a", {"n": 1, "path": ("/home/ada",)}]}
    assert privacy.redacted(data) == {"~": ["~/a", {"n": 1, "path": ["~"]}]}
