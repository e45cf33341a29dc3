"""Looks at serd-web's page with a real browser, a real daemon and a recording. Started by tools/slow-tests/web."""

import contextlib
import os
import pathlib
import random
import signal
import socket
import sqlite3
import subprocess
import sys
import time

from serdtools.web.browser import Browser

PROGRAMS = pathlib.Path(".build/release")
PICTURES = pathlib.Path(".build/page")
LABELS = ["anger", "boredom", "disgust", "fear", "happiness", "neutral", "sadness"]
# What may be spent on five viewers, as a share of the listener's own processor time while it hears speech.
ALLOWED_SHARE = 0.2
# What drawing a day with 10,000 emotions may take, in seconds.
ALLOWED_DRAWING = 0.2


def say(text):
    print(f"==> {text}", file=sys.stderr, flush=True)


def check(condition, what):
    if not condition:
        raise AssertionError(what)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Scene:
    """A daemon that hears a recording again and again, and the page beside it."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.socket = self.folder / "events.sock"
        self.port = free_port()
        self.sound = self.folder / "speech.wav"
        samples = [str(sample) for sample in sorted(pathlib.Path("tools/samples").glob("*.flac"))]
        inputs = [part for sample in samples for part in ("-i", sample)]
        chain = f"concat=n={len(samples)}:v=0:a=1,aloop=loop=200:size=2000000"
        options = ["-filter_complex", chain, "-t", "1200", "-ar", "16000", str(self.sound)]
        subprocess.run(["ffmpeg", "-v", "error", *inputs, *options], check=True)
        self.daemon = self.page = None

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}/"

    def start_daemon(self):
        self.daemon = self._start("serd", "--source", str(self.sound), "--socket", str(self.socket))

    def start_page(self, *settings, listen=None, state=None):
        state = state or self.folder / "state"
        state.mkdir(exist_ok=True)
        listen = listen or f"127.0.0.1:{self.port}"
        options = [part for setting in (f"listen={listen}", *settings) for part in ("--set", setting)]
        self.page = self._start("serd-web", "--socket", str(self.socket), *options, STATE_DIRECTORY=str(state))
        wait(lambda: answers(self.port), "the page is served")

    @staticmethod
    def _start(name, *arguments, **environment):
        return subprocess.Popen(
            [PROGRAMS / name, "--config", "/dev/null", *arguments]
            if name == "serd-web"
            else [PROGRAMS / name, *arguments],
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def stop(self, *processes, how=signal.SIGTERM):
        for process in processes or (self.page, self.daemon):
            if process and process.poll() is None:
                process.send_signal(how)
                process.wait(10)


def answers(port):
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
        return True
    except OSError:
        return False


def wait(condition, what, seconds=30):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(0.05)
    raise TimeoutError(f"not within {seconds} s: {what}")


def text(browser, name):
    return browser.value(f"document.getElementById('{name}').textContent")


def check_live(scene, browser):
    say("the page shows what is heard, and goes on by itself")
    browser.open(scene.url)
    browser.wait("document.querySelectorAll('#bars tr').length === 7")
    first = browser.wait("document.getElementById('bars').textContent.includes('%') && bars.textContent")
    browser.wait(f"bars.textContent !== {first!r} && bars.textContent.includes('%')")
    check(text(browser, "status") == "Listening", text(browser, "status"))
    check("hears well" in text(browser, "microphone"), text(browser, "microphone"))
    check("dBFS" in text(browser, "level"), text(browser, "level"))
    browser.wait("document.getElementById('arousal').textContent.includes('aroused')")

    say("mute and unmute, by keyboard")
    for _ in range(3):
        browser.press("Tab")
        if browser.value("document.activeElement.id") == "mute":
            break
    check(browser.value("document.activeElement.id") == "mute", "the button is not reached with the tabulator")
    browser.press("Enter")
    browser.wait("document.getElementById('status').textContent === 'Muted'")
    check("unmuted" in text(browser, "trouble"), text(browser, "trouble"))
    browser.press("Enter")
    browser.wait("document.getElementById('status').textContent === 'Listening'")

    say("the daemon goes and comes back")
    scene.stop(scene.daemon, how=signal.SIGKILL)
    browser.wait("document.getElementById('status').textContent === 'No daemon'")
    browser.wait("document.getElementById('trouble').textContent.includes('systemctl start serd')")
    scene.start_daemon()
    browser.wait("document.getElementById('status').textContent === 'Listening'")
    check(not browser.complaints, browser.complaints)

    say("serd-web goes and comes back")
    scene.stop(scene.page, how=signal.SIGKILL)
    browser.wait("document.getElementById('status').textContent === 'Connecting'")
    scene.start_page("allow-mute=yes", "history=yes")
    browser.wait("document.getElementById('status').textContent === 'Listening'")
    # A browser notes on its console that a connection was refused; nothing else may be there.
    rest = [line for line in browser.complaints if "ERR_" not in line]
    check(not rest, rest)
    browser.complaints.clear()


def fill_history(path, now):
    """A day with 10,000 emotions, and four weeks before it."""
    chance = random.Random(1)
    day = now - now % 86_400_000
    spans, emotions = [], []
    for age in range(28):
        start = day - age * 86_400_000
        count = 10_000 if age == 1 else 150
        for index in range(count):
            begin = start + 25_200_000 + index * (57_600_000 // count) + chance.randrange(1000)
            if begin > now:
                break
            length = chance.randrange(1000, 5_000 if age == 1 else 30_000)
            label = chance.choices(LABELS, (3, 4, 1, 1, 5, 14, 4))[0]
            emotions.append((f"{age}-{index}", label, begin, begin + length, chance.uniform(0.3, 0.95), -25.0, 1))
        for hour in range(7, 23):
            for minute in range(0, 60, 4):
                begin = start + (hour * 60 + minute) * 60_000
                if begin + 240_000 < now and chance.random() < 0.93:
                    cut = begin + chance.randrange(10_000, 200_000)
                    spans += [(begin, cut, 1), (cut, begin + 240_000, 0 if chance.random() < 0.95 else 2)]
    with sqlite3.connect(path) as database:
        database.executemany("INSERT INTO emotion VALUES (?, ?, ?, ?, ?, ?, ?)", emotions)
        database.executemany("INSERT INTO span VALUES (?, ?, ?)", spans)


def check_history(scene, browser):
    say("a day with 10,000 emotions")
    fill_history(scene.folder / "state/history.sqlite", int(time.time() * 1000))
    browser.call("Emulation.setTimezoneOverride", timezoneId="UTC")
    browser.open(scene.url)
    browser.wait("document.querySelectorAll('#week tr').length === 7")
    browser.value("document.getElementById('day-before').click()")
    browser.wait("parseInt(document.getElementById('count').textContent) >= 10000")
    drawing = float(browser.value("document.getElementById('timeline').dataset.milliseconds")) / 1000
    say(f"drawn in {drawing * 1000:.0f} ms")
    check(drawing <= ALLOWED_DRAWING, f"{drawing} s")
    check("speech" in text(browser, "timeline-text"), text(browser, "timeline-text"))
    browser.value("document.getElementById('filter-label').selectedIndex = 1")
    browser.value("document.getElementById('filter-label').dispatchEvent(new Event('input'))")
    browser.wait("/^[0-9]+ of [0-9]+$/.test(document.getElementById('count').textContent)")
    check(browser.value("document.querySelectorAll('#events tr').length") == 200, "the list is cut")
    browser.value("document.getElementById('week-span').value = 28")
    browser.value("document.getElementById('week-span').dispatchEvent(new Event('change'))")
    browser.wait("document.querySelectorAll('#week td:not(.none)').length > 80")
    check(not browser.complaints, browser.complaints)

    say("pictures, in .build/page")
    PICTURES.mkdir(parents=True, exist_ok=True)
    for name, width, dark in (("light", 1100, False), ("dark", 1100, True), ("phone", 390, False)):
        browser.look(width, 844, 2 if width < 600 else 1, dark)
        time.sleep(0.5)
        check(browser.value("document.documentElement.scrollWidth") <= width, f"{name}: wider than the screen")
        browser.look(width, browser.value("document.documentElement.scrollHeight"), 2 if width < 600 else 1, dark)
        time.sleep(0.5)
        browser.picture(PICTURES / f"{name}.png")
    browser.look(1100, 900)

    say("a range is deleted")
    yesterday = time.strftime("%Y-%m-%d", time.gmtime(time.time() - 86_400))
    for name, clock in (("from", "00:00"), ("to", "23:59")):
        browser.value(f"document.getElementById('{name}').value = '{yesterday}T{clock}'")
    browser.value("document.getElementById('from').dispatchEvent(new Event('input'))")
    browser.value("document.getElementById('delete').click()")
    browser.wait("document.getElementById('sure').open")
    check(browser.value("document.activeElement.value") == "no", "the harmless answer comes first")
    browser.value("document.querySelector('#sure button[value=yes]').click()")
    browser.wait("document.getElementById('told').textContent === 'Deleted.'")
    browser.wait("document.getElementById('count').textContent === '0'")
    check(not browser.complaints, browser.complaints)


def check_cost(scene):
    say("five viewers, and what they cost")
    viewers = []
    for _ in range(5):
        viewer = socket.create_connection(("127.0.0.1", scene.port))
        viewer.sendall(b"GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n")
        viewers.append(viewer)
    time.sleep(2)
    before = [cpu(process) for process in (scene.daemon, scene.page)]
    end = time.monotonic() + 20
    while time.monotonic() < end:
        for viewer in viewers:
            viewer.recv(1 << 16)
    listener, page = (cpu(process) - start for process, start in zip((scene.daemon, scene.page), before, strict=True))
    for viewer in viewers:
        viewer.close()
    say(f"{page / 20:.2f} ms a second, {page / listener:.2f} of the listener's {listener / 20:.2f} ms")
    check(page <= ALLOWED_SHARE * listener, f"{page / listener:.2f} of the listener's processor time")


def cpu(process):
    """Milliseconds of processor time so far."""
    tasks = pathlib.Path(f"/proc/{process.pid}/task").iterdir()
    return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e6


def check_token(scene, browser):
    say("another machine needs the token, once")
    scene.stop(scene.page)
    scene.start_page(listen=f"0.0.0.0:{scene.port}")
    browser.open(scene.url)
    browser.wait("location.pathname === '/login'")
    browser.wait("document.activeElement.id === 'token'")
    browser.call("Input.insertText", text="wrong")
    browser.press("Enter")
    browser.wait("location.search === '?wrong' && document.getElementById('wrong')?.hidden === false")
    time.sleep(1.1)
    token = (scene.folder / "state/token").read_text().strip()
    browser.wait("document.activeElement.id === 'token'")
    browser.call("Input.insertText", text=token)
    browser.press("Enter")
    browser.wait("location.pathname === '/' && document.querySelectorAll('#bars tr').length === 7")
    check(not browser.value("document.cookie"), "a script reads the cookie")
    check(token not in browser.value("location.href"), "the token is in the address")


def check_full_disk(scene):
    say("a full disk: the page goes on, and so does the history when there is room")
    scene.stop(scene.page)
    disk = scene.folder / "disk"
    scene.start_page("history=yes", f"history-file={disk}/history.sqlite")
    wait((disk / "history.sqlite").exists, "the history begins")
    with open(disk / "filler", "wb", buffering=0) as filler, contextlib.suppress(OSError):
        while True:
            filler.write(b"x" * 4096)
    wait(lambda: "failing" in health(scene), "the page knows")
    (disk / "filler").unlink()
    wait(lambda: "recording" in health(scene), "it records again")


def health(scene):
    connection = socket.create_connection(("127.0.0.1", scene.port))
    connection.sendall(b"GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    answer = b""
    while piece := connection.recv(4096):
        answer += piece
    connection.close()
    return answer.decode()


def check_hostile(scene):
    say("hostile requests")
    host = b"Host: localhost\r\n"
    for what, request, status in (
        ("a megabyte of headers", b"GET / HTTP/1.1\r\n" + host + b"X: " + b"a" * (1 << 20) + b"\r\n\r\n", 431),
        ("a way out of the folder", b"GET /../../etc/passwd HTTP/1.1\r\n" + host + b"\r\n", 404),
        ("somebody else's page", b"POST /mute HTTP/1.1\r\n" + host + b"Origin: http://evil.example\r\n\r\n", 403),
        ("somebody else's name", b"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n", 421),
        ("two names", b"GET / HTTP/1.1\r\n" + host + host + b"\r\n", 400),
        ("a slow one", b"GET / HTTP/1.1\r\nHo", 408),
    ):
        connection = socket.create_connection(("127.0.0.1", scene.port), 20)
        connection.sendall(request)
        answer = connection.recv(4096).decode()
        connection.close()
        check(answer.startswith(f"HTTP/1.1 {status} "), f"{what}: {answer[:60]}")
    check("daemon" in health(scene), "the page is still there")


def main():
    scene = Scene(sys.argv[1])
    browser = Browser()
    try:
        scene.start_daemon()
        scene.start_page("allow-mute=yes", "history=yes")
        check_live(scene, browser)
        check_history(scene, browser)
        check_cost(scene)
        check_hostile(scene)
        check_token(scene, browser)
        check_full_disk(scene)
    finally:
        browser.close()
        scene.stop()


if __name__ == "__main__":
    main()
