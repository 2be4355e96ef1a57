#!/usr/bin/env python3
"""Saved stores judged on one core, and SPF evaluations through a local server."""
import os
import subprocess

import bench


def main():
    port, names = bench.name_server()
    evidence = os.path.join(os.path.dirname(names), "evidence.json")
    subprocess.run([bench.PROGRAM, "check", "council1.gov.uk", "--resolver", "127.0.0.1:%d" % port, *bench.TOPICS, "--save-evidence", evidence], stdout=subprocess.DEVNULL)
    out = subprocess.run([bench.helper("tests/bench/judge_rate"), evidence, "council1.gov.uk", "4000"], capture_output=True, text=True).stdout
    for line in out.splitlines():
        what, rate, findings = line.split()
        bench.row("saved stores: %s (%s findings each)" % (what.replace("-", " "), findings), "%s a second" % rate, "5,000", "20,000")
    councils = ["council%d.gov.uk" % i for i in range(200)]
    rate, failed = subprocess.run([bench.helper("tests/bench/spf_rate"), "127.0.0.1:%d" % port, "20000", *councils], capture_output=True, text=True).stdout.split()
    bench.row("SPF evaluations through a local server, 6 questions each", "%s a second (%s failed)" % (rate, failed), "7,000", "15,000")


main()
