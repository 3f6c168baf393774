"""Pictures as inline SVG that takes its colours from the page."""
