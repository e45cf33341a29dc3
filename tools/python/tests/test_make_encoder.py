import json
import struct
import unittest

from serdtools.exchange.ctranslate2 import tensors
from serdtools.exchange.make_encoder import serialised, thirds


def text(value):
    return struct.pack("<H", len(value) + 1) + value.encode() + b"\0"


class MakeEncoderTests(unittest.TestCase):
    def container(self, version=6):
        variable = text("a") + struct.pack("<BIIBI", 2, 3, 1, 4, 6) + b"abcdef"
        return (
            struct.pack("<I", version) + text("spec") + struct.pack("<II", 1, 1) + variable + struct.pack("<I", 1)
        ) + (text("b") + text("a"))

    def test_a_container_is_read_with_its_second_names(self):
        found = tensors(self.container())
        self.assertEqual(
            {name: (kind, shape, bytes(data)) for name, (kind, shape, data) in found.items()},
            {name: ("F16", [3, 1], b"abcdef") for name in "ab"},
        )

    def test_a_container_that_is_cut_or_of_another_version_is_refused(self):
        self.assertRaises(ValueError, tensors, self.container()[:-20])
        self.assertRaises(ValueError, tensors, self.container(version=5))

    def test_query_key_and_value_are_thirds(self):
        self.assertEqual(
            [part[1:] for part in thirds(("F16", [3, 1], b"abcdef"))], [([1, 1], p) for p in (b"ab", b"cd", b"ef")]
        )

    def test_a_file_has_header_and_tensors_by_name(self):
        file = serialised({"b": ("I8", [2], b"xy"), "a": ("F16", [1], b"pq")}, {"k": "v"})
        length = int.from_bytes(file[:8], "little")
        header = json.loads(file[8 : 8 + length])
        self.assertEqual(header["b"], {"dtype": "I8", "shape": [2], "data_offsets": [2, 4]})
        self.assertEqual((header["__metadata__"], file[8 + length :]), ({"k": "v"}, b"pqxy"))


if __name__ == "__main__":
    unittest.main()
