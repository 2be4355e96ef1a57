#!/usr/bin/env python3
"""A thousand domains against a local nsd: questions a second beside one dig -f, questions a domain, memory; the same with answers late and lost."""
import os
import json
import statistics
import subprocess
import time

import bench

RUNS = 5
MANY = int(os.environ.get("MANY", 20000))


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


def selectors(port, names):
    """How many names below _domainkey are asked for one domain; the thousand are alike."""
    path = names + ".seen"
    subprocess.run([bench.PROGRAM, "check", open(names).readline().strip(), "--resolver", "127.0.0.1:%d" % port, *bench.TOPICS, "--save-evidence", path],
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return sum("._domainkey." in seen["name"] or seen["name"].startswith("_domainkey.") for seen in json.load(open(path))["observations"])


def growth(port, names):
    """KiB a domain, between a thousand names of the zone that has any number of them, and MANY."""
    path, peaks = names + ".many", []
    for count in (bench.DOMAINS, MANY):
        with open(path, "w") as file:
            file.writelines("d%d.many.example\n" % i for i in range(count))
        took, lines, kib = bench.batch(port, path)
        assert len(lines) == count
        peaks.append(kib)
    return (peaks[1] - peaks[0]) / (MANY - bench.DOMAINS)


def late_and_lost(port, names):
    for what, manner, must, aim in (("every answer 20 ms late", ["delay=20"], "450", "1,000"), ("the same, and 5 in 100 lost each way", ["delay=20", "loss=5"], "", "")):
        took, lines, kib = speed(bench.relay(port, *manner), names)
        bench.row("1,000 domains, " + what, "%.0f domains a second" % (len(lines) / took), must, aim)
        bench.row("peak memory of that", "%.1f MiB" % (kib / 1024), "24 MiB", "12 MiB")
        bench.row("could not be looked at of those", "%d" % sum(line["status"] == "unknown" for line in lines), "0", "0")


def main():
    port, names = bench.name_server()
    dig = dig_rate(port, names)
    took, lines, kib = speed(port, names)
    questions = sum(line["questions"] for line in lines)
    unknown = sum(line["status"] == "unknown" for line in lines)
    bench.row("1,000 domains, local nsd", "%.0f questions a second, %.0f domains a second (`dig -f`: %.0f questions; %.1f x)" % (questions / took, len(lines) / took, dig, questions / took / dig), "2 x `dig -f`", "4 x")
    without = bench.batch(port, names, "--skip", "ns,tls,dkim,gsi")[1]
    bench.row("questions a domain, DKIM selectors aside", "%.1f; without the topic gsi %.1f" % ((questions / len(lines)) - selectors(port, names), sum(line["questions"] for line in without) / len(without)), "16", "12")
    bench.row("peak memory, 1,000 domains", "%.1f MiB" % (kib / 1024), "24 MiB", "12 MiB")
    bench.row("memory from 1,000 to %s domains" % format(MANY, ","), "%+.2f KiB a domain" % growth(port, names), "0.5 KiB", "none")
    bench.row("could not be looked at, of 1,000", "%d" % unknown, "0", "0")
    late_and_lost(port, names)


main()
