"""The two ways in which the soak's sound comes to the daemon. Both stay at most some seconds ahead of the windows that
the client has got, so the speed is that of the slowest of the three and never too fast for the client."""

import os
import signal
import struct
import threading

from serdtools.service.microphone import RATE, Microphone


def wav_header(byte_count):
    form = struct.pack("<IHHIIHH", 16, 1, 1, RATE, 2 * RATE, 2, 16)
    return b"RIFF%bWAVEfmt %bdata%b" % (struct.pack("<I", 36 + byte_count), form, struct.pack("<I", byte_count))


class Replay(threading.Thread):
    """Writes the sound to the daemon's standard input, as far as the client has come."""

    LEAD = 60.0
    OPTIONS = ("--source", "-")
    environment = os.environ

    def __init__(self, folder, block, seconds):
        super().__init__(daemon=True)
        self.block, self.bytes_left = block, int(seconds * RATE) * 2
        self.heard = 0.0
        self.go_on = threading.Condition()

    def attach(self, daemon):
        self.pipe = daemon.stdin
        # The daemon opens its socket only once it has the header of the sound.
        self.pipe.write(wav_header(self.bytes_left))
        self.pipe.flush()

    def run(self):
        sent = 0
        try:
            while self.bytes_left > 0:
                for start in range(0, len(self.block), 2 * RATE):
                    chunk = self.block[start : start + 2 * RATE][: self.bytes_left]
                    with self.go_on:
                        while sent / (2 * RATE) > self.heard + self.LEAD:
                            self.go_on.wait()
                    self.pipe.write(chunk)
                    sent += len(chunk)
                    self.bytes_left -= len(chunk)
                    if self.bytes_left == 0:
                        break
            self.pipe.close()
        except BrokenPipeError:
            pass

    def follow(self, seconds):
        with self.go_on:
            self.heard = seconds
            self.go_on.notify()

    def end(self, daemon):
        """The daemon ends with its recording."""


class Plugged:
    """Lets the microphone go on as far as the client has come: less far ahead than the daemon's ring of samples is
    long (4 s)."""

    LEAD = 3.0
    SPEED = 300
    OPTIONS = ("--device", Microphone.NAME)

    def __init__(self, folder, block, seconds):
        self.microphone = Microphone(folder, block, speed=self.SPEED, is_plugged=False)
        self.microphone.allow(self.LEAD)
        self.environment = self.microphone.environment

    def attach(self, daemon):
        pass

    def start(self):
        self.microphone.plug()

    def follow(self, seconds):
        self.microphone.allow(seconds + self.LEAD)

    def end(self, daemon):
        daemon.send_signal(signal.SIGTERM)
