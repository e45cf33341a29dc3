"""The settings of serd-mqtt: an INI file like the daemon's, see serd-mqtt.conf."""

import difflib
import hashlib
import hmac
import re
import socket

from ini import IniError, assignments


class SettingsError(Exception):
    """What is wrong with the settings, in one line."""


class Settings:
    """Everything that can be set, with the defaults."""

    def __init__(self):
        self.host = "localhost"
        self.port = 1883
        self.username = ""
        self.password = ""
        self.ca_file = ""
        self.prefix = "serd"
        self.name = socket.gethostname().split(".")[0]
        self.discovery = "homeassistant"
        self.id = ""


def read(path):
    """The settings in a file, or the defaults for None."""
    settings = Settings()
    try:
        for place, section, key, value in assignments(path, verbatim=["password"]) if path else ():
            name = key.replace("-", "_")
            if section != "mqtt":
                where = f"in [{section}]" if section else "before any [section]"
                raise SettingsError(f"{place}: {key} stands {where}; it belongs into [mqtt]")
            if not hasattr(settings, name):
                near = difflib.get_close_matches(key, [known.replace("_", "-") for known in vars(settings)], 1)
                guess = f"; did you mean '{near[0]}'?" if near else "; see serd-mqtt.conf in the recipe"
                raise SettingsError(f"{place}: there is no key '{key}'{guess}")
            setattr(settings, name, value)
    except IniError as error:
        raise SettingsError(error) from None
    try:
        settings.port = int(settings.port)
    except ValueError:
        settings.port = 0
    if not 0 < settings.port < 65536:
        raise SettingsError(f"{path}: port is not a number from 1 to 65535")
    for key in ("prefix", "name", "discovery"):
        if re.search(r"[+#\0\s]|^/|/$", getattr(settings, key)) or (key != "discovery" and not getattr(settings, key)):
            raise SettingsError(f"{path}: {key} cannot be part of a topic: '{getattr(settings, key)}'")
    settings.id = settings.id or machine()
    if not re.fullmatch(r"[A-Za-z0-9_-]+", settings.id):
        raise SettingsError(f"{path}: id takes letters, digits, _ and -: '{settings.id}'")
    return settings


def machine():
    """The same for ever on this installation, whatever it is called. machine-id(5) asks not to show the id itself."""
    try:
        with open("/etc/machine-id", encoding="ascii") as file:
            key = file.read().strip()
    except OSError:
        key = ""
    if not key:
        raise SettingsError("this machine has no /etc/machine-id: set id in the settings")
    return hmac.new(key.encode(), b"serd-mqtt", hashlib.sha256).hexdigest()[:12]
