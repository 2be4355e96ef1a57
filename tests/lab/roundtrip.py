#!/usr/bin/env python3
"""Round trip: many generated domains are examined on a real BIND, planned, and their requests carried out there (nsupdate) and loaded into nsd.
Then everything is looked at again: what was asked for is live, what it was asked for is gone, nothing that passed before fails, and nothing is
asked for again. named-checkzone reads every export of zone lines; python3-spf, python3-dkim and libopendmarc read every wanted record.

  roundtrip.py [COUNT [FIRST]]     150 domains from a seed of the day, which is printed
"""
import base64
import json
import os
import re
import subprocess
import sys
import time

from lab import HERE, MAILSTEAD, PATH, RESOLVER, Lab, demand, finish, have, ok, run

PLANNER = os.environ.get("PLANNER") or os.path.join(os.path.dirname(MAILSTEAD), "tests/lab/planner")
ENVIRONMENT = dict(os.environ, PATH=PATH, MAILSTEAD_DATA=os.path.join(HERE, "../../data"))
SERVERS = "ns1.lab.gov.uk. A 127.0.0.1\nns2.lab.gov.uk. A 127.0.53.2\n"


def zones(lab, folder):
    for path in sorted(os.listdir(folder)):
        name, _, kind = path.rpartition(".")
        text = open(os.path.join(folder, path), encoding="latin-1").read()
        if kind == "domain":
            lab.zone(name, text)
        elif kind == "outside" and name == "reverse":
            lab.zone("18.198.in-addr.arpa", text)
        elif kind == "outside":
            lab.zone(name, text)
    lab.zone("lab.gov.uk", SERVERS)


def apply(lab, folder, names):
    """Carries every request out, and gives the zones as they are then to nsd."""
    bad = []
    for name in names:
        script = open(os.path.join(folder, name + ".nsupdate"), encoding="utf-8").read()
        done = lab.update(script)
        if done.returncode or "failed" in done.stderr:
            bad.append("%s: %s" % (name, done.stderr.strip()))
    ok(not bad, "nsupdate takes every request (%d)" % len(names), "\n".join(bad))


def check_zone_lines(lab, folder, names):
    """Each export by itself in a zone of its own; and each of its lines is what BIND holds after the update."""
    bad = []
    for name in names:
        lines = open(os.path.join(folder, name + ".zone"), encoding="utf-8").read()
        own = "".join(line + "\n" for line in lines.splitlines() if not line.startswith(";") and re.match(r"(?i)(\S+\.)?%s\.\s" % re.escape(name), line))
        head = "$ORIGIN %s.\n$TTL 300\n@ SOA ns1.lab.gov.uk. h.lab.gov.uk. 1 3600 900 1209600 300\n@ NS ns1.lab.gov.uk.\n" % name
        done = run(["named-checkzone", "-i", "none", "-k", "ignore", name, lab.write("check", head + own)])
        if done.returncode:
            bad.append(name + ": " + done.stdout)
    ok(not bad, "named-checkzone takes every export (%d)" % len(names), "\n".join(bad))


def give_to_nsd(lab, names):
    for name in names:
        lab.write("second/" + name, lab.transfer(name))
    demand(["nsd-control", "-c", lab.path("nsd.conf"), "reload"])
    lab.wait(lambda: serial(lab, "127.0.53.2", names[-1]) == serial(lab, RESOLVER, names[-1]), "nsd with the new zones")


def serial(lab, server, name):
    return run(["dig", "@" + server, "-p", str(lab.dns), "+short", "+norec", "+tries=1", "+time=2", name, "SOA"]).stdout.split()[2:3]


# ---- other people's readers ----

def wanted_records(folder, names):
    for name in names:
        for line in open(os.path.join(folder, name + ".wanted"), encoding="ascii"):
            kind, owner, profile, value = (line.split() + [""])[:4]
            yield name, kind, owner, int(profile), bytes.fromhex(value).decode("latin-1")


def judge(what, program, lines):
    """Runs a program of the system's Python over the lines; it prints those that it does not take, and counts at the end."""
    done = subprocess.run(["/usr/bin/python3", "-c", program], input="".join(line + "\n" for line in lines), text=True, capture_output=True, env=ENVIRONMENT, timeout=900)
    bad = [line for line in done.stdout.splitlines() if line.startswith("bad ")]
    ok(done.returncode == 0 and not bad and done.stdout.rstrip().endswith("read %d" % len(lines)), "%s (%d)" % (what, len(lines)), "\n".join(bad) + done.stderr)


