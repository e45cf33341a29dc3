"""The Python of serd's tools: measuring, comparing with others, and checks against a running daemon."""
