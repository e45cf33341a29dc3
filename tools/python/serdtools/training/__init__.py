"""Runs of sertrain: their results side by side, and its speed beside PyTorch's."""
