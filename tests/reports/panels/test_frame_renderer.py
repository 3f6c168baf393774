"""A frame is drawn with its samples, D's answers and the losses, as far as they were recorded."""

from __future__ import annotations

from typing import Any

from gandiag_html.configurations import collect_configurations
from gandiag_html.figures.drawing import report_style
from gandiag_html.panels.frame_renderer import renderer_for
from gandiag_html.panels.frames import load_frames


def drawn(results: Any) -> Any:
    """The last frame of the first run of a store."""
    (configuration,) = collect_configurations(results)
    run = configuration.outcomes[0]
    frames = load_frames(results, run)
    assert frames is not None
    with report_style():
        renderer = renderer_for(run, frames, configuration.data, "k", configuration.end)
        assert renderer is not None
        return renderer, renderer.draw(-1)


def test_all_recorded_parts_are_drawn_on_shared_axes(replayed: dict[str, Any]) -> None:
    renderer, frame = drawn(replayed["chivers"])
    assert [picture.kind for picture in frame.pictures] == [
        "plane", "field", "answers", "loss", "loss"
    ]  # fmt: skip
    assert frame.iteration == 40
    assert all(
        f'id="k-{name}"' in renderer.stored for name in ("samples", "field", "answers", "d", "g")
    )


def test_the_cost_is_about_the_size_of_the_pictures(replayed: dict[str, Any]) -> None:
    _, frame = drawn(replayed["ring"])
    size = sum(len(picture.element) for picture in frame.pictures)
    assert size < frame.cost < size + 1500
