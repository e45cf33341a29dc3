"""Checks the recipe prometheus with the real systemd-tmpfiles and node exporter."""

import os
import subprocess
import urllib.request

from serdtools.recipes.harness import Program, eventually, free_port
from serdtools.tree import ROOT

RECIPE = ROOT / "tools/recipes/prometheus/serd-prometheus.conf"


def check(folder, program, daemon):
    """The exporter shows what the daemon writes, by way of the recipe's link, and whether that leads nowhere."""
    exported = f"{folder}/node-exporter"
    os.makedirs(exported)
    link = RECIPE.read_text().replace("/var/lib/prometheus/node-exporter", exported)
    link = link.replace("/run/serd/metrics/serd.prom", daemon.metrics)
    with open(f"{folder}/link.conf", "w", encoding="utf-8") as file:
        file.write(link)
    subprocess.run(["systemd-tmpfiles", "--create", f"{folder}/link.conf"], check=True)
    port = free_port()
    exporter = Program(
        "prometheus-node-exporter",
        f"--web.listen-address=127.0.0.1:{port}",
        "--collector.disable-defaults",
        "--collector.textfile",
        f"--collector.textfile.directory={exported}",
    )

    def has(line):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
                return line in answer.read().decode().splitlines()
        except OSError:
            return False

    try:
        eventually("report that the file is missing", lambda: has("node_textfile_scrape_error 1"))
        daemon.start()
        for line in (
            'serd_health{condition="listening"} 1',
            "serd_muted 0",
            "node_textfile_scrape_error 0",
            "# TYPE serd_emotions_total counter",
        ):
            eventually(line, lambda line=line: has(line))
        daemon.command("mute")
        eventually("metric of the mute", lambda: has("serd_muted 1"))
        daemon.stop()
        eventually("report that the daemon is gone", lambda: has("node_textfile_scrape_error 1"))
    finally:
        exporter.end()
        daemon.stop()
