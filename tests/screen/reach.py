#!/usr/bin/env python3
"""Every step of the guidance is reached from the hub by keys alone, and its page is about it: the title is looked for with /, and Enter opens it.
Together the steps serve every id of the guidance that "mailstead guidance" names.

    reach.py PROGRAM        prints "ok NAME" or "not ok NAME"
"""
import json
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
STEP = "What the guidance asks for"
PAGES = {"ask-for-changes": "Check your change request"} # its step is the request itself
# What makes the steps appear that wait for an answer: something uses the PSN.
PSN = ["open psn-leave", "until What the guidance asks for", "key /", "type Does anything of yours", "key Enter", "key Enter", "until Select one option", "key 1"]
# And a filtering service is on the list: the step on footers appears.
FILTERING = ["key t", "until Set up email", "key g", "key /", "type List the services", "key Enter", "key Enter", "until What the guidance asks for", "key /", "type The list of services", "key Enter", "key Enter",
             "until Which services send", "key /", "type Broadcom", "key Enter", "key Esc", "key Space"]


def script(steps):
    lines = ["size 80x80", "until Set up email", "key r", "until questions answered in", "key t", "until Set up email"] + PSN + FILTERING
    for step in steps:
        lines += ["key t", "until Set up email", "key g", "key /", "type " + step["title"], "key Enter", "key Enter", "until " + PAGES.get(step["id"], STEP), "snap " + step["id"]]
    return "\n".join(lines) + "\n"


def main():
    program = os.path.abspath(sys.argv[1])
    guidance = json.loads(subprocess.run([program, "guidance", "--format", "json"], stdout=subprocess.PIPE, check=True).stdout)
    steps = [step for section in guidance["sections"] for step in section["steps"]]
    with tempfile.TemporaryDirectory(prefix="mailstead-reach.") as home:
        path = os.path.join(home, "script")
        with open(path, "w", encoding="utf-8") as file:
            file.write(script(steps))
        environment = {"PATH": os.environ["PATH"], "HOME": home, "TZ": "UTC", "LC_ALL": "C.UTF-8", "TERM": "xterm", "MAILSTEAD_NOW": "2026-11-24T10:05:00Z"}
        done = subprocess.run([program, "--script", path, "--evidence", os.path.join(HERE, "golden", "exampleshire.json"), "exampleshire.gov.uk"],
                              env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    shown = done.stdout.decode("utf-8", "replace")
    pages = dict(re.findall(r"^== (\S+) 80x80[^\n]*\n(.*?)(?=^== |\Z)", shown, re.M | re.S))
    wrong = [step["id"] for step in steps if PAGES.get(step["id"], step["title"]) not in pages.get(step["id"], "").split(STEP)[0]]
    if done.returncode or wrong:
        print("# not reached: %s\n%s" % (wrong, shown[-3000:]))
    print("%s every_step_by_keys" % ("not ok" if done.returncode or wrong else "ok"))
    sys.exit(1 if done.returncode or wrong else 0)


main()
