"""Tests of serd-web's page in a real browser."""
