#!/usr/bin/env python3
"""STARTTLS against the practice estate: one mail host with its full verdict beside openssl s_client; many hosts; a hostile domain."""
import json
import os
import statistics
import subprocess
import time

import bench

HOSTS = 200


def estate(text):
    where = bench.folder()
    scenario, ports = os.path.join(where, "s.scenario"), os.path.join(where, "ports.json")
    open(scenario, "w").write(text)
    bench.start([bench.PROGRAM, "practice", "serve", "--scenario", scenario, "--ports", ports], stdout=subprocess.DEVNULL)
    for _ in range(600):
        try:
            found = json.load(open(ports))
            break
        except (OSError, ValueError):
            time.sleep(0.1)
    options = ["--resolver", found["resolver"], "--dns-port", str(found["dns_port"]), "--smtp-port", str(found["smtp_port"]), "--https-port", str(found["https_port"]),
               "--ca-file", found["ca_file"]]
    return found, options


def domain(i, more=""):
    return "zone d%d.example\nserver ns1.d%d.example 127.0.7.5\ndns d%d.example MX 10 mx.d%d.example\nsmtp mx.d%d.example 127.1.%d.%d %s\n" % (i, i, i, i, i, i // 250, i % 250 + 1, more)


def hostile():
    """A banner that comes a byte at a time, a silent name, a web server that never ends its page."""
    return domain(0, "pace=1000") + "dns _mta-sts.d0.example TXT \"v=STSv1; id=1\"\nfault _dmarc.d0.example any silent\nhttps mta-sts.d0.example 127.1.9.1 pace=1000\npage /.well-known/mta-sts.txt size=60000\n"


def main():
    found, options = estate("".join(domain(i) for i in range(HOSTS)))
    only = ["--only", "tls", "--format", "json", *options]
    client = bench.median_ms(15, ["sh", "-c", "echo QUIT | openssl s_client -starttls smtp -connect 127.1.0.1:%d -CAfile %s" % (found["smtp_port"], found["ca_file"])])
    one = bench.median_ms(15, [bench.PROGRAM, "check", "d0.example", *only])
    bench.row("STARTTLS, one MX, full verdict", "%.0f ms (`openssl s_client`: %.0f ms; %.1f x)" % (one, client, one / client), "4 x", "2 x")
    names = "".join("d%d.example\n" % i for i in range(HOSTS)).encode()
    rates = []
    for _ in range(3):
        began = time.monotonic()
        subprocess.run([bench.PROGRAM, "check", "-", *only], input=names, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        rates.append(HOSTS / (time.monotonic() - began))
    bench.row("STARTTLS, %d hosts, server on the same two cores" % HOSTS, "%.0f hosts a second" % statistics.median(rates), "600", "900")
    found, options = estate(hostile())
    began = time.monotonic()
    subprocess.run([bench.PROGRAM, "check", "d0.example", *options], stdout=subprocess.DEVNULL)
    bench.row("a hostile domain", "%.1f s" % (time.monotonic() - began), "15 s", "10 s")


main()
