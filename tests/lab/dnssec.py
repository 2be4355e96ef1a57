#!/usr/bin/env python3
"""Signed, unsigned and broken zones under a root of our own: nsd serves them, BIND validates them, Postfix takes the mail. What dnssec.expected says of a
domain must be found; what else fails is a failure too.

  127.0.0.1          named: validates, with the root's key as its trust anchor
  127.0.53.2, .4     nsd: serves the root, gov.uk and the zones below
  127.0.55.10…       Postfix
"""
import base64
import concurrent.futures
import hashlib
import os
import re
import sys
import time

import check
from lab import HERE, RESOLVER, SECOND, Lab, demand, finish, have, ok, run, show

THIRD, MAIL_NET = "127.0.53.4", "127.0.55."
DAY = 86400
HEAD = "$TTL 300\n@ SOA ns1.lab.gov.uk. hostmaster.lab.gov.uk. 1 3600 900 1209600 300\n@ NS ns1.lab.gov.uk.\n@ NS ns2.lab.gov.uk.\n"
USUAL = '@ TXT "v=spf1 mx -all"\n_dmarc TXT "v=DMARC1; p=reject; rua=mailto:dmarc@nsec.gov.uk"\n_smtp._tls TXT "v=TLSRPTv1; rua=mailto:tls@nsec.gov.uk"\n'
TOPICS = "ns,mx,spf,dmarc,tlsrpt,dane"
BROKEN = ["late", "wrongds", "changedtxt", "changedmx", "changedtlsa", "noproof"]


class Signed:
    """How a zone is signed: with which algorithm and proofs of absence, from when to when (days from now), what is done to its text afterwards, and
    which DS the parent has: that of its key, none, or one that fits no key."""
    def __init__(self, nsec3=None, ends=20, after=None, ds="right", algorithm="ECDSAP256SHA256"):
        self.nsec3, self.ends, self.after, self.ds, self.algorithm = nsec3, ends, after, ds, algorithm


def stamp(days):
    return time.strftime("%Y%m%d%H%M%S", time.gmtime(time.time() + days * DAY))


def sign(lab, name, text, how):
    """The signed text, the key as a record, and the DS for the parent."""
    folder = lab.path("keys-" + (name.strip(".") or "root"))
    os.makedirs(folder)
    owner = name if name == "." else name + "."
    bits = ["-b", "2048"] if how.algorithm.startswith("RSA") or how.algorithm.startswith("NSEC3RSA") else []
    key = demand(["dnssec-keygen", "-q", "-a", how.algorithm, *bits, "-f", "KSK", "-K", folder, owner]).strip()
    record = open(os.path.join(folder, key + ".key"), encoding="utf-8").read().splitlines()[-1]
    plain, made = os.path.join(folder, "plain"), os.path.join(folder, "signed")
    with open(plain, "w", encoding="utf-8") as file:
        file.write(text + record + "\n")
    proofs = ["-3", "-", "-H", str(how.nsec3)] if how.nsec3 is not None else []
    demand(["dnssec-signzone", "-q", "-z", "-P", "-O", "full", "-o", owner, "-K", folder, "-d", folder, "-s", stamp(min(0, how.ends) - 10), "-e", stamp(how.ends), *proofs,
            "-f", made, plain, os.path.join(folder, key)])
    ds = open(os.path.join(folder, "dsset-" + owner), encoding="utf-8").read()
    signed = open(made, encoding="utf-8").read()
    return (how.after(signed) if how.after else signed), record, ds


def replaced(old, new):
    def change(text):
        assert old in text, old
        return text.replace(old, new)
    return change


def without_proofs(text):
    """The zone as signed, but for the records that prove that a name or type is not there."""
    return "".join(line + "\n" for line in text.splitlines() if not re.search(r"\sIN\s+(NSEC|RRSIG\s+NSEC)\s", line))


def key_digest(pem):
    key = demand(["openssl", "x509", "-in", pem, "-noout", "-pubkey"])
    return hashlib.sha256(base64.b64decode("".join(line for line in key.splitlines() if "-" not in line))).hexdigest()


