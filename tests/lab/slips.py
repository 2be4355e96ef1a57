#!/usr/bin/env python3
"""Each slip of a DNS desk, published by BIND and nsd in a zone of its own: verify names it; then the right record by a dynamic update and a reload,
and verify says done."""
import json
import os

from lab import Lab, finish, have, ok

NEW = "v=DMARC1; p=reject; rua=mailto:d@reports.gov.uk"
KEY = "v=DKIM1; k=rsa; p=" + "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA1nAKJWz6VbMAcagDDNZ0QVXACO3yOC8BZj3vkVuCEZ" * 4
LONG = "v=spf1 " + " ".join("ip4:192.0.2.%d" % n for n in range(1, 40)) + " -all"
OLD = '_dmarc TXT "v=DMARC1; p=none"\n'


def quoted(text):
    octets = text.encode() if isinstance(text, str) else text
    cut = [octets[i:i + 255] for i in range(0, len(octets), 255)]
    return " ".join('"' + "".join("\\" + chr(c) if c in b'"\\' else chr(c) if 0x20 <= c < 0x7f else "\\%03d" % c for c in part) + '"' for part in cut)


def case(title, host, kind, wanted, zone, state, rule, slip="", now=(), second=None):
    return dict(title=title, host=host, kind=kind, wanted=wanted, zone=zone, state=state, rule=rule, slip=slip, now=list(now), second=second)


def dmarc(title, published, rule, slip, state="wrong"):
    return case(title, "_dmarc", "TXT", NEW, "_dmarc TXT %s\n" % quoted(published), state, rule, slip)


CASES = [
    dmarc("quotes", '"' + NEW + '"', "verify-different", "literal-quotes"),
    dmarc("backslashes", NEW.replace(";", "\\;"), "verify-different", "backslashes"),
    dmarc("cut", NEW[:-10], "verify-different", "cut"),
    dmarc("smart-quotes", "\u201c" + NEW + "\u201d", "verify-different", "smart-quotes"),
    dmarc("dash", NEW.replace("v=DMARC1", "v=DMARC1\u2013"), "verify-different", "smart-quotes"),
    dmarc("leading-space", " " + NEW, "verify-different", "spaces"),
    dmarc("lost-space-in-word", NEW.replace("mailto:", "mail to:"), "verify-different", "spaces"),
    dmarc("line-break", NEW.replace("; rua", ";\n rua"), "verify-different", "line-break"),
    dmarc("semicolon", NEW.replace("DMARC1;", "DMARC1"), "verify-different", "lost-semicolon"),
    dmarc("letter", NEW.replace("reports", "repotrs"), "verify-different", ""),
    dmarc("equivalent", NEW.replace("; ", ";") + ";", "verify-equivalent", "", "live"),
    case("cut-at-255", "s1._domainkey", "TXT", KEY, "s1._domainkey TXT %s\n" % quoted(KEY[:255]), "wrong", "verify-different", "cut"),
    case("split", "mailer", "TXT", LONG, "mailer TXT %s\n" % quoted(LONG[:255] + " " + LONG[255:510] + (" " + LONG[510:] if len(LONG) > 510 else "")), "wrong", "verify-different", "split"),
    case("split-elsewhere", "s1._domainkey", "TXT", KEY, 's1._domainkey TXT "%s" "%s" "%s"\n' % (KEY[:100], KEY[100:200], KEY[200:]), "live", "verify-equivalent"),
    case("key-case", "s1._domainkey", "TXT", KEY, "s1._domainkey TXT %s\n" % quoted(KEY.replace("MIIBIj", "MIIBij", 1)), "wrong", "verify-different", "key-case"),
    case("second-record", "_dmarc", "TXT", NEW, OLD + "_dmarc TXT %s\n" % quoted(NEW), "wrong", "verify-added-not-replaced", "second-record", ["v=DMARC1; p=none"]),
    case("second-spf", "@", "TXT", "v=spf1 mx -all", '@ TXT "v=spf1 mx -all"\n@ TXT "v=spf1 a -all"\n@ TXT "MS=1"\n', "wrong", "verify-added-not-replaced", "second-record"),
    case("doubled", "_dmarc", "TXT", NEW, "_dmarc.doubled.slips.gov.uk TXT %s\n" % quoted(NEW), "wrong", "verify-misplaced", "doubled-name"),
    case("misspelt", "_smtp._tls", "TXT", "v=TLSRPTv1; rua=mailto:t@reports.gov.uk", '_stmp._tls TXT "v=TLSRPTv1; rua=mailto:t@reports.gov.uk"\n', "wrong", "verify-misplaced", "misspelt-name"),
    case("underscore", "_dmarc", "TXT", NEW, "dmarc TXT %s\n" % quoted(NEW), "wrong", "verify-misplaced", "lost-underscore"),
    case("at-label", "@", "TXT", "v=spf1 mx -all", '\\@ TXT "v=spf1 mx -all"\n', "wrong", "verify-misplaced", "at-label"),
    case("parent", "_dmarc", "TXT", NEW + ",mailto:parent@slips.gov.uk", "", "wrong", "verify-misplaced", "parent-zone"),
    case("delegated", "_dmarc.sub", "TXT", NEW, "sub NS ns.elsewhere.gov.uk.\n", "wrong", "verify-misplaced", "parent-zone"),
    case("type-spf", "@", "TXT", "v=spf1 mx -all", '@ SPF "v=spf1 mx -all"\n', "wrong", "verify-misplaced", "wrong-type"),
    case("alias-as-text", "s1._domainkey", "CNAME", "s1.mailer.gov.uk.", '@ TXT x\ns1._domainkey TXT "s1.mailer.gov.uk"\n', "wrong", "verify-misplaced", "alias-as-text"),
    case("appended", "s1._domainkey", "CNAME", "s1.mailer.gov.uk.", "s1._domainkey CNAME s1.mailer.gov.uk\n", "wrong", "verify-different", "appended-target"),
    case("appended-mx", "@", "MX", "10 mx.mailer.gov.uk.", "@ MX 10 mx.mailer.gov.uk\n", "wrong", "verify-different", "appended-target"),
    case("pending", "_dmarc", "TXT", NEW, OLD, "not-yet", "verify-pending", "", ["v=DMARC1; p=none"]),
    case("partial", "_dmarc", "TXT", NEW, "_dmarc TXT %s\n" % quoted(NEW), "partly", "verify-partial", "", ["v=DMARC1; p=none"], OLD),
    case("done", "_dmarc", "TXT", NEW, "_dmarc TXT %s\n" % quoted(NEW), "live", "verify-done", "", ["v=DMARC1; p=none"]),
]


