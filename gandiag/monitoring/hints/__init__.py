"""What looks like a bug in a loop, said once at the first log points; one kind a file."""
