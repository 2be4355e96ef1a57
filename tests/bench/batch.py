#!/usr/bin/env python3
"""A thousand domains against a local nsd: questions a second beside one dig -f, questions a domain, memory; the same with answers 20 ms late."""
import os
import statistics
import subprocess
import time

import bench

RUNS = 5


def dig_rate(port, names):
    path = names + ".dig"
    with open(path, "w") as file:
        for line in open(names):
            for kind in ("TXT", "MX", "A", "AAAA", "SOA", "NS"):
                file.write("%s %s\n" % (line.strip(), kind))
    count = sum(1 for _ in open(path))
    began = time.monotonic()
    subprocess.run(["dig", "@127.0.0.1", "-p", str(port), "-f", path, "+noall"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return count / (time.monotonic() - began)


def speed(port, names):
    runs = [bench.batch(port, names) for _ in range(RUNS)]
    took = statistics.median(run[0] for run in runs)
    return took, runs[0][1], statistics.median(run[2] for run in runs)


def main():
    port, names = bench.name_server()
    dig = dig_rate(port, names)
    took, lines, kib = speed(port, names)
    questions = sum(line["questions"] for line in lines)
    unknown = sum(line["status"] == "unknown" for line in lines)
    bench.row("1,000 domains, local nsd", "%.0f questions a second, %.0f domains a second (`dig -f`: %.0f questions; %.1f x)" % (questions / took, len(lines) / took, dig, questions / took / dig), "2 x `dig -f`", "4 x")
    took2, lines2, _ = speed(port, names)
    dkim = bench.batch(port, names, "--skip", "ns,tls,dkim,gsi")  # gsi looks for the selectors too; what else it asks, others ask
    bench.row("questions a domain, DKIM selectors aside", "%.1f" % (sum(line["questions"] for line in dkim[1]) / len(dkim[1])), "16", "12")
    bench.row("peak memory, 1,000 domains", "%.1f MiB" % (kib / 1024), "24 MiB", "12 MiB")
    many = names + ".many"
    with open(many, "w") as file:
        for _ in range(20):
            file.write(open(names).read())
    grown = bench.batch(port, many)
    growth = (grown[2] - kib) / (20 * bench.DOMAINS - bench.DOMAINS)
    bench.row("memory from 1,000 to 20,000 domains", "%+.2f KiB a domain" % growth, "0.5 KiB", "none")
    late = bench.relay(port, "delay=20")
    took, lines, kib = speed(late, names)
    bench.row("the same, every answer 20 ms late", "%.0f domains a second" % (len(lines) / took), "450", "1,000")
    bench.row("could not be looked at, of 1,000", "%d; with late answers %d" % (unknown, sum(line["status"] == "unknown" for line in lines)), "0", "0")


main()
