#!/usr/bin/env python3
"""A batch through a resolver that loses questions and answers, or that serves so many a second: slower, and the same findings."""
import os
import subprocess
import sys
import threading

import lab

os.environ.setdefault("BUILD", os.path.dirname(os.path.abspath(lab.MAILSTEAD)))
os.environ.setdefault("MAILSTEAD", lab.MAILSTEAD)
sys.path.insert(0, os.path.join(lab.HERE, "../bench"))
import bench  # noqa: E402

DOMAINS = 80
# A share of the datagrams each way: with one in five, 36 of 100 tries fail, and a question has 24.
MANNERS = (["loss=5"], ["loss=20", "delay=5"], ["rate=1000"], ["rate=1000", "over=refused"], ["rate=1000", "over=servfail", "delay=5"], ["rate=2000", "loss=5", "delay=5"])
# Where a key that several domains share was seen first depends on which of them finishes first.
ORDER = ("dkim-key-shared-domains", "dkim-ok")


def batch(port, names):
    words = [bench.PROGRAM, "check", "-", "--format", "json", "--resolver", "127.0.0.1:%d" % port, *bench.TOPICS]
    done = subprocess.run(words, stdin=open(names), capture_output=True, text=True, timeout=250)
    lines = [bench.json.loads(line) for line in done.stdout.splitlines() if '"amends"' not in line]
    return {line["domain"]: (line["status"], [(f["id"], f["subject"], f["detail"]) for f in line["findings"] if f["id"] not in ORDER]) for line in lines}


def compare(port, names, clean, manner, told):
    seen = batch(bench.relay(port, *manner), names)
    unknown = sorted(domain for domain in seen if seen[domain][0] == "unknown")
    other = [(domain, clean[domain], seen.get(domain)) for domain in clean if seen.get(domain) != clean[domain]]
    told[" ".join(manner)] = (len(seen) == DOMAINS and not unknown and not other, "%d of %d unknown; %s" % (len(unknown), len(seen), other[:1]))


def main():
    if not lab.have("nsd", "dig"):
        return 0
    bench.DOMAINS = DOMAINS
    port, names = bench.name_server()
    clean, told = batch(port, names), {}
    lab.ok(len(clean) == DOMAINS and all(status != "unknown" for status, _ in clean.values()), "a batch of %d domains, all looked at" % DOMAINS, clean)
    threads = [threading.Thread(target=compare, args=(port, names, clean, manner, told)) for manner in MANNERS]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for manner in (" ".join(one) for one in MANNERS):
        good, detail = told.get(manner, (False, "did not end"))
        lab.ok(good, "a resolver with %s makes a batch slower, and nothing unknown" % manner, detail)
    return lab.failures > 0


sys.exit(main())
