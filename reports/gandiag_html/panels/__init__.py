"""The sections of the report; each answers one question."""
