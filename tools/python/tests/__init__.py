"""Tests of serdtools: python3 -m unittest discover --start-directory tools/python. They need nothing but Python."""