# As published, by its own resolver: no error of the record, for a sender of either family.
SPF = """
import sys, spf, dns.resolver
resolver = dns.resolver.Resolver(configure=False)
resolver.nameservers, resolver.port = ['127.0.0.1'], %d
dns.resolver.default_resolver = resolver
count = 0
for name in sys.stdin.read().split():
    count += 1
    for ip in ('192.0.2.1', '2001:db8::1'):
        result, _, why = spf.query(i=ip, s='postmaster@' + name, h=name, timeout=30).check()
        if result in ('permerror', 'none', 'temperror') and not ('void' in why.lower() and ':' in ip):
            print('bad', name, ip, result, why)
print('read', count)
"""
DKIM = """
import sys, dkim
count = 0
for line in sys.stdin.read().splitlines():
    owner, value = line.split(' ', 1)
    count += 1
    try:
        key, size, kind, _ = dkim.evaluate_pk(owner.encode(), value.encode('latin-1'))
        if kind == b'rsa' and size < 1024: print('bad', owner, size)
    except Exception as error: print('bad', owner, repr(error))
print('read', count)
"""
DMARC = """
import sys, ctypes
library = ctypes.CDLL('libopendmarc.so.2')
library.opendmarc_policy_connect_init.restype = ctypes.c_void_p
library.opendmarc_policy_parse_dmarc.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_char_p]
library.opendmarc_policy_fetch_p.argtypes = [ctypes.c_void_p, ctypes.POINTER(ctypes.c_int)]
library.opendmarc_policy_connect_shutdown.argtypes = [ctypes.c_void_p]
count = 0
for line in sys.stdin.read().splitlines():
    owner, value = line.split(' ', 1)
    count += 1
    context, policy = library.opendmarc_policy_connect_init(b'192.0.2.1', 0), ctypes.c_int()
    status = library.opendmarc_policy_parse_dmarc(context, owner[7:].encode(), value.encode('latin-1'))
    library.opendmarc_policy_fetch_p(context, ctypes.byref(policy))
    said = [part.split('=')[1].strip()[0] for part in value.split(';') if part.split('=')[0].strip() == 'p']
    if status != 0 or said != [chr(policy.value)]: print('bad', owner, status, policy.value, value)
    library.opendmarc_policy_connect_shutdown(context)
print('read', count)
"""


def judge_all(lab, records):
    spf = sorted({owner for _, kind, owner, _, value in records if kind == "TXT" and value.startswith("v=spf1")})
    dkim = sorted({"%s %s" % (owner, value) for _, kind, owner, _, value in records if kind == "TXT" and "._domainkey." in owner and not owner.startswith("*")})
    dmarc = sorted({"%s %s" % (owner, value) for _, kind, owner, _, value in records if kind == "TXT" and owner.startswith("_dmarc.")})
    judge("python3-spf takes every wanted SPF record", SPF % lab.dns, spf)
    judge("python3-dkim reads every wanted key", DKIM, dkim)
    judge("libopendmarc reads every wanted DMARC record as it is meant", DMARC, dmarc)


def make_keys(lab):
    """dkim-key: the private file is its owner's alone and never overwritten; the public record belongs to it, in strings that fit."""
    for kind in ("rsa2048", "rsa4096", "ed25519"):
        path = lab.path(kind + ".private")
        words = ["dkim-key", "--format", "json", "--type", kind, "--selector", "s1", "--output", path, "example.gov.uk"]
        done = lab.mailstead(*words, options=False)
        made = json.loads(done.stdout) if done.returncode == 0 else {"value": "", "strings": []}
        der = subprocess.run(["openssl", "pkey", "-in", path, "-pubout", "-outform", "DER"], capture_output=True).stdout
        key = base64.b64encode(der[-32:] if kind == "ed25519" else der).decode()
        ok(made["value"].endswith("; p=" + key) and "".join(made["strings"]) == made["value"] and all(len(x) <= 255 for x in made["strings"]), "dkim-key %s: the record is the key's" % kind, done.stdout + done.stderr)
        ok(os.stat(path).st_mode & 0o777 == 0o600, "dkim-key %s: the private file is its owner's alone" % kind)
        before = open(path).read()
        ok(lab.mailstead(*words, options=False).returncode == 2 and open(path).read() == before, "dkim-key %s: an earlier file stays" % kind)
        ok("PRIVATE" not in done.stdout + done.stderr, "dkim-key %s: nothing private is printed" % kind)


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 150
    first = int(sys.argv[2]) if len(sys.argv) > 2 else int(time.time()) // 86400 * 1000
    if not have("named", "nsd", "nsd-control", "nsupdate", "named-checkzone", "dig") or not ok(os.path.exists(PLANNER), "tests/lab/planner is built", PLANNER):
        finish()
    print("# %d domains from seed %d (again with: roundtrip.py %d %d)" % (count, first, count, first), flush=True)
    with Lab() as lab:
        folder = lab.path("domains")
        os.makedirs(folder)
        demand([PLANNER, "write", folder, str(first), str(count)])
        make_keys(lab)
        zones(lab, folder)
        lab.start_names()
        began = time.monotonic()
        planner = subprocess.Popen([PLANNER, "trip", folder, str(first), str(count), RESOLVER, str(lab.dns)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=ENVIRONMENT)
        lab.children.append(planner)
        wrong = []
        for line in planner.stdout:
            if line.strip() == "asked":
                break
            wrong.append(line)
        print("# planned in %.1f s" % (time.monotonic() - began), flush=True)
        ok(not wrong, "no plan is stopped by its proof", "".join(wrong))
        names = sorted({path[:-9] for path in os.listdir(folder) if path.endswith(".nsupdate")})
        check_zone_lines(lab, folder, names)
        apply(lab, folder, names)
        give_to_nsd(lab, names)
        planner.stdin.write("go\n")
        planner.stdin.flush()
        rest = planner.stdout.read().splitlines()
        wrong = [line for line in rest if line.startswith("wrong")]
        ok(not wrong and rest and rest[-1].startswith("done"), "what was asked for is live, its findings are gone, nothing is worse, nothing is asked again", "\n".join(wrong or rest))
        print("# %s in %.1f s" % (rest[-1] if rest else "no end", time.monotonic() - began), flush=True)
        records = list(wanted_records(folder, names))
        judge_all(lab, records)


if __name__ == "__main__":
    main()
    finish()
