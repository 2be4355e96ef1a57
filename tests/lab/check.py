#!/usr/bin/env python3
"""mailstead check against BIND, nsd, Postfix and nginx, compared with what check.expected says of every domain: each line there is a rule
and a severity that must be found, or "not" and a rule that must not. Findings of severity fail that no line names are a failure too."""
import json
import os
import socket
import sys
import time

import cases
from lab import HERE, MAILSTEAD, Lab, can_bind, finish, have, ok, run, show

POLICY = "version: STSv1\\nmode: enforce\\nmx: mx.%s\\nmax_age: 1209600\\n"
WELL_KNOWN = "location = /.well-known/mta-sts.txt"


def mail_services(lab):
    def tls(name, host, **how):
        key, pem = lab.certificate(name, host, **how)
        return ["smtpd_tls_chain_files=%s,%s" % (key, pem), "smtpd_tls_protocols=>=TLSv1.2"]
    weak = [o for o in tls("mx-old", "mx.old.gov.uk") if "protocols" not in o]
    weak += ["smtpd_tls_protocols=TLSv1", "smtpd_tls_ciphers=medium", "tls_medium_cipherlist=ALL:@SECLEVEL=0"]
    services = [("127.0.53.10", tls("mx-good", "mx.good.gov.uk")),
                ("127.0.53.11", tls("mx-expired", "mx.expired.gov.uk", expired=True)),
                ("127.0.53.12", tls("mx-selfsigned", "mx.selfsigned.gov.uk", self_signed=True)),
                ("127.0.53.13", tls("mx-wrongname", "elsewhere.example")),
                ("127.0.53.14", weak),
                ("127.0.53.15", ["smtpd_tls_security_level=none"])]
    hosts = ["good", "expired", "selfsigned", "wrongname", "old", "plain"]
    return [(address, options + ["myhostname=mx.%s.gov.uk" % host]) for (address, options), host in zip(services, hosts)]


def web_hosts(lab):
    def reply(domain, inside):
        return ("mta-sts." + domain, lab.certificate("sts-" + domain, "mta-sts." + domain), inside)
    def policy(domain):
        return '%s { return 200 "%s"; }' % (WELL_KNOWN, POLICY % domain)
    lab.write("big/.well-known/mta-sts.txt", (POLICY % "selfsigned.gov.uk").replace("\\n", "\n") + "x: y\n" * 60000)
    lab.write("slow/.well-known/mta-sts.txt", (POLICY % "old.gov.uk").replace("\\n", "\n") + "# " + "slow " * 400 + "\n")
    wrong = ("mta-sts.wrongname.gov.uk", lab.certificate("sts-wrongname", "www.wrongname.gov.uk"), policy("wrongname.gov.uk"))
    return [reply("good.gov.uk", policy("good.gov.uk")),
            reply("expired.gov.uk", WELL_KNOWN + " { return 301 https://mta-sts.good.gov.uk/.well-known/mta-sts.txt; }"),
            reply("selfsigned.gov.uk", "root %s;" % lab.path("big")),
            reply("old.gov.uk", "root %s; limit_rate 8;" % lab.path("slow")), wrong]


def mail_cases(wanted, lab):
    """All of cases.py; without IPv6 on this machine not the one that needs it."""
    known = cases.mail_cases(lab)
    if not can_bind(cases.IPV6):
        print("# skipped: no IPv6 here: ipv6." + cases.ZONE)
        wanted.pop("ipv6." + cases.ZONE)
        known = [case for case in known if case[0] != "ipv6"]
    return known


def services_of(known):
    addresses = cases.addresses_of(known)
    return [(address, options + ["myhostname=mx.%s.%s" % (name, cases.ZONE)]) for name, services in known for address, options in zip(addresses[name], services)]


def read_expectations(path):
    wanted, domain = {}, None
    for line in open(path, encoding="utf-8"):
        line = line.split("#")[0].strip()
        if line.startswith("domain "):
            domain = line.split()[1]
            wanted[domain] = []
        elif line:
            wanted[domain].append(line.split())
    return wanted


def compare(report, lines, name):
    found = {(f["id"], f["severity"]) for f in report["findings"]}
    ids = {f["id"] for f in report["findings"]}
    text = "\n".join("%-8s %-34s %s: %s" % (f["severity"], f["id"], f.get("subject"), f.get("detail")) for f in report["findings"] if f["severity"] != "pass")
    for words in lines:
        if words[0] == "not":
            ok(words[1] not in ids, "%s: no %s" % (name, words[1]), text)
        else:
            ok((words[0], words[1]) in found, "%s: %s %s" % (name, words[0], words[1]), text)
    named = {words[0] for words in lines}
    more = sorted(f["id"] for f in report["findings"] if f["severity"] == "fail" and f["id"] not in named)
    ok(not more, "%s: fails of nothing else" % name, " ".join(more) + "\n" + text)


