#!/usr/bin/env python3
"""The wizard from a request to its end, on the practice estate: saved with one record left out; a few days later the desk has done a part of it,
one record wrongly, one on one server only; the page says what is live, what is waited for and what went wrong, and the message to the desk names
it; when all is right, the task completes by the check, and the steps with it."""
import json
import os
import re
import subprocess
import tempfile
import time

from lab import MAILSTEAD, finish, ok
from rehearse import DOMAIN, Estate, mended

DAY = 86400
LEFT_OUT = "PTR 3.60.0.127.in-addr.arpa"


class Wizard:
    """Driven by scripts, one run after the other, as an administrator who comes back; what it kept is its home folder."""

    def __init__(self, estate, home):
        self.estate, self.home = estate, home

    def run(self, script, days=0):
        path = os.path.join(self.home, "script")
        with open(path, "w", encoding="utf-8") as out:
            out.write("size 100x60\n" + script)
        w = self.estate.where
        env = {"PATH": os.environ["PATH"], "HOME": self.home, "TZ": "UTC", "LC_ALL": "C.UTF-8"}
        env.update({name: os.environ[name] for name in ("MAILSTEAD_DATA", "MAILSTEAD_HELP", "ASAN_OPTIONS") if name in os.environ})
        if days:
            env["MAILSTEAD_NOW"] = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + days * DAY + 60))
        done = subprocess.run([MAILSTEAD, "--resolver", w["resolver"], "--dns-port", str(w["dns_port"]), "--smtp-port", str(w["smtp_port"]), "--https-port", str(w["https_port"]), "--ca-file", w["ca_file"],
                               "--script", path, DOMAIN], env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=240)
        pages = {}
        for part in re.split(r"^== ", done.stdout, flags=re.M)[1:]:
            head, _, body = part.partition("\n")
            pages[head.split()[0]] = "\n".join(line.rstrip("|") for line in body.splitlines())
        if done.returncode:
            ok(False, "the script runs to its end", done.stdout[-4000:])
        return pages

    def case(self):
        return json.load(open(os.path.join(self.home, ".local", "share", "mailstead", DOMAIN + ".json"), encoding="utf-8"))


def rows_of(page):
    """State by record, as the table of the page says."""
    states = {}
    for line in page.splitlines():
        found = re.match(r"^[ >\u25b8]+(?:\d+ +)?(TXT|MX|PTR|CNAME|A)\s+(\S+)\s+(live|partly live|not yet|wrong|could not look)\s", line)
        if found:
            states[found.group(1) + " " + found.group(2)] = found.group(3)
    return states


def save_the_request(wizard):
    pages = wizard.run("""key r
until questions answered in
key e
until 1 [x]
open detail:recipient
type The desk
key Enter
key Enter
until The desk
snap before
go record %s
until In the change request
open chosen
until Left out of the change request
key Esc
until is left out
snap chosen
key s
until What happens next
snap saved
key r
until No server gives it yet
snap looked
key t
until Waiting for DNS
""" % LEFT_OUT)
    case = wizard.case()
    request = case["requests"][-1]["request"]
    files = case["requests"][-1]["file"].splitlines()
    text = open(files[0], encoding="utf-8").read()
    ok("left out" in pages["chosen"] and case["answers"][DOMAIN]["left-out:" + LEFT_OUT] == "yes", "what is left out is shown, and kept in the case", pages["chosen"])
    ok(LEFT_OUT.split()[1] not in [change["name"] for change in request["changes"]] and len(request["left_out"]) == 1, "and is not asked for", json.dumps(request["left_out"]))
    ok("You have left out the PTR record" in re.sub(r"\s+", " ", text) and "The desk" in text, "the file tells the requester, and is addressed", text[-1500:])
    ok("Send the file to The desk" in pages["saved"] and "Waiting for DNS" in pages["saved"] and "letter by letter" in pages["saved"], "the page of the saved request says what comes next", pages["saved"])
    ok(set(rows_of(pages["looked"]).values()) == {"not yet"} and len(rows_of(pages["looked"])) == len(request["changes"]), "nothing is live yet", pages["looked"])
    told = re.sub(r"\s+", " ", pages["looked"])
    ok("has serial" in told and "Caches keep what they have" in told and "your resolver [" in told, "each server's serial, the resolver, and how long caches keep the old value are told", pages["looked"])
    return request


