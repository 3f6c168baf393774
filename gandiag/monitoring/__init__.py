"""The recorder for anyone's own loop: what it logs becomes runs like the runners' own."""