def zone_of(c):
    return c["title"] + ".slips.gov.uk"


def name_of(c):
    return zone_of(c) if c["host"] == "@" else c["host"] + "." + zone_of(c)


def verify(lab, c):
    request = {"domain": zone_of(c), "changes": [{"action": "replace" if c["now"] else "add", "zone": zone_of(c), "name": name_of(c), "type": c["kind"], "now": c["now"], "wanted": [c["wanted"]], "ttl": 300}]}
    path = lab.write("request.json", json.dumps(request))
    done = lab.mailstead("verify", "--format", "json", "--request", path, zone_of(c))
    report = json.loads(done.stdout) if done.stdout else {"records": [{"state": done.stderr, "slip": "", "findings": []}]}
    return report["records"][0], done


def mend(lab, c):
    """The right record and nothing else at the name, on both servers."""
    data = quoted(c["wanted"]) if c["kind"] == "TXT" else c["wanted"]
    script = "zone %s.\n" % zone_of(c) + ("" if c["host"] == "@" else "update delete %s.\n" % name_of(c)) + "update delete %s. %s\n" % (name_of(c), c["kind"])
    script += "send\nzone %s.\nupdate add %s. 300 %s %s\nsend\n" % (zone_of(c), name_of(c), c["kind"], data)
    done = lab.update(script)
    lab.second_zone(zone_of(c), lab.head + "%s 300 %s %s\n" % (c["host"], c["kind"], data))
    return done


def main():
    if not have("named", "nsd", "nsd-control", "nsupdate", "dig"):
        return
    with Lab() as lab:
        lab.head = "$TTL 300\n@ SOA ns1.lab.gov.uk. hostmaster.lab.gov.uk. 1 3600 900 1209600 300\n@ NS ns1.lab.gov.uk.\n@ NS ns2.lab.gov.uk.\n"
        lab.zone("lab.gov.uk", "ns1 A 127.0.0.1\nns2 A 127.0.53.2\n")
        lab.zone("slips.gov.uk", "_dmarc TXT %s\n" % quoted(NEW + ",mailto:parent@slips.gov.uk"))
        lab.zone("mailer.gov.uk", "mx A 127.0.0.9\ns1 A 127.0.0.9\n")
        for c in CASES:
            lab.zone(zone_of(c), c["zone"])
        lab.start_names({zone_of(c): lab.head + c["second"] for c in CASES if c["second"]})
        for c in CASES:
            record, done = verify(lab, c)
            rules = [f["id"] for f in record["findings"]]
            ok((record["state"], record["slip"], rules[:1]) == (c["state"], c["slip"], [c["rule"]]), "%s: %s, %s %s" % (c["title"], c["state"], c["rule"], c["slip"]), done.stdout + done.stderr)
            ok(done.returncode == (1 if c["state"] == "wrong" else 0), c["title"] + ": exit status", done.returncode)
        for c in CASES:
            if c["state"] == "live" or c["title"] == "delegated":
                continue
            sent = mend(lab, c)
            lab.wait(lambda c=c: verify(lab, c)[0]["state"] == "live", c["title"] + " at nsd")
            record, done = verify(lab, c)
            ok(record["state"] == "live" and record["findings"][0]["id"] == "verify-done" and done.returncode == 0, c["title"] + ": done once published rightly", done.stdout + done.stderr + sent.stderr)


if __name__ == "__main__":
    main()
    finish()