def mail_services(lab):
    """Manners of mail servers by name, each at an address of its own; the address and the TLSA data of each."""
    def chain(name, **how):
        return lab.certificate(name, "mx.%s.gov.uk" % name, key="ec", **how)
    made = {name: chain(name) for name in ("mx", "old", "anchor", "bare")}
    with open(made["anchor"][1], "a", encoding="utf-8") as file, open(lab.path("ca.pem"), encoding="utf-8") as root:
        file.write(root.read())
    weak = "ALL:@SECLEVEL=0"
    options = {
        "mx": ["smtpd_tls_chain_files=%s,%s" % made["mx"], "smtpd_tls_protocols=>=TLSv1.2"],
        "old": ["smtpd_tls_chain_files=%s,%s" % made["old"], "smtpd_tls_protocols=TLSv1", "tls_medium_cipherlist=" + weak],
        "anchor": ["smtpd_tls_chain_files=%s,%s" % made["anchor"]],
        "bare": ["smtpd_tls_chain_files=%s,%s" % made["bare"]],
        "anonymous": ["smtpd_tls_cert_file=none", "smtpd_tls_protocols=TLSv1.2", "tls_medium_cipherlist=aNULL:@SECLEVEL=0"],
        "plain": ["smtpd_tls_security_level=none"],
    }
    addresses = {name: MAIL_NET + str(10 + i) for i, name in enumerate(options)}
    lab.start_mail([(addresses[name], options[name] + ["myhostname=mx.lab.gov.uk"]) for name in options])
    digests = {name: key_digest(pem) for name, (_, pem) in made.items()}
    digests["ca"] = key_digest(lab.path("ca.pem"))
    return addresses, digests


def zones_of(addresses, digests):
    """(name below gov.uk, text, how it is signed: none, not at all) each."""
    def host(at="mx", usage="3 1 1", digest=None, name="mx"):
        text = "@ MX 10 mx\n%s A %s\n%s" % (name, addresses[at], USUAL)
        return text + ("_25._tcp.%s TLSA %s %s\n" % (name, usage, digest or digests[at]) if usage else "")
    right, other = digests["mx"], hashlib.sha256(b"another key").hexdigest()
    elsewhere = USUAL + "@ MX 10 mx.%s.gov.uk.\n"
    return [
        ("lab", "ns1 A %s\nns2 A %s\n" % (SECOND, THIRD), Signed()),
        ("nsec", host(), Signed()),
        ("nsec3", host(usage=None), Signed(nsec3=0)),
        ("iterations", host(usage=None), Signed(nsec3=60)),
        ("unsigned", host(), None),
        ("island", host(), Signed(ds="none")),
        ("late", host(), Signed(ends=-1)),
        ("soon", host(), Signed(ends=1)),
        ("wrongds", host(), Signed(ds="wrong")),
        ("sha1", host(), Signed(algorithm="NSEC3RSASHA1")),
        ("changedtxt", host(), Signed(after=replaced("v=spf1 mx -all", "v=spf1 mx ~all"))),
        ("changedmx", host(), Signed(after=replaced("10 mx.changedmx", "20 mx.changedmx"))),
        ("changedtlsa", host(), Signed(after=replaced(right.upper()[:8], "00000000"))),
        ("noproof", host(usage=None), Signed(after=without_proofs)),
        ("insecuremx", elsewhere % "nsec", None),
        ("outside", elsewhere % "unsigned", Signed()),
        ("alias", USUAL + "@ MX 10 mx\nmx CNAME mx.unsigned.gov.uk.\n_25._tcp.mx TLSA 3 1 1 %s\n" % right, Signed()),
        ("nomatch", host(digest=other), Signed()),
        ("rolling", host() + "_25._tcp.mx TLSA 3 1 1 %s\n" % other, Signed()),
        ("anchor", host("anchor", "2 1 1", digests["ca"]), Signed()),
        ("bare", host("bare", "2 1 1", digests["ca"]), Signed()),
        ("old", host("old"), Signed()),
        ("anonymous", host("anonymous", digest=other), Signed()),
        ("plain", host("plain", digest=other), Signed()),
    ]


def delegate(zones, signed):
    text = "lab NS ns1.lab.gov.uk.\n" + "ns1.lab A %s\nns2.lab A %s\n" % (SECOND, THIRD)
    for name, _, how in zones:
        text += "".join("%s NS ns%d.lab.gov.uk.\n" % (name, n) for n in ((2,) if name == "lab" else (1, 2)))
        if how and how.ds == "right":
            text += signed[name][2]
        elif how and how.ds == "wrong":
            text += "%s DS %s 13 2 %s\n" % (name, 12345, hashlib.sha256(b"no key").hexdigest())
    return text


