"""How a group of seeds is trained by a runner: everything but the measuring."""
