"""Reads tensors of a CTranslate2 container (`model.bin`), version 6.

A container is, little-endian: version, name and revision of what the model is for, and the number of variables; for
each its name, number of sides, the sides, element type, bytes, and the data; then pairs of names, of which the first
stands for the second.
"""

import struct

# Element types by their number in a container, as safetensors calls them.
DTYPES = {0: "F32", 1: "I8", 2: "I16", 3: "I32", 4: "F16"}


class Reader:
    """Takes values from bytes, one after the other."""

    def __init__(self, data):
        self.data, self.place = memoryview(data), 0

    def bytes(self, count):
        part = self.data[self.place : self.place + count]
        if len(part) != count:
            raise ValueError(f"the container ends at byte {len(self.data)}, in the middle of a value")
        self.place += count
        return part

    def number(self, form):
        return struct.unpack("<" + form, self.bytes(struct.calcsize(form)))[0]

    def text(self):
        """The length includes a zero at the end."""
        return bytes(self.bytes(self.number("H"))[:-1]).decode()


def tensors(data):
    """Name to (element type, shape, bytes)."""
    reader = Reader(data)
    if (version := reader.number("I")) != 6:
        raise ValueError(f"the container has version {version}, not 6")
    reader.text()
    reader.number("I")
    found = {}
    for _ in range(reader.number("I")):
        name = reader.text()
        shape = [reader.number("I") for _ in range(reader.number("B"))]
        dtype = DTYPES[reader.number("B")]
        found[name] = (dtype, shape, reader.bytes(reader.number("I")))
    for _ in range(reader.number("I")):
        alias = reader.text()
        found[alias] = found[reader.text()]
    return found
