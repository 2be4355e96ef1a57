#!/usr/bin/env python3
"""The journeys of three administrators through the whole guidance, from the first screen to a saved request, on the practice estate, line by line:
what a person would read is looked for, and its number is typed.

    administrators.py PROGRAM [JOURNEY...]      prints "ok NAME" or "not ok NAME" for each
"""
import json
import os
import re
import select
import shutil
import subprocess
import sys
import tempfile
import time

DEADLINE = 60


class Lost(Exception):
    pass


def rows_of(text):
    """Numbered rows with what stands under them: [(number, words)]."""
    rows = []
    for line in text.splitlines():
        found = re.match(r"^\W*?(?:\[.\]|\(.\))?\s*(\d{1,2})(?:\.|\s)\s*(\S.*)$", line)
        if found and not re.match(r"^\d  [A-Z]", line.strip()):
            rows.append([int(found.group(1)), found.group(2).strip()])
        elif rows and line.startswith("      ") and line.strip():
            rows[-1][1] += " " + line.strip()
        elif not line.strip():
            rows.append([0, ""])
    return [(number, re.sub(r"\s+", " ", words)) for number, words in rows if number]


class Plain:
    """The wizard line by line."""

    def __init__(self, command, home):
        self.process = subprocess.Popen(command + ["--plain"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment(home))
        self.seen = ""
        self.text = self.read()

    def read(self):
        """All up to the next prompt, which ends in a colon and a space with nothing after it."""
        got, end = b"", time.time() + DEADLINE
        while time.time() < end and not re.search(rb"b back, \? all keys, q quit: \n$", got):
            ready, _, _ = select.select([self.process.stdout], [], [], 1)
            more = os.read(self.process.stdout.fileno(), 65536) if ready else None
            if more == b"":
                break
            got += more or b""
        self.text = got.decode("utf-8", "replace")
        self.seen += self.text
        return self.text

    def send(self, line):
        self.process.stdin.write(line.encode() + b"\n")
        self.process.stdin.flush()
        return self.read()

    def key(self, letter):
        self.send(letter)

    def back(self):
        self.send("b")

    def press(self, number):
        self.send(str(number))

    def fill(self, label, words):
        """Choose the field, then type."""
        self.choose(label)
        self.send(words)

    def answer(self, words):
        self.send(words)

    def choose(self, words):
        for number, row in rows_of(self.text):
            if words[:40] in row:
                self.press(number)
                return
        raise Lost("no row says: %s\n%s" % (words, self.text[-3000:]))

    def wait(self, words):
        if words not in self.text:
            raise Lost("did not see: %s\n%s" % (words, self.text[-3000:]))

    def close(self):
        self.process.stdin.close()
        self.process.wait(timeout=DEADLINE)


def environment(home):
    clean = {name: value for name, value in os.environ.items() if not name.startswith("XDG_") and name not in ("NO_COLOR", "LINES", "COLUMNS", "SSH_CONNECTION")}
    clean.update(HOME=home, TZ="UTC", LANG="C.UTF-8", TERM="tmux-256color")
    return clean


# ---- the walk ----

HUB = "Set up email securely for"
STEP = "What the guidance asks for"


def reopen(way, step):
    """Back on the page of the step, whole: line by line a page that was said is not said again."""
    way.key("t")
    way.wait(HUB)
    way.choose(step["title"])
    way.wait(STEP)


def to_hub(way):
    way.key("t")
    way.wait(HUB)


def answer_question(way, question, answer):
    """On the page of a question: its option by its words, or the text."""
    if "Select one option" in way.text:
        way.choose(answer)
        way.choose("Continue")
    elif answer:
        way.answer(answer)
    else:
        way.choose("None, or I do not know")


def services_on(way, step, story):
    """The list of services: each suggestion is ours or not."""
    for name, kind in story["ours"].items():
        if name not in way.text:
            raise Lost("not suggested: %s\n%s" % (name, way.text[-3000:]))
        way.choose(name)
        way.wait("Sends as")
        if kind:
            way.choose(kind)
        way.choose("It is ours: save")
        way.wait("Which services send")
    for name in story["not_ours"]:
        way.choose(name)
        way.wait("Sends as")
        way.choose("It is not ours")
        way.wait("Which services send")
    way.choose("Yes, all of them")
    reopen(way, step)


def unanswered(way, step):
    """Rows on a step that wait for an answer about a service."""
    own = [question["question"][:40] for question in step["questions"]]
    return [row for _, row in rows_of(way.text) if "Not answered" in row and not any(words in row for words in own)]


def walk_step(way, step, story):
    if "list-services" == step["id"] and (story["ours"] or story["not_ours"]):
        way.choose("The list of services")
        services_on(way, step, story)
    for question in step["questions"]:
        words = question["question"].split("{")[0].strip()
        if not any(words[:40] in row and "Not answered" in row for _, row in rows_of(way.text)):
            continue
        way.choose(words)
        answer_question(way, question, story["answers"].get(question["key"], ""))
        reopen(way, step)
    for _ in range(40):
        rows = unanswered(way, step)
        if not rows:
            break
        way.choose(re.sub(r"^Not answered: ", "", rows[0]))
        if "Select one option" in way.text:
            way.choose("No" if "footers" in rows[0] else "Yes")
            way.choose("Continue")
        else:
            way.answer("none" if "selectors" in rows[0] else "ICT service desk")
        reopen(way, step)
    if any("Nobody yet" in row for _, row in rows_of(way.text)):
        way.choose("Who deals with what we found")
        way.wait("Who has it in hand")
        way.fill("Who has it in hand", "Network team")
        reopen(way, step)
    for task in step["tasks"]:
        if task["task"][:40] not in way.text or task["id"] in story["left"]:
            continue
        way.choose(task["task"])
        if "Who has it in hand" in way.text:
            way.choose("It is done")
        reopen(way, step)


def states(way):
    """Of each step on the hub: its title and state."""
    words = ("Completed", "Waiting for DNS", "Waiting for others", "Waiting for reports", "In progress", "Not yet started", "Cannot start yet", "There is a problem")
    found = {}
    for _, row in rows_of(way.text):
        for state in words:
            if row.startswith(state + ": ") or row.endswith(" " + state):
                found[row.replace(state + ": ", "").replace(" " + state, "").strip()] = state
    return found


def walk(way, story, guidance):
    way.choose("Start with a new domain")
    way.wait("Which domains")
    way.answer(story["domain"])
    if HUB not in way.text:
        way.choose("Continue")
    if "must be replaced" in way.text or "Which domain replaces" in way.text:
        way.answer(story["domain"].split()[0])
    way.wait(HUB)
    way.key("r")
    way.wait("questions answered in")
    way.key("t")
    way.wait(HUB)
    visited = set()
    for section in guidance["sections"]:
        for step in section["steps"]:
            if not any(step["title"][:40] in row for _, row in rows_of(way.text)) or step["id"] == "ask-for-changes":
                continue
            way.choose(step["title"])
            way.wait(STEP)
            walk_step(way, step, story)
            visited.add(step["id"])
            to_hub(way)
    way.key("r")
    way.wait("questions answered in")
    way.key("e")
    way.wait("Check your change request")
    way.choose("Save the change request")
    way.wait("Change request saved")
    to_hub(way)
    open_steps = {title: state for title, state in states(way).items() if state not in ("Completed", "Waiting for DNS", "Waiting for others", "Waiting for reports")}
    if open_steps or len(states(way)) < 15:
        raise Lost("left open: %s\n%s" % (open_steps, way.text[-6000:]))
    return visited


YES = "Yes"
COMMON = {
    "sends": "Yes", "receives": "Yes", "services-complete": "Yes, all of them", "inbound-dmarc": "Yes", "inbound-spf": "Yes", "admin": "ICT service desk", "dns-contact": "Harbour DNS", "forwards": "It is not delivered any more", "old-sends": "No",
    "opportunistic": "Yes", "require-tls": "Yes", "inbound-tls": "No", "certificates-by": "We do", "psn": "No", "subdomain": "No", "reports-read": "Yes", "spf-ending": "Soft fail", "needed": "Yes", "more-domains": "Yes", "mail-system": "Postfix",
}
STORIES = {
    "council": {
        "scenario": "exampleshire", "domain": "exampleshire.gov.uk", "answers": dict(COMMON, **{"old-domains": "exampleshire.gsi.gov.uk", "mail-system": "Exchange Online", "sending": "192.0.2.25"}),
        "ours": {"Microsoft 365": "", "Own mail servers": "", "housing-repairs.example": "Line-of-business application", "parking-permits.example": "Cloud application"},
        "not_ours": ["newsletter-mill.example", "gsi.gov.uk"], "left": [],
    },
    "department": {
        "scenario": "department", "domain": "fair-measures.gov.uk",
        "answers": dict(COMMON, **{"mail-system": "Postfix", "secondary-hosts": "relay-north.fair-measures.gov.uk", "service-domains": "check-a-scale.service.gov.uk", "sending": "192.0.2.130", "partners": "northmoor.gov.uk trading-standards.example"}),
        "ours": {"Mimecast": "", "Own mail servers": "", "grants-portal.example": "Cloud application", "payslips.example": "Cloud application", "staff-survey.example": "Cloud application"},
        "not_ours": [], "left": [],
    },
    "parked": {
        "scenario": "parked", "domain": "old-campaign.gov.uk closed-quango.gov.uk merged-board.gov.uk inquiry-archive.org.uk boards-week.org.uk",
        "answers": dict(COMMON, sends="No", receives="No", needed="Yes"), "ours": {}, "not_ours": [], "left": [],
    },
}


def run(program, name, kind):
    home = tempfile.mkdtemp(prefix="mailstead-journey-")
    story = STORIES[name]
    guidance = json.loads(subprocess.run([program, "guidance", "--format", "json"], stdout=subprocess.PIPE, check=True).stdout)
    data = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../data/practice/%s.scenario" % story["scenario"])
    way = None
    try:
        way = kind([program, "practice", "--scenario", data], home)
        walk(way, story, guidance)
        files = os.listdir(os.path.join(home, "mailstead"))
        if not any(file.startswith(story["domain"].split()[0]) for file in files):
            raise Lost("no request was saved: %s" % files)
        return True
    except Lost as lost:
        print("# " + str(lost).replace("\n", "\n#   "))
        return False
    finally:
        if way:
            way.close()
        shutil.rmtree(home, ignore_errors=True)


def main():
    program, wanted, failed = os.path.abspath(sys.argv[1]), sys.argv[2:], 0
    kinds = [("plain", Plain)]
    for name in STORIES:
        for word, kind in kinds:
            title = "%s_%s" % (name, word)
            if wanted and title not in wanted and name not in wanted:
                continue
            good = run(program, name, kind)
            failed += not good
            print("%s administrator_%s" % ("ok" if good else "not ok", title), flush=True)
    sys.exit(1 if failed else 0)


main()
