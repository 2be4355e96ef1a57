"""What the benchmarks share: a local name server with a thousand domains, clocks, and the table. Needs the program built in build/ (or
MAILSTEAD) and nsd and dig; other tools only for the rows that compare with them."""
import atexit
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time

TOP = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
BUILD = os.environ.get("BUILD", os.path.join(TOP, "build"))
PROGRAM = os.environ.get("MAILSTEAD", os.path.join(BUILD, "mailstead"))
DOMAINS = 1000
TOPICS = ["--skip", "ns,tls"]  # all DNS topics but ns, MTA-STS over HTTPS, no SMTP
KEY = ("MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA1nAKJWz6VbMAcagDDNZ0QVXACO3yOC8BZj3vkVuCEZ/qpcnHCveJt06qz1tdecBbAmBh9J8CWCNL3mHMw/zwEzpiiWaJ"
       "K1v6ODXOsNXQZap7zShWjXKU1W5fpFIJy6Ies1qbmLM+yM7p4c/PyzCcogybYvQxWEjjot0dgD7ExNANRTtMButLiikUGdTIlMNXDpLo4ZTJMn8EFi9T/SbNLUm7eBCgwwBbfod4i2NV"
       "pLwy/FMZrYT7yB3VRFgWWo7wjJHqIq3Ut35/IYoqD6OSfOg2FDCaOsxm5e61VEEkvgls7LRsFBUXWYSu99GKsni7uTPzVf1zgnCBEMkEPR0HpwIDAQAB")


def row(what, measured, must, aim):
    print("| %s | %s | %s | %s |" % (what, measured, must, aim), flush=True)


def have(tool):
    return shutil.which(tool) is not None


def free_port():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def folder():
    path = tempfile.mkdtemp(prefix="mailstead-bench-")
    atexit.register(shutil.rmtree, path, True)
    return path


def start(words, **more):
    process = subprocess.Popen(words, **{"stderr": subprocess.DEVNULL, **more})
    atexit.register(lambda: (process.terminate(), process.wait()))
    return process


def median_ms(runs, words):
    took = []
    for _ in range(runs):
        began = time.monotonic()
        subprocess.run(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        took.append((time.monotonic() - began) * 1000)
    return statistics.median(took)


def helper(path):
    """A C program of the tests, built beside the program: "tests/bench/judge_rate"."""
    subprocess.run(["make", "-s", "-C", BUILD, path], check=True, stdout=subprocess.DEVNULL)
    return os.path.join(BUILD, path)


def txt(value):
    return " ".join('"%s"' % value[i:i + 250] for i in range(0, len(value), 250))


def council(i):
    provider = "provider%d.example." % (i % 5)
    return ["@ A 192.0.2.%d" % (i % 250), "@ MX 10 ina." + provider, "@ MX 20 inb." + provider,
            '@ TXT "v=spf1 include:_spf.%s include:_spf.newsletter.example ip4:192.0.2.%d -all"' % (provider[:-1], i % 250), '@ TXT "MS=ms%d"' % i,
            '_dmarc TXT "v=DMARC1; p=reject; rua=mailto:dmarc@council%d.gov.uk,mailto:r@reports.example"' % i,
            '_smtp._tls TXT "v=TLSRPTv1; rua=mailto:tls@council%d.gov.uk"' % i, "selector1._domainkey TXT " + txt("v=DKIM1; k=rsa; p=" + KEY),
            "selector2._domainkey TXT " + txt("v=DKIM1; k=rsa; p=" + KEY)]


def zones():
    yield "uk", ["gov NS ns1.host.example."]
    yield "gov.uk", ['_dmarc TXT "v=DMARC1;p=reject;sp=none;np=reject;adkim=s;aspf=s"']
    yield "newsletter.example", ['_spf TXT "v=spf1 ip4:203.0.113.0/25 -all"']
    yield "reports.example", ["@ MX 10 mx", "mx A 198.51.100.99", '*._report._dmarc TXT "v=DMARC1"']
    yield "host.example", ["ns1 A 127.0.0.1"]
    yield "example", ["many NS ns1.host.example."]
    yield "many.example", ["* MX 10 ina.provider0.example.", '* TXT "v=spf1 include:_spf.provider0.example -all"']
    yield "2.0.192.in-addr.arpa", []
    yield "100.51.198.in-addr.arpa", ["%d PTR in%s.provider%d.example." % (10 * "ab".index(h) + p + 1, h, p) for p in range(5) for h in "ab"]
    for p in range(5):
        yield "provider%d.example" % p, ["ina A 198.51.100.%d" % (p + 1), "inb A 198.51.100.%d" % (p + 11),
                                         '_spf TXT "v=spf1 include:_s1.provider%d.example include:_s2.provider%d.example ~all"' % (p, p),
                                         '_s1 TXT "v=spf1 ip4:198.51.100.0/24 -all"', '_s2 TXT "v=spf1 ip4:203.0.113.0/26 -all"']
    for i in range(DOMAINS):
        yield "council%d.gov.uk" % i, council(i)


def name_server():
    """nsd with a thousand councils; its port, and the file of their names."""
    where, port = folder(), free_port()
    conf = ["server:", " ip-address: 127.0.0.1@%d" % port, " zonesdir: " + where, ' database: ""', " pidfile: %s/pid" % where, " xfrdfile: %s/xfrd" % where,
            " zonelistfile: %s/list" % where, ' username: ""', ' chroot: ""', " server-count: 1", " rrl-ratelimit: 0", "remote-control:", " control-enable: no"]
    for name, lines in zones():
        with open(os.path.join(where, name + ".zone"), "w") as file:
            file.write("$ORIGIN %s.\n$TTL 3600\n@ SOA ns1.host.example. h.host.example. 1 7200 3600 1209600 300\n@ NS ns1.host.example.\n%s\n" % (name, "\n".join(lines)))
        conf += ["zone:", " name: " + name, " zonefile: %s.zone" % name]
    path = os.path.join(where, "nsd.conf")
    open(path, "w").write("\n".join(conf) + "\n")
    start(["nsd", "-d", "-c", path], stdout=subprocess.DEVNULL)
    for _ in range(100):
        if subprocess.run(["dig", "+short", "+tries=1", "+time=1", "@127.0.0.1", "-p", str(port), "gov.uk", "SOA"], capture_output=True).stdout.strip():
            break
        time.sleep(0.1)
    names = os.path.join(where, "names")
    open(names, "w").write("".join("council%d.gov.uk\n" % i for i in range(DOMAINS)))
    return port, names


def relay(port, *manner):
    """A resolver that leads to the one at `port` in that manner: "delay=20", "loss=5", "rate=500"; its port."""
    return int(start([helper("tests/support/relay"), str(port), *manner], stdout=subprocess.PIPE).stdout.readline())


def batch(port, names, *more):
    """One batch: seconds, the lines, and the most memory in KiB (of the program alone: GNU time starts it)."""
    out = "%s.out%d" % (names, port)
    words = ["/usr/bin/time", "-f", "%M", "-o", out + ".kib", PROGRAM, "check", "-", "--format", "json", "--resolver", "127.0.0.1:%d" % port, *TOPICS, *more]
    began = time.monotonic()
    with open(names) as source, open(out, "w") as sink:
        subprocess.run(words, stdin=source, stdout=sink, stderr=subprocess.DEVNULL)
    took = time.monotonic() - began
    lines = [line for line in map(json.loads, open(out)) if "domain" in line]
    return took, lines, int(open(out + ".kib").read().split()[-1])
