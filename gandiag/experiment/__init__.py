"""What is trained: an experiment or a training of somebody's own, read, checked and compared."""
