"""How fast parts of serd are, beside others or on paper."""