def without_names():
    """Nobody listens, and somebody who never answers: could not look, in time, and nothing is called missing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.53.3", 0))
        for what, port in (("a resolver that does not listen", 1), ("a resolver that does not answer", silent.getsockname()[1])):
            began = time.monotonic()
            done = run([MAILSTEAD, "check", "--format", "json", "--timeout", "2", "--resolver", "127.0.53.3:%d" % port, "good.gov.uk"])
            took = time.monotonic() - began
            ok(done.returncode == 3, what + ": exit status 3", done.stdout + done.stderr)
            ok(took < 6, what + ": in time (%.1f s)" % took)
            ids = [f["id"] for f in json.loads(done.stdout)["findings"]]
            ok(ids and not [i for i in ids if i.endswith("-missing")], what + ": nothing is called missing", ids)


def partner_lists(lab, mail):
    """Partners with these mail servers, and two hundred names that share them: each is on the list where it belongs, and a shared host is asked once."""
    basic, served = ["good", "expired", "selfsigned", "wrongname", "old", "plain"], [name for name, _ in mail]
    wanted = {}
    for kind, names in cases.PARTNERS.items():
        for name in names.split():
            if name in basic or name in served:
                wanted["%s.%s" % (name, "gov.uk" if name in basic else cases.ZONE)] = kind
    ok(len(wanted) == len(basic) + len(served), "partners: something is expected of each manner of mail server", " ".join(wanted))
    wanted.update({"shared%d.%s" % (n, cases.ZONE): "valid" if n % 2 == 0 else "invalid" for n in range(cases.SHARING)})
    began = time.monotonic()
    done = lab.mailstead("partners", "-", "--format", "json", stdin="".join(name + "\n" for name in wanted))
    took = time.monotonic() - began
    said = {report["domain"]: "exception" if report["exception"] else "valid" if report["valid_certificate"] else "invalid" for report in map(json.loads, done.stdout.splitlines())}
    differ = ["%s: %s, not %s" % (name, said.get(name), kind) for name, kind in wanted.items() if said.get(name) != kind]
    ok(not differ, "partners: %d names, each on its list" % len(wanted), "\n".join(differ) + done.stderr)
    ok(took < 15, "partners: in time (%.1f s)" % took)
    text = lab.mailstead("partners", "-", "--mail-system", "exchange-online", stdin="good.gov.uk\nplain.gov.uk\n")
    ok(text.returncode == 0 and "plain.gov.uk" in text.stdout, "partners: the lists of a mail system", text.stdout + text.stderr)


def main():
    if not have("named", "nsd", "postfix", "nginx", "openssl", "dig"):
        return
    if os.geteuid() != 0:
        print("# skipped: Postfix starts as root only")
        return
    wanted = read_expectations(os.path.join(HERE, "check.expected"))
    with Lab() as lab:
        lab.authority()
        lab.zone_folder(os.path.join(HERE, "zones"))
        mail, web = mail_cases(wanted, lab), cases.web_cases(lab)
        lab.zone(cases.ZONE, cases.zone(mail, web, "127.0.53.30"))
        lab.start_names()
        lab.start_mail(mail_services(lab) + services_of(mail))
        hosts = [("mta-sts.%s.%s" % (name, cases.ZONE), certificate, inside, http2) for name, certificate, inside, http2 in web]
        lab.start_web(web_hosts(lab) + [host[:3] for host in hosts if not host[3]], http2=[host[:3] for host in hosts if host[3]])
        whole = [name for name in wanted if not name.endswith("." + cases.ZONE)]
        reports, done = lab.check(*whole, more=["--selector", "s1"])
        of_web = ["%s.%s" % (case[0], cases.ZONE) for case in web]
        reports.update(lab.check(*of_web, more=["--only", "mtasts"])[0])
        reports.update(lab.check(*["%s.%s" % (name, cases.ZONE) for name, _ in mail], more=["--only", "tls", "--deep", "--timeout", "10"])[0])
        if "--show" in sys.argv:
            show(reports, done)
            return
        without_names()
        partner_lists(lab, mail)
        ok(done.returncode == 1, "exit status 1, as something failed", done.stderr)
        for name, lines in wanted.items():
            if ok(name in reports, name + ": reported", done.stderr):
                compare(reports[name], lines, name)


if __name__ == "__main__":
    main()
    finish()
