"""Checks by strace what docs/privacy.md promises: a daemon that hears, and has clients, opens no network socket and
writes no file but the metrics that it was told to write."""

import re

from serdtools.recipes.harness import Program, eventually

CALLS = "openat,open,creat,socket,connect,bind,sendto,sendmsg,execve,mknod,mknodat,memfd_create,unlink,rename,renameat2"


def check(folder, program, daemon):
    """`program` does not exist: this is no recipe."""
    trace = f"{folder}/trace"
    # -D: the daemon is our child, and gets our signals.
    daemon.start("strace", "-D", "-f", "-o", trace, "-e", f"trace={CALLS}", "--")
    reader = Program(daemon.serd, "watch", "--json", "--socket", daemon.socket)
    reader.line('"phase":"end"')
    daemon.command("mute")
    reader.line('"activity":"muted"')
    daemon.command("status")
    daemon.stop()
    end = re.compile(rf"^{daemon.program.process.pid} +\+\+\+ exited", re.MULTILINE)
    eventually("end of the trace", lambda: end.search(read(trace)))
    calls = [line.split(" ", 1)[1].strip() for line in read(trace).splitlines() if "resumed>" not in line]
    for call in sorted({kept for call in calls if (kept := summary(call, folder, daemon))}):
        print(call)
    problems = [call for call in calls if is_wrong(call, folder, daemon)]
    assert not problems, problems
    # That the trace has seen anything at all.
    assert any(call.startswith("socket(AF_UNIX") for call in calls)
    assert any("O_CREAT" in call and daemon.metrics in call for call in calls)


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def is_wrong(call, folder, daemon):
    if call.startswith("socket("):
        return not call.startswith(("socket(AF_UNIX", "socket(AF_LOCAL"))
    if call.startswith("execve("):
        return daemon.serd not in call
    if call.startswith(("openat(", "open(", "creat(", "mknod")) and re.search(
        "O_WRONLY|O_RDWR|O_CREAT|^creat|^mknod", call
    ):
        # The name that a thread gives itself; the tests' microphone, which counts how often it is opened.
        allowed = ("/proc/self/task/", f"{daemon.microphone.folder}/", daemon.metrics)
        return not call.split('"')[1].startswith(allowed)
    return call.startswith("memfd_create(")


def summary(call, folder, daemon):
    """Calls that make a socket, or open something for writing, without what differs from run to run."""
    if str(daemon.microphone.folder) in call or not re.search(r"^socket\(|^bind\(|O_WRONLY|O_RDWR|O_CREAT", call):
        return None
    text = re.sub(r"/task/\d+", "/task/THREAD", re.sub(r"\.\d+\.tmp", ".NUMBER.tmp", call.replace(folder, "FOLDER")))
    return re.sub(r"\) += .*", ")", text)
