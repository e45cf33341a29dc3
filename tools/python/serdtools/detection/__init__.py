"""Measuring detection: what serd's speech gate, and its emotions, are worth on long streams of speech and of noise.

The sounds share no code with serd: 16 kHz mono float32 throughout. Everything random comes from the numpy generator
that is passed in, so a stream is the same every time.
"""
