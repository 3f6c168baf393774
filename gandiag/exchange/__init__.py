"""Logs of other tools become runs of a store, and a store's series go where others read them."""
