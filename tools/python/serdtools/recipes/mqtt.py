"""Checks the recipe mqtt against a real mosquitto: called by tools/slow-tests/recipes."""

import json
import os
import re
import signal
import subprocess
import sys

from jinja2 import Template  # what Home Assistant's templates are

from serdtools.recipes.harness import Program, free_port


class Broker:
    """A mosquitto that keeps nothing when it ends, with a password, and the same again with TLS."""

    def __init__(self, folder):
        self.folder, self.port, self.tls_port, self.program = folder, free_port(), free_port(), None
        subprocess.run(["mosquitto_passwd", "-b", "-c", f"{folder}/passwords", "pi", "secret"], check=True)
        self.make_certificates()
        # As root it would become another user, who may not read these files.
        with open(f"{folder}/mosquitto.conf", "w", encoding="utf-8") as file:
            file.write(
                f"user root\npassword_file {folder}/passwords\nlistener {self.port} 127.0.0.1\n"
                f"listener {self.tls_port} 127.0.0.1\ncertfile {folder}/broker.pem\nkeyfile {folder}/broker.key\n"
            )

    def make_certificates(self):
        subprocess.run(
            [
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-days",
                "2",
                "-subj",
                "/CN=localhost",
                "-addext",
                "subjectAltName=DNS:localhost",
                "-keyout",
                f"{self.folder}/broker.key",
                "-out",
                f"{self.folder}/broker.pem",
            ],
            check=True,
            stderr=subprocess.DEVNULL,
        )

    def start(self):
        self.program = Program("mosquitto", "-c", f"{self.folder}/mosquitto.conf")
        self.program.line(" running")

    def kill(self):
        self.program.end(signal.SIGKILL)

    def arguments(self):
        return ["-h", "127.0.0.1", "-p", str(self.port), "-u", "pi", "-P", "secret"]

    def watch(self):
        """A new subscriber: lines of retained flag, topic, payload."""
        return Program("mosquitto_sub", *self.arguments(), "-t", "#", "-F", "%r %t %p")

    def publish(self, topic, payload):
        subprocess.run(["mosquitto_pub", *self.arguments(), "-t", topic, "-m", payload], check=True)


