#!/usr/bin/env python3
"""One examination with every answer late: its time against the depth of its dependencies times the delay."""
import json
import statistics
import subprocess

import bench


def main():
    port, names = bench.name_server()
    for delay in (20, 50, 200):
        late = bench.relay(port, "delay=%d" % delay)
        ratios = []
        for i in range(7):
            out = subprocess.run([bench.PROGRAM, "check", "council%d.gov.uk" % i, "--format", "json", "--resolver", "127.0.0.1:%d" % late, *bench.TOPICS], capture_output=True).stdout
            line = json.loads(out)
            ratios.append(line["elapsed_ms"] / (line["rounds"] * delay))
        bench.row("one examination, %d ms an answer" % delay, "%.2f x (depth %d x delay), %d questions" % (statistics.median(ratios), line["rounds"], line["questions"]), "1.25 x", "1.1 x")


main()
