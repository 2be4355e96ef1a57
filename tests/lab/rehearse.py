#!/usr/bin/env python3
"""The whole loop on the practice estate, for every slip that a DNS desk makes: examine and request, publish with the slip, verify names it,
publish rightly, verify says done. One estate for each slip, so that they do not disturb each other."""
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from lab import MAILSTEAD, finish, ok, run

DOMAIN = "exampleshire.gov.uk"
LONG = "v=DKIM1; k=rsa; p=" + "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA1nAKJWz6VbMAcagDDNZ0QVXACO3yOC8BZj3vkVuCEZ" * 4
LONG_SPF = "v=spf1 " + " ".join("ip4:192.0.2.%d" % n for n in range(1, 40)) + " -all"
# Slip, the changes of the request that show it (by name), the finding, and the slip that verify must name ("" where it is none of its kind).
CASES = [
    ("literal-quotes", "_dmarc", "verify-different"), ("backslashes", "_dmarc", "verify-different"), ("split", "long", "verify-different"), ("cut", "_dmarc", "verify-different"),
    ("smart-quotes", "_dmarc", "verify-different"), ("spaces", "_dmarc", "verify-different"), ("line-break", "_dmarc", "verify-different"), ("key-case", "key", "verify-different"),
    ("lost-semicolon", "_dmarc", "verify-different"), ("appended-target", "alias", "verify-different"), ("second-record", "_dmarc", "verify-added-not-replaced"),
    ("second-record", "@", "verify-added-not-replaced"), ("wrong-type", "_dmarc", "verify-misplaced"), ("alias-as-text", "alias", "verify-misplaced"),
    ("doubled-name", "_dmarc", "verify-misplaced"), ("misspelt-name", "_smtp._tls", "verify-misplaced"), ("lost-underscore", "_dmarc", "verify-misplaced"),
    ("at-label", "@", "verify-misplaced"), ("parent-zone", "_smtp._tls", "verify-misplaced"), ("left-out", "_dmarc", "verify-pending"),
]


class Estate:
    def __init__(self):
        self.dir = tempfile.mkdtemp(prefix="mailstead-rehearse.")
        self.ports = os.path.join(self.dir, "ports.json")
        self.log = open(os.path.join(self.dir, "log"), "w")
        self.child = subprocess.Popen([MAILSTEAD, "practice", "serve", "--ports", self.ports], stdout=self.log, stderr=self.log)
        deadline = time.monotonic() + 60
        while not os.path.exists(self.ports):
            if self.child.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("the practice estate did not start: " + open(self.log.name).read())
            time.sleep(0.02)
        self.where = json.load(open(self.ports))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.child.send_signal(signal.SIGTERM)
        self.child.wait(60)
        self.log.close()
        shutil.rmtree(self.dir, ignore_errors=True)

    def mailstead(self, command, *words):
        w = self.where
        return run([MAILSTEAD, command, "--resolver", w["resolver"], "--dns-port", str(w["dns_port"]), "--smtp-port", str(w["smtp_port"]), "--https-port", str(w["https_port"]),
                    "--ca-file", w["ca_file"], *words])

    def request(self):
        return json.loads(self.mailstead("request", "--format", "json", DOMAIN).stdout)

    def publish(self, request, *options):
        path = os.path.join(self.dir, "request.json")
        json.dump(request, open(path, "w"))
        done = run([MAILSTEAD, "practice", "provider", "--ports", self.ports, *options, path])
        if done.returncode:
            raise RuntimeError(done.stdout + done.stderr)

    def verify(self, request, *options):
        path = os.path.join(self.dir, "asked.json")
        json.dump(request, open(path, "w"))
        done = self.mailstead("verify", "--format", "json", "--request", path, *options, DOMAIN)
        reports = [json.loads(line) for line in done.stdout.splitlines()]
        if not reports:
            raise RuntimeError(done.stderr)
        return reports, done


def extra(name, kind, value):
    return {"action": "add", "zone": DOMAIN, "name": name + "." + DOMAIN, "host": name, "type": kind, "now": [], "wanted": [value], "kept": [], "ttl": 300, "section": "dns-dkim", "contact": "registrar"}


def without_harm(request):
    """A made-up key or target is judged as broken, rightly: such a request does not ask whether it made something worse."""
    return {key: value for key, value in request.items() if key != "failing_before"}


def only(request, what):
    """The request with the one change that a case is about."""
    made = {"long": extra("mailer", "TXT", LONG_SPF), "key": extra("s9._domainkey", "TXT", LONG[:200]), "alias": extra("s8._domainkey", "CNAME", "s8.dkim.mailer.example.")}
    change = made.get(what) or [c for c in request["changes"] if c["host"] == what and c["type"] == "TXT"][0]
    if what in made:
        request = without_harm(request)
    return dict(request, changes=[change])


def mended(request, record):
    """What the desk is told when it has published a wrong value: take that one out too."""
    change, seen = request["changes"][0], record["servers"][0].get("seen")
    return dict(request, changes=[dict(change, now=change["now"] + ([seen] if seen else []))])