class Checks:
    """One broker, one daemon, one bridge after the other."""

    def __init__(self, folder, bridge, daemon):
        self.folder, self.bridge, self.daemon = folder, bridge, daemon
        self.broker = Broker(folder)
        self.watcher = None

    def start(self, name="kitchen", **settings):
        settings = {"host": "127.0.0.1", "port": self.broker.port, "username": "pi", "password": "secret", **settings}
        path = f"{self.folder}/{name}.conf"
        with open(path, "w", encoding="utf-8") as file:
            file.write("[mqtt]\nid = abc\n" + "".join(f"{k} = {v}\n" for k, v in {"name": name, **settings}.items()))
        return Program(self.bridge, "--config", path, "--socket", self.daemon.socket)

    def message(self, topic, retained=None, where=lambda payload: True):
        """The payload of the next message of a topic that is accepted."""

        def accepts(line):
            flag, found, payload = [*line.split(" ", 2), "", ""][:3]
            return found == topic and retained in (None, flag == "1") and where(payload)

        return self.watcher.line(accepts).split(" ", 2)[2]

    def values(self, where):
        """The next state or health message for which `where`, of the decoded payload, holds."""
        return lambda payload: where(json.loads(payload))

    def run(self):
        bridge = self.start()  # before the broker, and before the daemon
        bridge.line(lambda line: any("there is no broker at" in line for line in bridge.lines))
        self.broker.start()
        bridge.line("connected")
        self.subscribe()
        self.message("serd/kitchen/status", where="offline".__eq__)
        self.daemon.start()
        device = self.events()
        self.entities(device)
        self.restarts(device, bridge)
        self.identity(device)
        self.encryption()
        self.refusals()
        self.broker.kill()

    def events(self):
        """The device is introduced, an emotion begins and ends."""
        device = json.loads(self.message("homeassistant/device/serd_abc/config", where=bool))
        self.message("serd/kitchen/status", where="online".__eq__)
        begin = json.loads(self.message("serd/kitchen/begin", retained=False))
        end = json.loads(self.message("serd/kitchen/end", retained=False))
        assert begin["id"] == end["id"] and begin["phase"] == "begin" and end["end"], (begin, end)
        entity = device["components"]["emotion"]
        assert begin["event_type"] in entity["event_types"] and entity["state_topic"] == "serd/kitchen/begin"
        state = json.loads(self.message("serd/kitchen/state", where=self.values(lambda s: s["emotion"] != "none")))
        assert state["emotion"] in device["components"]["present"]["options"], state
        assert device["availability_topic"] == "serd/kitchen/status" and device["origin"]["name"]
        assert {e["platform"] for e in device["components"].values()} == {"event", "sensor", "binary_sensor"}
        return device

    def entities(self, device):
        """Mute and an unplugged microphone, as Home Assistant's templates read them."""

        def shown(entity, payload):
            return Template(device["components"][entity]["value_template"]).render(value_json=json.loads(payload))

        state, health = "serd/kitchen/state", "serd/kitchen/health"
        self.daemon.command("mute")
        assert shown("listening", self.message(state, where=self.values(lambda s: s["activity"] == "muted"))) == "OFF"
        self.daemon.command("unmute")
        payload = self.message(state, where=self.values(lambda s: s["activity"] == "listening"))
        assert shown("listening", payload) == "ON" and shown("present", payload) == json.loads(payload)["emotion"]
        self.daemon.microphone.unplug()
        assert (
            shown("problem", self.message(health, where=self.values(lambda h: h["condition"] == "no-device"))) == "ON"
        )
        self.daemon.microphone.plug()
        assert (
            shown("problem", self.message(health, where=self.values(lambda h: h["condition"] == "listening"))) == "OFF"
        )

    def subscribe(self):
        """A new subscriber in place of the old one."""
        if self.watcher:
            self.watcher.end()
        self.watcher = self.broker.watch()

    def await_all(self, device, retained):
        """All that is retained comes, in whatever order, as it was for an earlier subscriber."""
        missing = {
            "homeassistant/device/serd_abc/config": device,
            "serd/kitchen/status": "online",
            "serd/kitchen/state": None,
            "serd/kitchen/health": None,
        }

        def accepts(line):
            flag, topic, payload = line.split(" ", 2)
            if flag == ("1" if retained else "0") and topic in missing:
                wanted = missing.pop(topic)
                assert wanted in (None, payload) or json.loads(payload) == wanted, line[:200]
            return not missing

        self.watcher.line(accepts)

    def restarts(self, device, bridge):
        """Home Assistant, the broker, the daemon and the bridge start anew, one after the other."""
        self.subscribe()
        self.await_all(device, retained=True)
        self.broker.publish("homeassistant/status", "online")
        self.await_all(device, retained=False)
        self.broker.kill()
        bridge.line("the broker is gone")
        self.broker.start()
        bridge.line("connected")
        self.subscribe()
        self.message("serd/kitchen/begin", retained=False)
        self.subscribe()
        self.await_all(device, retained=True)
        self.message("serd/kitchen/end", retained=False)
        assert not any(line.startswith(("1 serd/kitchen/begin", "1 serd/kitchen/end")) for line in self.watcher.lines)
        self.daemon.stop()
        self.message("serd/kitchen/status", where="offline".__eq__)
        self.daemon.start()
        self.message("serd/kitchen/status", where="online".__eq__)
        bridge.end(signal.SIGKILL)
        self.message("serd/kitchen/status", where="offline".__eq__)  # the last will
        bridge = self.start()
        self.message("serd/kitchen/status", where="online".__eq__)
        assert bridge.end() == 0
        self.message("serd/kitchen/status", where="offline".__eq__)  # the goodbye

    def identity(self, device):
        """Another name: the same device, and the same entities, with other topics."""
        bridge = self.start("hall")
        renamed = json.loads(self.message("homeassistant/device/serd_abc/config", False, lambda p: "hall" in p))
        assert renamed["device"]["identifiers"] == device["device"]["identifiers"]
        for key, entity in renamed["components"].items():
            assert entity["unique_id"] == device["components"][key]["unique_id"]
            assert entity["state_topic"].startswith("serd/hall/")
        bridge.end()

    def encryption(self):
        bridge = self.start(
            "safe", host="localhost", port=self.broker.tls_port, **{"ca-file": f"{self.folder}/broker.pem"}
        )
        bridge.line("connected")
        self.message("serd/safe/status", where="online".__eq__)
        bridge.end()

    def refusals(self):
        """A wrong password is told; wrong settings end it."""
        bridge = self.start("stranger", password="wrong")
        bridge.line("the broker refuses: ")
        bridge.end()
        for setting, complaint in {
            "port": "port is not a number",
            "prfix": "no key 'prfix'",
            "prefix": "cannot be part",
        }.items():
            bridge = self.start("wrong", **{setting: "a+b"})
            bridge.line(complaint)
            assert bridge.process.wait(60) == 78


def check_defaults(folder, programs):
    """The file that is installed names every key, with the value that holds without it."""
    sys.path.insert(0, programs)
    import settings

    with open(f"{programs}/../../../../etc/serd/serd-mqtt.conf", encoding="utf-8") as file:
        text = file.read()
    with open(f"{folder}/defaults.conf", "w", encoding="utf-8") as file:
        file.write(
            re.sub(r"^; ([a-z-]+ =)(?: \(.*)?", r"\1", text, flags=re.MULTILINE).replace("\nname =\n", "\nname = x\n")
        )
    found, defaults = settings.read(f"{folder}/defaults.conf"), settings.Settings()
    assert {**vars(found), "name": "", "id": ""} == {**vars(defaults), "name": "", "id": ""}, vars(found)
    assert set(re.findall(r"^; ([a-z-]+) =", text, re.MULTILINE)) == {key.replace("_", "-") for key in vars(defaults)}


def check(folder, bridge, daemon):
    """Runs all of them."""
    check_defaults(folder, os.path.dirname(bridge))
    checks = Checks(folder, bridge, daemon)
    try:
        checks.run()
    finally:
        if daemon.program:
            daemon.stop()