def part(request, *names):
    return dict(request, changes=[change for change in request["changes"] if change["name"] in names])


def the_desk_slips(estate, wizard, request):
    """SPF rightly, DMARC with quotation marks, TLS reporting on one server, the mail server not at all."""
    spf, dmarc, tls = DOMAIN, "_dmarc." + DOMAIN, "_smtp._tls." + DOMAIN
    texts = dict(request, changes=[change for change in request["changes"] if change["type"] == "TXT"])
    estate.publish(part(texts, spf))
    estate.publish(part(texts, dmarc), "--slip", "literal-quotes")
    estate.publish(part(texts, tls), "--one-server")
    pages = wizard.run("""go saved
until What happens next
snap saved
key r
until wrong
snap looked
key m
until not complete yet
snap message
key Esc
key t
until Waiting for DNS, 3 days
snap hub
open ask-for-changes
until Are your changes live?
snap led
go saved
until records were live
snap again
""", days=3)
    states = rows_of(pages["looked"])
    expected = {"TXT " + spf: "live", "TXT " + dmarc: "wrong", "TXT " + tls: "partly live", "MX " + DOMAIN: "not yet"}
    ok({name: states.get(name) for name in expected} == expected, "live, wrong, partly live and not yet are told apart", pages["looked"])
    ok("1 of %d records are live" % len(request["changes"]) in re.sub(r"\s+", " ", pages["looked"]) and "3 days ago" in pages["looked"], "with how many and since when", pages["looked"])
    ok("_dmarc." + DOMAIN in pages["message"] and "quotation marks" in pages["message"] and "ns2" in pages["message"], "the message to the desk names the slip and the server that lags", pages["message"])
    ok("Waiting for DNS, 3 days" in pages["saved"] and "1 of %d records were live" % len(request["changes"]) in re.sub(r"\s+", " ", pages["again"]), "the days are counted, and the last look is remembered", pages["again"])
    row = [line for line in pages["hub"].splitlines() if "Ask for your DNS changes" in line]
    ok(row and "There is a problem" in row[0] and "1 of %d" % len(request["changes"]) in pages["led"], "what was published wrongly is told on the hub, and its step leads to the records", pages["hub"])
    task = wizard.case().get("tasks", {}).get(DOMAIN, {}).get("ask-for-changes", {})
    ok(not task.get("done"), "the task is not done", json.dumps(task))


def all_is_right(estate, wizard, request):
    reports, _ = estate.verify(request)
    for change, record in zip(request["changes"], reports[-1]["records"]):
        if record["state"] != "live":
            estate.publish(mended(dict(request, changes=[change]), record))
    pages = wizard.run("""go verify
key r
until The checks have finished
snap looked
key t
until Set up email securely
snap hub
go step spf-record
snap spf
""")
    case = wizard.case()
    task = case["tasks"][DOMAIN]["ask-for-changes"]
    ok(set(rows_of(pages["looked"]).values()) == {"live"}, "everything is live", pages["looked"])
    ok(task["done"] is True and task["how"] == "check", "the task completes by the check", json.dumps(task))
    ok([(look["live"], look["asked"]) for look in case["verifications"]] == [(0, len(request["changes"])), (1, len(request["changes"])), (len(request["changes"]),) * 2], "every look is kept", json.dumps(case["verifications"])[:2000])
    row = [line for line in pages["hub"].splitlines() if "Ask for your DNS changes" in line]
    ok(row and "Completed" in row[0] and "Waiting for DNS" not in pages["hub"], "nothing is waited for any more", pages["hub"])
    ok("There is a problem" not in pages["spf"].splitlines()[4], "and the step of SPF with it", pages["spf"])


def main():
    with tempfile.TemporaryDirectory(prefix="mailstead-waiting.") as home, Estate() as estate:
        wizard = Wizard(estate, home)
        request = save_the_request(wizard)
        the_desk_slips(estate, wizard, request)
        all_is_right(estate, wizard, request)


if __name__ == "__main__":
    main()
    finish()
