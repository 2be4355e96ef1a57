#!/usr/bin/env python3
"""The council's request in every format, compared with the copies in ticket/, so that a change of its words or form is seen in review. The clock
stands still. With --update the copies are made anew: read what changed before committing them."""
import difflib
import os
import sys
import tempfile

from lab import HERE, MAILSTEAD, finish, ok, run

DOMAIN = "exampleshire.gov.uk"
FORMATS = {"text": "txt", "markdown": "md", "html": "html", "csv": "csv", "json": "json", "zone": "zone", "nsupdate": "nsupdate", "route53": "route53.json", "octodns": "yaml", "dnscontrol": "js"}
PROVIDERS = ["route53", "azure", "ovh", "jisc"]


def compare(name, text):
    path = os.path.join(HERE, "ticket", name)
    if "--update" in sys.argv:
        with open(path, "w", encoding="utf-8", newline="") as out:
            out.write(text)
        return
    kept = open(path, encoding="utf-8", newline="").read() if os.path.exists(path) else ""
    ok(text == kept, "the ticket as kept in ticket/" + name, "\n".join(difflib.unified_diff(kept.splitlines(), text.splitlines(), "kept", "made", lineterm="", n=1)))


def main():
    os.environ.update(MAILSTEAD_NOW="2026-11-24T09:30:00Z", LANGUAGE="en")
    with tempfile.TemporaryDirectory(prefix="mailstead-ticket.") as folder:
        seen = os.path.join(folder, "evidence.json")
        done = run([MAILSTEAD, "practice", "request", "--save-evidence", seen, DOMAIN])
        if not ok(done.returncode == 0, "the council's request", done.stderr):
            return
        for name, suffix in FORMATS.items():
            made = os.path.join(folder, "made." + name)
            done = run([MAILSTEAD, "request", "--evidence", seen, "--requester", "A. Jones, ICT, 01632 960123", "--format", name, "--output", made, DOMAIN])
            if ok(done.returncode == 0, "written as " + name, done.stderr):
                compare("council." + suffix, open(made, encoding="utf-8", newline="").read())
        for provider in PROVIDERS:
            done = run([MAILSTEAD, "request", "--evidence", seen, "--requester", "A. Jones, ICT", "--provider", provider, DOMAIN])
            compare("council-" + provider + ".txt", done.stdout)
        done = run([MAILSTEAD, "request", "--evidence", seen, "--provider", "nobody", DOMAIN])
        ok(done.returncode == 2 and "route53" in done.stderr and not done.stdout, "an unknown provider: exit 2 and a list", done.stderr)
        done = run([MAILSTEAD, "request", "--evidence", seen, "--output", made, DOMAIN])
        ok(done.returncode == 2 and open(made).read(), "never over an earlier file", done.stderr)


if __name__ == "__main__":
    main()
    finish()
