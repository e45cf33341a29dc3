import contextlib
import io
import unittest
from unittest import mock

from serdtools import command


class CommandTests(unittest.TestCase):
    def ended(self, work):
        """Its exit code and what it wrote to standard error."""
        messages = io.StringIO()
        with (
            mock.patch("sys.argv", ["tools/some-command"]),
            contextlib.redirect_stderr(messages),
            self.assertRaises(SystemExit) as end,
        ):
            work()
        return end.exception.code, messages.getvalue()

    def test_wrong_usage_ends_with_64_and_one_line(self):
        code, text = self.ended(lambda: command.Parser("What it does.").parse_args(["--nonsense"]))
        self.assertEqual((code, text), (64, "some-command: unrecognized arguments: --nonsense; try --help\n"))

    def test_a_missing_package_ends_with_69_and_names_what_to_install(self):
        with mock.patch.dict("sys.modules", {"serdtools.tree": None}):
            code, text = self.ended(lambda: command.run("tree", packages="oak"))
        self.assertEqual(code, 69)
        self.assertTrue(text.endswith("; pip install oak\n"), text)


if __name__ == "__main__":
    unittest.main()
