"""A running daemon: what it costs, and what it does when it is used for long or badly."""
