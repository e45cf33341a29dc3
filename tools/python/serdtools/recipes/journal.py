"""Checks the recipe journal against a real systemd-journald of a namespace of its own; needs root."""

import glob
import json
import os
import shutil
import signal
import subprocess

from serdtools.recipes.harness import Program, eventually


class Journal:
    """A journal beside the system's, journalctl's --namespace."""

    def __init__(self):
        self.name = f"serdtest{os.getpid()}"
        self.socket = f"/run/systemd/journal.{self.name}/socket"
        self.program = Program("/lib/systemd/systemd-journald", self.name)
        eventually("journal socket", lambda: os.path.exists(self.socket))

    def entries(self, *matches):
        text = subprocess.run(
            ["journalctl", "--namespace", self.name, "-o", "json", "-t", "serd-events", *matches],
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        return [json.loads(line) for line in text.splitlines()]

    def remove(self):
        self.program.end(signal.SIGKILL)
        for folder in [*glob.glob(f"/*/log/journal/*.{self.name}"), f"/run/systemd/journal.{self.name}"]:
            shutil.rmtree(folder)


def check(folder, program, daemon):
    """Every kind of entry is found by its field."""
    journal = Journal()
    try:
        writer = Program(program, "--socket", daemon.socket, "--journal", journal.socket)
        gone = eventually("entry of a missing daemon", lambda: journal.entries("SERD_ACTIVITY=gone"))
        assert gone[0]["PRIORITY"] == "4" and daemon.socket in gone[0]["MESSAGE"], gone
        daemon.start()
        begin = eventually("entry of an emotion", lambda: journal.entries("SERD_PHASE=begin"))[0]
        eventually("entry of its end", lambda: journal.entries("SERD_PHASE=end", f"SERD_ID={begin['SERD_ID']}"))
        assert begin in journal.entries(f"SERD_LABEL={begin['SERD_LABEL']}")
        assert begin["MESSAGE"].startswith(f"{begin['SERD_LABEL']} begins (") and begin["PRIORITY"] == "6"
        assert 0 < float(begin["SERD_CONFIDENCE"]) < 1 and float(begin["SERD_LEVEL_DBFS"]) < 0
        daemon.command("mute")
        eventually("entry of the mute", lambda: journal.entries("SERD_ACTIVITY=muted"))
        daemon.microphone.unplug()
        lost = eventually(
            "entry of the lost microphone", lambda: journal.entries("SERD_HEALTH=no-device", "PRIORITY=4")
        )
        assert "unplugged" in lost[0]["MESSAGE"], lost
        assert writer.end() == -signal.SIGTERM
        assert not writer.lines, writer.lines
    finally:
        if daemon.program:
            daemon.stop()
        journal.remove()
