"""Many runs: planned, trained in worker processes, and resumed."""
