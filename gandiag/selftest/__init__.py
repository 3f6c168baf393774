"""The error rates of the diagnosis, measured on simulated runs whose ground truth is known."""
