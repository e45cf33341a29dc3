"""Checks the recipe led with a folder laid out as the kernel's LED class: no LED is needed."""

import os

from serdtools.recipes.harness import Program, eventually


def check(folder, program, daemon):
    """On while it listens, dark while muted, blinking without a microphone or a daemon, dark in the end."""
    led = f"{folder}/led"
    os.makedirs(led)
    for name, content in {"brightness": "3", "max_brightness": "255\n"}.items():
        with open(f"{led}/{name}", "w", encoding="ascii") as file:
            file.write(content)

    def brightness():
        with open(f"{led}/brightness", encoding="ascii") as file:
            return file.read()

    def blinks():
        for _ in range(2):
            eventually("light", lambda: brightness() == "255")
            eventually("darkness", lambda: brightness() == "0")

    shower = Program(program, "--socket", daemon.socket, led)
    try:
        blinks()
        daemon.start()
        stays(brightness, "255")
        daemon.command("mute")
        stays(brightness, "0")
        daemon.command("unmute")
        stays(brightness, "255")
        daemon.microphone.unplug()
        blinks()
        daemon.microphone.plug()
        stays(brightness, "255")
        daemon.microphone.set("flat")
        blinks()
    finally:
        daemon.stop()
    blinks()
    assert shower.end() == 0 and brightness() == "0" and not shower.lines, shower.lines
    missing = Program(program, f"{folder}/none")
    missing.line("No such file or directory; which LEDs there are: ls /sys/class/leds")
    assert missing.process.wait(60) == 1


def stays(value, wanted):
    """Longer than a blink."""
    run = 0

    def long_enough():
        nonlocal run
        run = run + 1 if value() == wanted else 0
        return run >= 20

    eventually(f"steady {wanted}", long_enough)
