"""A process by way of /proc, and a daemon that tells when it is ready."""

import os
import pathlib
import socket
import subprocess
import time

PATIENCE = 60


def status(process):
    """The fields of /proc/PID/status, as text."""
    with pathlib.Path(f"/proc/{process}/status").open() as file:
        return {name: value.strip() for name, value in (line.split(":", 1) for line in file)}


def resources(process):
    """Anonymous memory in KiB, descriptors, threads."""
    fields = status(process)
    return int(fields["RssAnon"].split()[0]), len(os.listdir(f"/proc/{process}/fd")), int(fields["Threads"])


def cpu_seconds(process):
    fields = pathlib.Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def start_daemon(command, folder, environment):
    """A daemon, once it says to systemd's socket that it is ready; what it says of itself then; the seconds it took."""
    path = pathlib.Path(folder) / "notify"
    path.unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notifications:
        notifications.bind(str(path))
        notifications.settimeout(PATIENCE)
        environment = {**environment, "NOTIFY_SOCKET": str(path)}
        begun = time.monotonic()
        daemon = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
        message = ""
        while "READY=1" not in message:
            message = notifications.recv(4096).decode()
        elapsed = time.monotonic() - begun
    # With nobody there a notification is lost; with nobody reading the daemon would wait once the socket is full.
    return daemon, message, elapsed
