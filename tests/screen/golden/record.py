#!/usr/bin/env python3
"""Makes exampleshire.json anew: what is seen of the council on the practice estate, for the golden pages to be drawn from. Times, ports and
durations are set to fixed ones, so that only what was seen makes a difference. Run it when the estate or what is asked of it has changed,
then tests/screen/golden/run --accept.

    record.py PROGRAM
"""
import json
import os
import re
import subprocess
import sys
import tempfile

DOMAIN = "exampleshire.gov.uk"
HERE = os.path.dirname(os.path.abspath(__file__))
NAMING = ("kind", "name", "type", "port", "server", "path", "flags")


def steady(observation):
    """Without what differs from run to run."""
    changed = {word: 12 if word.endswith("_ms") and word != "time_ms" else value for word, value in observation.items()}
    if "from" in changed:
        changed["from"] = re.sub(r":\d+$", ":53" if observation["kind"] == "dns" else "", changed["from"])
    return changed


def name_of(observation):
    """The question, as far as it tells two observations apart."""
    return json.dumps([observation.get(word) for word in NAMING], sort_keys=True)


def seen(program, guidance, folder):
    path = os.path.join(folder, guidance + ".json")
    environment = dict(os.environ, MAILSTEAD_NOW="2026-11-24T10:00:00Z", LC_ALL="C.UTF-8", HOME=folder)
    done = subprocess.run([program, "practice", "request", "--guidance", guidance, "--save-evidence", path, DOMAIN], env=environment, stdout=subprocess.DEVNULL, check=False)
    if done.returncode not in (0, 1):
        sys.exit("the council could not be looked at")
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def main():
    with tempfile.TemporaryDirectory(prefix="mailstead-record.") as folder:
        evidence = seen(sys.argv[1], "today", folder)
        known = {name_of(observation) for observation in evidence["observations"]}
        evidence["observations"] += [more for more in seen(sys.argv[1], "2020", folder)["observations"] if name_of(more) not in known]
    evidence["observations"] = [steady(observation) for observation in evidence["observations"]]
    evidence["run"].update(elapsed_ms=400)
    with open(os.path.join(HERE, "exampleshire.json"), "w", encoding="utf-8") as file:
        json.dump(evidence, file, indent=1)
        file.write("\n")


main()
