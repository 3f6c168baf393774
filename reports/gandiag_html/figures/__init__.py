"""Figures as inline SVG, coloured by the style sheet of the page, and as embedded PNG."""
