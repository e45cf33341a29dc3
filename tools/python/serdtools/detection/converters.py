"""What converters do to speech that no corpus has, and what serd then says: a table as Markdown.

    tools/measure-converters RECORDING... [--model FILE]

Every recording is classified as it is and through each converter, by serd --once. The table has the windows with
speech, the share of the recordings whose emotion stays, and how far probabilities move: the largest difference of a
recording, on average over recordings. Nothing of it is about right answers, so any recordings will do. The program is
that of .build/release, or on the PATH. Exit codes: 0, 64 usage, 65 a recording cannot be read.
"""

import json
import pathlib
import subprocess
import tempfile

import numpy
import soundfile
from scipy import signal

from serdtools.command import Parser, fail
from serdtools.tree import program

RATE = 16000
STEP = 1 / 32768


def hum(x, hertz, decibels=-40):
    """Mains in the cable: harmonics that fall by half each, together `decibels` below full scale (RMS)."""
    time = numpy.arange(len(x)) / RATE
    tones = sum(0.5**k * numpy.sin(2 * numpy.pi * hertz * (k + 1) * time + k) for k in range(8))
    return x + tones * 10 ** (decibels / 20) / numpy.sqrt(numpy.mean(tones**2) + 1e-30)


def drift(x, share=0.03, seconds=5):
    """An offset that swings slowly, as with temperature."""
    return x + share * numpy.sin(2 * numpy.pi * numpy.arange(len(x)) / RATE / seconds)


def missing_bit(x, bit):
    """A data line that is stuck at zero."""
    samples = numpy.round(x / STEP).astype(int)
    return (samples & ~(1 << bit)) * STEP


def gain_control(x, level=-20, attack=0.01, release=0.5):
    """A recorder that brings what it hears to one level, quickly down and slowly up, by at most 30 dB."""
    target, envelope, y = 10 ** (level / 20), 1e-3, numpy.empty_like(x)
    down, up = numpy.exp(-1 / (attack * RATE)), numpy.exp(-1 / (release * RATE))
    for i, value in enumerate(abs(x)):
        memory = down if value > envelope else up
        envelope = memory * envelope + (1 - memory) * value
        y[i] = x[i] * min(target / max(envelope, 1e-6), 31.6)
    return y


def narrow_band(x):
    """A headset by Bluetooth's old profile: 8 kHz."""
    return signal.resample_poly(signal.resample_poly(x, 1, 2), 2, 1)[: len(x)]


CONVERTERS = {
    "as recorded": lambda x: x,
    "constant offset, 3 %": lambda x: x + 0.03,
    "slow drift, ±3 %": drift,
    "hum of 50 Hz at -40 dBFS": lambda x: hum(x, 50),
    "hum of 60 Hz at -40 dBFS": lambda x: hum(x, 60),
    "hum of 50 Hz at -30 dBFS": lambda x: hum(x, 50, -30),
    "bit 4 of 16 stuck": lambda x: missing_bit(x, 4),
    "bit 8 of 16 stuck": lambda x: missing_bit(x, 8),
    "automatic gain": gain_control,
    "Bluetooth, 8 kHz": narrow_band,
}


def sound(path):
    try:
        x, rate = soundfile.read(path, always_2d=True)
    except (OSError, soundfile.SoundFileError) as error:
        fail(f"{path}: {error}")
    x = x.mean(axis=1)
    return x if rate == RATE else signal.resample_poly(x, RATE, rate)


def answer(x, folder, model):
    """serd's answer to a sound; the fields of --json."""
    path = pathlib.Path(folder) / "sound.wav"
    soundfile.write(path, numpy.clip(x, -1, 1 - STEP), RATE, subtype="PCM_16")
    command = [program("serd"), "--once", str(path), "--json"] + (["--model", model] if model else [])
    try:
        return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()[-1])
    except FileNotFoundError:
        fail("there is no serd; build it: swift build -c release")
    except subprocess.CalledProcessError as error:
        fail(error.stderr.strip())


def row(name, plain, answers):
    """A line of the table; `plain` are the answers without a converter."""
    both = [(a, b) for a, b in zip(plain, answers, strict=True) if a["speech"] and b["speech"]]
    windows = sum(a["speech_windows"] for a in answers)
    if not both:
        return f"| {name} | {windows} | – | – |"
    kept = 100 * numpy.mean([a["label"] == b["label"] for a, b in both])
    moved = numpy.mean(
        [max(abs(a["probabilities"][k] - b["probabilities"][k]) for k in a["probabilities"]) for a, b in both]
    )
    return f"| {name} | {windows} | {kept:.0f} % | {moved:.3f} |"


def main():
    parser = Parser(__doc__)
    parser.add_argument("recordings", nargs="+", metavar="RECORDING")
    parser.add_argument("--model")
    options = parser.parse_args()
    sounds = [sound(path) for path in options.recordings]
    print("| converter | windows with speech | same emotion | a probability moves by |\n|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        plain = None
        for name, convert in CONVERTERS.items():
            answers = [answer(convert(x), folder, options.model) for x in sounds]
            plain = plain or answers
            print(row(name, plain, answers), flush=True)