def start_names(lab, zones):
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        made = pool.map(lambda z: sign(lab, z[0] + ".gov.uk", HEAD + z[1], z[2]) if z[2] else (HEAD + z[1], None, None), zones)
    signed = dict(zip((name for name, _, _ in zones), made))
    govuk, _, ds = sign(lab, "gov.uk", HEAD + delegate(zones, signed), Signed())
    root_text = HEAD + "gov.uk. NS ns1.lab.gov.uk.\ngov.uk. NS ns2.lab.gov.uk.\n" + ds
    root, anchor, _ = sign(lab, ".", root_text, Signed())
    texts = {".": root, "gov.uk": govuk}
    texts.update({name + ".gov.uk": text for name, (text, _, _) in signed.items()})
    config = 'server:\n  ip-address: %s@%d\n  ip-address: %s@%d\n  server-count: 1\n  username: ""\n  chroot: ""\n  zonesdir: ""\n  database: ""\n  pidfile: "%s"\n  xfrdfile: "%s"\n' \
             '  zonelistfile: "%s"\n  xfrdir: "%s"\n  rrl-ratelimit: 0\n' % (SECOND, lab.dns, THIRD, lab.dns, lab.path("nsd.pid"), lab.path("xfrd.state"), lab.path("zone.list"), lab.dir)
    for name, text in texts.items():
        config += 'zone:\n  name: "%s"\n  zonefile: "%s"\n' % (name, lab.write("served/" + name.strip("."), text) if name != "." else lab.write("served/root", text))
    lab.spawn("nsd", ["nsd", "-d", "-c", lab.write("nsd.conf", config)])
    words = anchor.split()
    numbers, key = words[words.index("DNSKEY") + 1:][:3], "".join(words[words.index("DNSKEY") + 4:])
    os.makedirs(lab.path("named"), exist_ok=True)
    lab.spawn("named", ["named", "-g", "-c", lab.write("named.conf", (
        'trust-anchors { . static-key %s "%s"; };\noptions { directory "%s"; pid-file none; listen-on port %d { %s; }; listen-on-v6 { none; }; recursion yes; allow-query { any; };\n'
        ' forward only; forwarders { %s port %d; }; dnssec-validation yes; empty-zones-enable no; minimal-responses no; };\ncontrols { };\n') % (
            " ".join(numbers), key, lab.path("named"), lab.dns, RESOLVER, SECOND, lab.dns))])
    for server, flags in ((SECOND, " aa"), (RESOLVER, " ad")):
        lab.wait(lambda s=server, f=flags: re.search(r"flags: [^;]*" + f, run(["dig", "@" + s, "-p", str(lab.dns), "+tries=1", "+time=1", "+dnssec", "nsec.gov.uk", "SOA"]).stdout),
                 "name server at " + server)


def look(lab, names):
    """Each that gives SERVFAIL by itself: a run that meets many slows down, as it does for a resolver that cannot keep up."""
    alone = [name for name in names if name.split(".")[0] in BROKEN]
    reports, done = lab.check(*[name for name in names if name not in alone], more=["--only", TOPICS])
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for more, _ in pool.map(lambda name: lab.check(name, more=["--only", TOPICS]), alone):
            reports.update(more)
    return reports, done


def main():
    if not have("named", "nsd", "postfix", "openssl", "dig", "dnssec-keygen", "dnssec-signzone"):
        return
    if os.geteuid() != 0:
        print("# skipped: Postfix starts as root only")
        return
    wanted = check.read_expectations(os.path.join(HERE, "dnssec.expected"))
    with Lab() as lab:
        lab.authority()
        zones = zones_of(*mail_services(lab))
        start_names(lab, zones)
        names = [name + ".gov.uk" for name, _, _ in zones if name != "lab"]
        reports, done = look(lab, names)
        if "--show" in sys.argv:
            show(reports, done)
            return
        ok(set(names) == set(wanted), "every zone has an expectation", " ".join(set(names) ^ set(wanted)))
        for name, lines in wanted.items():
            if ok(name in reports, name + ": reported", done.stderr):
                check.compare(reports[name], lines, name)


if __name__ == "__main__":
    main()
    finish()
