"""The GAN mathematics, written once over a named set of array operations."""