def rehearse(estate, slip, what, rule):
    request = only(estate.request(), what)
    title = "%s at %s: " % (slip, what)
    before, done = estate.verify(request)
    ok(before[-1]["records"][0]["state"] == "not-yet" and done.returncode == 0, title + "not yet, before it is published", done.stdout)
    estate.publish(request, "--slip", slip)
    wrong, done = estate.verify(request)
    record = wrong[-1]["records"][0]
    rules = [f["id"] for f in record["findings"]]
    named = "" if slip == "left-out" else slip
    ok(rule in rules and record["slip"] == named, title + "verify says " + rule, done.stdout + done.stderr)
    ok((done.returncode, record["state"]) == ((0, "not-yet") if slip == "left-out" else (1, "wrong")), title + "is not live", done.stdout)
    estate.publish(mended(request, record))
    right, done = estate.verify(request)
    record = right[-1]["records"][0]
    ok(record["state"] == "live" and record["findings"][0]["id"] == "verify-done" and done.returncode == 0, title + "done once published rightly", done.stdout + done.stderr)


def one_server_first(estate):
    request = only(estate.request(), "_dmarc")
    estate.publish(request, "--one-server")
    reports, done = estate.verify(request)
    record = reports[-1]["records"][0]
    ok(record["state"] == "partly" and record["findings"][0]["id"] == "verify-partial", "one server first: verify says verify-partial", done.stdout)
    ok(sorted(s["says"] for s in record["servers"]) == ["new", "old"] and "ns2.harbour-dns.example" in record["findings"][0]["detail"], "one server first: and names the other", done.stdout)
    estate.publish(request)
    reports, done = estate.verify(request)
    ok(done.returncode == 0 and reports[-1]["live"] == 1, "one server first: done when the other follows", done.stdout)


def whole_request(estate):
    """Every change that the council asks of anyone, published after a while: --watch follows and ends."""
    request = estate.request()
    estate.publish(request, "--delay", "2")
    reports, done = estate.verify(request, "--watch", "--interval", "0.3")
    ok(done.returncode == 0 and reports[-1]["live"] == reports[-1]["asked"] == len(request["changes"]), "watch: ends when all is live", done.stdout + done.stderr)
    ok(reports[0]["live"] == 0 and len(reports) > 1 and "0 of %d" % len(request["changes"]) in done.stderr, "watch: followed it from the start, with progress", done.stderr)
    ok(not reports[-1]["findings"], "watch: nothing was made worse", done.stdout)
    text = estate.mailstead("verify", "--request", os.path.join(estate.dir, "asked.json"), DOMAIN)
    ok(text.returncode == 0 and "live" in text.stdout.splitlines()[0], "verify in words", text.stdout + text.stderr)
    again = estate.request()
    ok(not again["changes"], "nothing is left to ask for", json.dumps(again["changes"], indent=1))


def from_the_case(estate):
    """What was saved in the case is what verify asks for; the case keeps what was seen, and the task of asking completes itself."""
    request = only(estate.request(), "_dmarc")
    path = os.path.join(estate.dir, "data", "mailstead", DOMAIN + ".json")
    os.makedirs(os.path.dirname(path))
    saved = {"domain": DOMAIN, "reference": request["reference"], "file": "x", "when": 1, "records": 1, "request": request}
    with open(path, "w", encoding="utf-8") as out:
        json.dump({"kind": "mailstead case", "version": 1, "domains": [DOMAIN], "answers": {}, "requests": [saved]}, out)
    before = os.environ.get("XDG_DATA_HOME")
    os.environ["XDG_DATA_HOME"] = os.path.join(estate.dir, "data")
    try:
        first = estate.mailstead("verify", DOMAIN)
        estate.publish(request)
        second = estate.mailstead("verify", DOMAIN)
    finally:
        os.environ.pop("XDG_DATA_HOME") if before is None else os.environ.update(XDG_DATA_HOME=before)
    case = json.load(open(path, encoding="utf-8"))
    ok(first.returncode == 0 and " 0 of " in first.stdout and second.returncode == 0, "from the case: not yet, then done", first.stdout + first.stderr + second.stdout + second.stderr)
    ok([(v["live"], v["records"][0]["state"]) for v in case["verifications"]] == [(0, "not-yet"), (1, "live")], "from the case: both looks are kept", json.dumps(case["verifications"]))
    ok(case["tasks"][DOMAIN]["ask-for-changes"]["done"] is True, "from the case: the task is done", json.dumps(case["tasks"]))


def without_meaning(estate):
    """White space inside a key means nothing (RFC 6376 section 3.6.1): that is said, and it counts as live."""
    request = dict(without_harm(estate.request()), changes=[extra("s9._domainkey", "TXT", LONG)])
    estate.publish(request, "--slip", "split")
    reports, done = estate.verify(request)
    record = reports[-1]["records"][0]
    ok(done.returncode == 0 and record["state"] == "live" and [f["id"] for f in record["findings"]] == ["verify-equivalent"], "white space without meaning is equivalent", done.stdout)


def made_worse(estate):
    request = only(estate.request(), "_dmarc")
    request["changes"][0] = dict(request["changes"][0], wanted=["v=DMARC1; p=nothing; rua=mailto:x@" + DOMAIN])
    estate.publish(request)
    reports, done = estate.verify(request)
    ok(done.returncode == 1 and reports[-1]["live"] == 1 and [f["id"] for f in reports[-1]["findings"]][:1] == ["verify-made-worse"], "a change that breaks what worked is told", done.stdout)


def main():
    for slip, what, rule in CASES:
        with Estate() as estate:
            rehearse(estate, slip, what, rule)
    for story in (one_server_first, whole_request, from_the_case, without_meaning, made_worse):
        with Estate() as estate:
            story(estate)


if __name__ == "__main__":
    main()
    finish()
