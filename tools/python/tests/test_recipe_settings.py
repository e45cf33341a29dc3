"""The settings of the recipe mqtt follow the rules of serd.conf(5)."""

import os
import sys
import tempfile
import unittest

from serdtools.tree import ROOT

sys.path.insert(0, os.path.join(ROOT, "tools/recipes/mqtt"))
import settings


class RecipeSettings(unittest.TestCase):
    def read(self, text):
        with tempfile.NamedTemporaryFile(suffix=".conf") as file:
            file.write(text if isinstance(text, bytes) else text.encode())
            file.flush()
            try:
                return settings.read(file.name)
            except settings.SettingsError as error:
                raise settings.SettingsError(str(error).replace(file.name, "conf")) from None

    def complaint(self, text):
        with self.assertRaises(settings.SettingsError) as caught:
            self.read(text)
        return str(caught.exception)

    def test_what_is_read_as_meant(self):
        text = "\ufeff; hello\r\n[mqtt] # the broker\r\n  id = abc ; mine\r\nhost: broker.local\r\n  port = 1884\r\n"
        found = self.read(text)
        self.assertEqual((found.id, found.host, found.port), ("abc", "broker.local", 1884))

    def test_a_password_is_taken_as_it_stands(self):
        self.assertEqual(self.read('[mqtt]\nid = a\npassword = "x # y ; z"\n').password, '"x # y ; z"')
        self.assertEqual(self.read("[mqtt]\nid = a\npassword = a=b:c\n").password, "a=b:c")

    def test_what_would_be_read_as_something_else_is_refused(self):
        for text, complaint in {
            "[mqtt] host = x\n": "conf:1: 'host = x' stands on the line of [mqtt]",
            "[mqtt]\rhost = x\r": "conf:1: a carriage return within the line",
            "[mqtt]\nhost = pi # mine\n": "conf:2: host: 'pi # mine' has a remark behind the value",
            '[mqtt]\nhost = "pi"\n': "conf:2: host: '\"pi\"' has quotes",
            "[mqtt]\nhost\n": "conf:2: neither a [section]",
            "[mqtt\n": "conf:1: neither a [section]",
            "[mqtt]\nhots = x\n": "conf:2: there is no key 'hots'; did you mean 'host'?",
            "host = x\n": "conf:1: host stands before any [section]",
            "[serd]\nhost = x\n": "conf:2: host stands in [serd]; it belongs into [mqtt]",
            "[mqtt]\nport = x\n": "conf: port is not a number",
            b"[mqtt]\nname = k\xfcche\n": "conf:2: bytes that are no UTF-8",
            "[mqtt]\n".encode("utf-16"): "conf: UTF-16 text",
        }.items():
            self.assertIn(complaint, self.complaint(text))


if __name__ == "__main__":
    unittest.main()
