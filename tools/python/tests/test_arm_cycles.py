import contextlib
import io
import unittest
from collections import Counter

from serdtools.speed.arm_cycles import Trace, assembly

# Two blocks and the marker, as qemu lists and runs them; the second block is listed while the first part runs.
TRACE = """----------------
IN: main
0x00400100:  d2800000  movz     x0, #0x0
0x00400104:  14000040  b        #0x400204

Trace 0: 0x7f00 [00000000/0000000000400100/00000000/ff200000] main
Trace 0: 0x7f10 [00000000/0000000000400500/00000000/ff200000] marker
Trace 0: 0x7f00 [00000000/0000000000400100/00000000/ff200000] main
----------------
IN: main
0x00400204:  d503201f

Trace 0: 0x7f20 [00000000/0000000000400204/00000000/ff200000] main
Trace 0: 0x7f00 [00000000/0000000000400100/00000000/ff200000] main
Trace 0: 0x7f10 [00000000/0000000000400500/00000000/ff200000] marker
Trace 0: 0x7f00 [00000000/0000000000400100/00000000/ff200000] main
"""
FIRST = ("movz     x0, #0x0", "b        #0x400204")


class TraceTests(unittest.TestCase):
    def test_runs_are_counted_between_two_calls_of_the_marker(self):
        parts = Trace("marker").read(TRACE.splitlines(keepends=True))
        self.assertEqual(parts, [Counter({FIRST: 2, ("nop",): 1})])

    def test_every_second_call_of_the_marker_ends_a_part(self):
        parts = Trace("marker").read((TRACE + TRACE).splitlines(keepends=True))
        self.assertEqual([part.total() for part in parts], [3, 3])

    def test_a_block_that_changes_inside_a_part_is_refused(self):
        changed = TRACE.replace("IN: main\n0x00400204:  d503201f", "IN: main\n0x00400100:  d503201f")
        with contextlib.redirect_stderr(io.StringIO()), self.assertRaises(SystemExit):
            Trace("marker").read(changed.splitlines(keepends=True))


class AssemblyTests(unittest.TestCase):
    def test_addresses_become_labels(self):
        self.assertEqual(assembly("b        #0x400204"), "b somewhere")
        self.assertEqual(assembly("tbz  w8, #0x1f, #0x400204"), "tbz w8, #0x1f, somewhere")

    def test_other_numbers_stay(self):
        self.assertEqual(assembly("add      x0, x1, #0x12345"), "add x0, x1, #0x12345")


if __name__ == "__main__":
    unittest.main()
