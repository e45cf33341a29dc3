"""Times of `serd classify` and `serd --once` on two processors, in turns with an earlier build and with openSMILE.

    Benchmarks/compare-recordings EARLIER_SERD [--python PYTHON] [--rounds N] [--files N] [--minutes N]
                                  [--program SERD]

EARLIER_SERD is the program of an earlier build. PYTHON has the package opensmile of PyPI; without one that comparison
is left out. The sounds are made of tools/samples by ffmpeg. The machine should do nothing else; the load is printed.
Ratios are of medians over the rounds, by wall clock."""

import os
import pathlib
import statistics
import subprocess
import tempfile
import time
import wave

from serdtools import command, tree

RATE = 16000
SMILE = """
import pathlib, sys, opensmile
smile = opensmile.Smile(feature_set=opensmile.FeatureSet.eGeMAPSv02, feature_level=opensmile.FeatureLevel.Functionals,
                        num_workers=2, multiprocessing=True)
print(len(smile.process_files(sorted(str(p) for p in pathlib.Path(sys.argv[1]).glob("*.wav")))))
"""


def main():
    options = parser().parse_args()
    serd = options.program
    if not serd.is_file():
        command.fail(f"{serd} is not built; swift build -c release", command.UNAVAILABLE)
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        speech = sample_speech()
        files = folder / "files"
        files.mkdir()
        for index in range(options.files):
            write_recording(files / f"{index:05}.wav", piece(speech, index))
        long = folder / "long.wav"
        write_long(speech, long, options.minutes)
        many(options, serd, files)
        one(options, serd, long)
    return 0


def parser():
    parser = command.Parser(__doc__)
    parser.add_argument("earlier", type=pathlib.Path)
    parser.add_argument("--program", type=pathlib.Path, default=tree.ROOT / ".build/release/serd")
    parser.add_argument("--python")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("--minutes", type=float, default=60)
    return parser


def sample_speech():
    """The two samples, as 16-bit mono at 16 kHz."""
    names = [str(tree.ROOT / f"tools/samples/{name}.flac") for name in ("agitated", "calm")]
    form = ["-f", "s16le", "-ac", "1", "-ar", str(RATE), "-"]
    return b"".join(output(["ffmpeg", "-loglevel", "error", "-i", name, *form]) for name in names)


def output(arguments):
    try:
        return subprocess.run(arguments, check=True, capture_output=True).stdout
    except FileNotFoundError:
        command.fail(f"{arguments[0]} is missing; install it", command.UNAVAILABLE)


def piece(speech, index):
    """3 s that begin somewhere else each time."""
    start = 2 * (index * 977 % (len(speech) // 2))
    return (speech + speech)[start : start + 2 * 3 * RATE]


def write_recording(path, sound):
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(sound)


def write_long(speech, path, minutes):
    """44.1 kHz stereo."""
    once = path.with_suffix(".once.wav")
    write_recording(once, speech)
    form = ["-t", str(60 * minutes), "-ar", "44100", "-ac", "2", "-c:a", "pcm_s16le", str(path)]
    output(["ffmpeg", "-loglevel", "error", "-stream_loop", "-1", "-i", str(once), *form])


def many(options, serd, files):
    loop = f'for f in "$0"/*.wav; do {options.earlier} --once "$f" --json; done'
    contenders = {
        "a shell loop over the earlier serd --once": ["sh", "-c", loop, str(files)],
        "serd classify": [str(serd), "classify", str(files), "--json"],
    }
    if options.python:
        contenders["openSMILE, eGeMAPS functionals, two workers"] = [options.python, "-c", SMILE, str(files)]
    show(f"{options.files} recordings of 3 s", race(contenders, options.rounds), "serd classify")


def one(options, serd, long):
    arguments = ["--once", str(long), "--json"]
    contenders = {
        "the earlier serd --once": [str(options.earlier), *arguments],
        "serd --once": [str(serd), *arguments],
        "serd --once on one processor": ["taskset", "-c", "0", str(serd), *arguments],
    }
    show(f"{options.minutes:g} minutes of 44.1 kHz stereo", race(contenders, options.rounds), "serd --once")


def race(contenders, rounds):
    """Times of each, wall and processor, and the most memory, in turns."""
    results = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, arguments in contenders.items():
            begin = time.monotonic()
            process = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            wall = time.monotonic() - begin
            if process.returncode:
                command.fail(f"{arguments[0]} ended with status {process.returncode}", command.UNAVAILABLE)
            results[name].append((wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024))
    return results


def show(subject, results, ours):
    medians = {
        name: [statistics.median(column) for column in zip(*times, strict=True)] for name, times in results.items()
    }
    print(f"{subject}; load {os.getloadavg()[0]:.1f}\n")
    print("| program | wall, s | from, to | processor, s | memory, MB | times as long |\n|---|---|---|---|---|---|")
    for name, (wall, processor, memory) in medians.items():
        walls = [time[0] for time in results[name]]
        ratio = wall / medians[ours][0]
        span = f"{min(walls):.2f}, {max(walls):.2f}"
        print(f"| {name} | {wall:.2f} | {span} | {processor:.2f} | {memory:.0f} | {ratio:.2f} |")
    print(flush=True)
