#!/usr/bin/env python3
"""STARTTLS against the practice estate (C, one process, TLS 1.2 and 1.3, P-256 certificates of one issuer, a leaf for each host): one mail host with its
full verdict beside openssl s_client; many hosts; partners; a hostile domain."""
import json
import os
import statistics
import subprocess
import sys
import time

import bench

HOSTS, OTHERS, PARTNERS = 400, 100, 1000


def estate(text):
    """A practice estate of its own for this scenario: what it wrote of itself, and the options that lead there."""
    where = bench.folder()
    scenario, ports, said = os.path.join(where, "s.scenario"), os.path.join(where, "ports.json"), os.path.join(where, "said")
    open(scenario, "w").write(text)
    process = bench.start([bench.PROGRAM, "practice", "serve", "--scenario", scenario, "--ports", ports], stdout=subprocess.DEVNULL, stderr=open(said, "w"))
    found = None
    while found is None and process.poll() is None:
        try:
            found = json.load(open(ports))
        except (OSError, ValueError):
            time.sleep(0.1)
    if found is None:
        sys.exit("the practice estate did not start: " + open(said).read())
    found["process"] = open("/proc/%d/task/%d/children" % (process.pid, process.pid)).read().split()[0]
    options = ["--resolver", found["resolver"], "--dns-port", str(found["dns_port"]), "--smtp-port", str(found["smtp_port"]), "--https-port", str(found["https_port"]),
               "--ca-file", found["ca_file"]]
    return found, options


def processor_s(process):
    """Processor time that a process has had."""
    fields = open("/proc/%s/stat" % process).read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def many_hosts(found, only):
    """One batch of all hosts: how many a second, and the milliseconds of processor a host that we and the server took."""
    names = "".join("d%d.example\n" % i for i in range(HOSTS)).encode()
    server, before, began = processor_s(found["process"]), os.times(), time.monotonic()
    subprocess.run([bench.PROGRAM, "check", "-", *only], input=names, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    took, after = time.monotonic() - began, os.times()
    ours = after.children_user + after.children_system - before.children_user - before.children_system
    return HOSTS / took, ours * 1000 / HOSTS, (processor_s(found["process"]) - server) * 1000 / HOSTS


def domain(i, more=""):
    return "zone d%d.example\nserver ns1.d%d.example 127.0.7.5\ndns d%d.example MX 10 mx.d%d.example\nsmtp mx.d%d.example 127.1.%d.%d %s\n" % (i, i, i, i, i, i // 250, i % 250 + 1, more)


def hostile():
    """A banner that comes a byte at a time, a name that is never answered, a policy that comes a byte at a time."""
    return domain(0, "pace=1000") + ("dns _mta-sts.d0.example TXT \"v=STSv1; id=1\"\nfault _dmarc.d0.example any silent\nhttps mta-sts.d0.example 127.1.9.1\n"
                                     "page /.well-known/mta-sts.txt size=60000 pace=1000\n")


def hostile_rows():
    """One hostile domain alone, and in the midst of others: when it ended, and when the last of the others did."""
    found, options = estate(hostile() + "".join(domain(i) for i in range(1, OTHERS + 1)))
    began = time.monotonic()
    subprocess.run([bench.PROGRAM, "check", "d0.example", *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    bench.row("a hostile domain", "%.1f s" % (time.monotonic() - began), "15 s", "10 s")
    process = subprocess.Popen([bench.PROGRAM, "check", "-", "--format", "json", *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    began = time.monotonic()
    process.stdin.write("".join("d%d.example\n" % i for i in range(OTHERS + 1)).encode())
    process.stdin.close()
    at = {json.loads(line)["domain"]: time.monotonic() - began for line in process.stdout}
    bench.row("a hostile domain in a batch with %d others; the last of those" % OTHERS, "%.1f s; %.1f s" % (at.pop("d0.example"), max(at.values())), "15 s; not held up", "10 s")


def partners_row():
    """A thousand partners: some with a mail host of their own, the others at five providers with two hosts each."""
    text = "".join("zone provider%d.example\nserver ns1.provider%d.example 127.0.7.5\nsmtp ina.provider%d.example 127.2.0.%d\nsmtp inb.provider%d.example 127.2.1.%d\n" % (p, p, p, p + 1, p, p + 1)
                   for p in range(5)) + "".join(domain(i) for i in range(HOSTS))
    for i in range(HOSTS, PARTNERS):
        text += "zone d%d.example\nserver ns1.d%d.example 127.0.7.5\ndns d%d.example MX 10 ina.provider%d.example\ndns d%d.example MX 20 inb.provider%d.example\n" % (i, i, i, i % 5, i, i % 5)
    _, options = estate(text)
    kib = os.path.join(bench.folder(), "kib")
    began = time.monotonic()
    subprocess.run(["/usr/bin/time", "-f", "%M", "-o", kib, bench.PROGRAM, "partners", "-", *options], input="".join("d%d.example\n" % i for i in range(PARTNERS)).encode(),
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    took = time.monotonic() - began
    bench.row("%d partners, %d mail hosts, server on the same cores" % (PARTNERS, HOSTS + 10), "%.1f s, %.0f MiB" % (took, int(open(kib).read().split()[-1]) / 1024), "", "")


def main():
    found, options = estate("".join(domain(i) for i in range(HOSTS)))
    only = ["--only", "tls", "--format", "json", *options]
    client = bench.median_ms(15, ["sh", "-c", "echo QUIT | openssl s_client -starttls smtp -connect 127.1.0.1:%d -CAfile %s" % (found["smtp_port"], found["ca_file"])])
    one = bench.median_ms(15, [bench.PROGRAM, "check", "d0.example", *only])
    bench.row("STARTTLS, one MX, full verdict", "%.0f ms (`openssl s_client`: %.0f ms; %.1f x)" % (one, client, one / client), "4 x", "2 x")
    runs = [many_hosts(found, only) for _ in range(5)]
    rate, ours, server = (statistics.median(run[i] for run in runs) for i in range(3))
    bench.row("STARTTLS, %d hosts, server on the same %d cores" % (HOSTS, os.cpu_count()),
              "%.0f hosts a second; processor a host: ours %.1f ms, the server's %.1f ms" % (rate, ours, server), "600", "900")
    partners_row()
    hostile_rows()


main()
