"""Checks the recipe prometheus with the real systemd-tmpfiles and node exporter."""
import os
import subprocess
import urllib.request

from harness import Program, eventually, free_port

RECIPE = os.path.dirname(os.path.realpath(__file__)) + "/../../recipes/prometheus/serd-prometheus.conf"


def check(folder, program, daemon):
    """The exporter shows what the daemon writes, by way of the recipe's link; without the daemon it says that it is missing."""
    exported = f"{folder}/node-exporter"
    os.makedirs(exported)
    with open(RECIPE, encoding="utf-8") as file:
        link = file.read().replace("/var/lib/prometheus/node-exporter", exported).replace("/run/serd/metrics/serd.prom", daemon.metrics)
    with open(f"{folder}/link.conf", "w", encoding="utf-8") as file:
        file.write(link)
    subprocess.run(["systemd-tmpfiles", "--create", f"{folder}/link.conf"], check=True)
    port = free_port()
    exporter = Program(
        "prometheus-node-exporter", f"--web.listen-address=127.0.0.1:{port}", "--collector.disable-defaults",
        "--collector.textfile", f"--collector.textfile.directory={exported}")

    def has(line):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
                return line in answer.read().decode().splitlines()
        except OSError:
            return False

    try:
        eventually("report that the file is missing", lambda: has("node_textfile_scrape_error 1"))
        daemon.start()
        for line in ('serd_health{condition="listening"} 1', "serd_muted 0", "node_textfile_scrape_error 0",
                     "# TYPE serd_emotions_total counter"):
            eventually(line, lambda: has(line))
        daemon.command("mute")
        eventually("metric of the mute", lambda: has("serd_muted 1"))
        daemon.stop()
        eventually("report that the daemon is gone", lambda: has("node_textfile_scrape_error 1"))
    finally:
        exporter.end()
        daemon.stop()
