#!/usr/bin/env python3
"""The journeys of three administrators through the whole guidance, from the first screen to a saved request, on the practice estate, line by line
and on a terminal: what a person would read is looked for, and chosen.

    administrators.py PROGRAM [JOURNEY...]      prints "ok NAME" or "not ok NAME" for each
"""
import json
import os
import re
import select
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor

DEADLINE = 60
MOVES = 15 # seconds for a key to show


class Lost(Exception):
    pass


def rows_of(text):
    """Numbered rows with what stands under them: [(number, words)]."""
    rows = []
    for line in text.splitlines():
        found = re.match(r"^\W*?(?:\[.\]|\(.\))?\s*(\d{1,2})(?:\.|\s)\s*(\S.*)$", line)
        if found and not re.match(r"^ {0,2}\d  [A-Z]", line):
            rows.append([int(found.group(1)), found.group(2).strip()])
        elif rows and line.startswith("      ") and line.strip():
            rows[-1][1] += " " + line.strip()
        elif not line.strip():
            rows.append([0, ""])
    return [(number, re.sub(r"\s+", " ", words)) for number, words in rows if number]


class Plain:
    """The wizard line by line."""

    def __init__(self, command, home, day):
        self.process = subprocess.Popen(command + ["--plain"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment(home, day))
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

    def hub(self):
        self.send("t")

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


class Curses:
    """The wizard on a terminal of 80x24. Keys are sent, and the screen is looked at until what is expected is there and it stands still. To read a page
    whole the window is made tall for a moment."""

    serial = 0

    def __init__(self, command, home, day):
        Curses.serial += 1
        self.socket = "mailstead-administrators-%d-%d" % (os.getpid(), Curses.serial)
        words = " ".join(shlex.quote(word) for word in command)
        self.client = subprocess.Popen(["tmux", "-L", self.socket, "-f", "/dev/null", "-C", "new-session", "-f", "no-output", "-x", "80", "-y", "24", words],
                                       stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment(home, day))
        self.unread = b""
        self.answers(1)
        self.whole = None

    def line(self):
        """The next line of the control client; null: it ended, or says nothing."""
        end = time.time() + DEADLINE
        while b"\n" not in self.unread:
            ready, _, _ = select.select([self.client.stdout], [], [], max(0, end - time.time()))
            more = os.read(self.client.stdout.fileno(), 65536) if ready else b""
            if not more:
                return None
            self.unread += more
        line, _, self.unread = self.unread.partition(b"\n")
        return line.decode("utf-8", "replace")

    def answers(self, count):
        """What so many commands gave; between them stand notices."""
        found, body = [], None
        while len(found) < count:
            line = self.line()
            if line is None:
                return found + [""] * (count - len(found))
            if body is None:
                body = [] if line.startswith("%begin ") else None
            elif line.startswith(("%end ", "%error ")):
                found.append("".join(row + "\n" for row in body))
                body = None
            else:
                body.append(line)
        return found

    def tmux(self, *commands):
        """Commands to one control client: a process for each look would cost more than the program under test."""
        try:
            self.client.stdin.write("".join(" ".join(shlex.quote(word) for word in words) + "\n" for words in commands).encode())
            self.client.stdin.flush()
        except BrokenPipeError:
            return [""] * len(commands)
        return self.answers(len(commands))

    def look(self):
        """The cursor's place and the lines of the screen."""
        place, text = self.tmux(["display-message", "-p", "#{cursor_x} #{cursor_y} #{pane_height}"], ["capture-pane", "-p"])
        return [int(number) for number in place.split()] + [text] if place else [0, 0, 0, ""]

    def until(self, good, deadline=DEADLINE):
        """Looks until it is whole, good, and twice the same; the last look, or null."""
        end, before = time.time() + deadline, None
        while time.time() < end:
            now = self.look()
            if now == before and self.drawn(now) and good(now):
                return now
            before = now
            time.sleep(0.015)
        return None

    @staticmethod
    def drawn(now):
        """The last row is the line of keys, which is drawn last."""
        lines = now[3].split("\n")
        return 0 < now[2] <= len(lines) and re.search(r"(Quit|Cancel)$", lines[now[2] - 1]) is not None

    def still(self):
        return self.until(lambda now: True)

    def keys(self, *names):
        self.whole = None
        self.tmux(["send-keys", *names])

    def type(self, words):
        self.whole = None
        self.tmux(["send-keys", "-l", "--", words])

    @property
    def text(self):
        if self.whole is None:
            self.tmux(["resize-window", "-x", "80", "-y", "120"])
            seen = self.until(lambda now: now[2] == 120 and not re.search(r"-- More (above|below)", now[3]))
            self.tmux(["resize-window", "-x", "80", "-y", "24"])
            self.until(lambda now: now[2] == 24)
            self.whole = seen[3] if seen else ""
        return self.whole

    def key(self, letter):
        self.keys(letter)

    def hub(self):
        """Out of the fields, where letters are text, and to the top of the hub: the focus may have been far down."""
        now = self.still()
        while now and self.is_field(now):
            before, now = now, self.moved("Escape", now)
            if now == before:
                raise Lost("no way out\n%s" % now[3])
        self.keys("t", "g")

    def in_field(self):
        return self.is_field(self.still())

    @staticmethod
    def focused(now, words):
        lines = now[3].split("\n")
        at = lines[now[1]].find(words) if now[1] < len(lines) else -1
        return now[0] <= at <= now[0] + 16

    def moved(self, key, before):
        """Presses a key that changes something."""
        self.keys(key)
        return self.until(lambda now: now != before, MOVES) or before

    def tab_to(self, good):
        now = self.still()
        for _ in range(60):
            if good(now):
                return
            now = self.moved("Tab", now)
        raise Lost("no Tab leads there\n%s" % now[3])

    def find(self, words):
        self.keys("/")
        now = self.until(lambda now: "Find:" in now[3] or self.is_field(now))
        if now and "Find:" not in now[3]: # the page came late, and its field took the sign
            self.keys("BSpace")
            return self.tab_to(lambda now: self.focused(now, words))
        self.type(words)
        self.until(lambda now: "Find: " + words in now[3])
        now = self.moved("Enter", self.look())
        for _ in range(12):
            if self.focused(now, words):
                return None
            now = self.moved("n", now)
        raise Lost("not found: %s\n%s" % (words, self.text))

    def choose(self, words):
        words = words[:28].strip()
        if self.in_field():
            self.tab_to(lambda now: self.focused(now, words))
        elif not self.focused(self.still(), words):
            self.find(words)
        before = self.look()
        if self.moved("Enter", before) == before:
            raise Lost("nothing happens at: %s\n%s" % (words, before[3]))

    def fill(self, label, words):
        """The field whose label stands in the three lines above the cursor."""
        self.tab_to(lambda now: self.is_field(now) and any(label in line for line in now[3].split("\n")[max(0, now[1] - 3):now[1]]))
        self.answer(words)

    @staticmethod
    def is_field(now):
        return "Ctrl-G Keys" in now[3]

    def answer(self, words):
        self.keys("C-u")
        self.type(words)
        self.until(lambda now: words[-20:] in now[3])
        self.moved("Enter", self.look())

    def wait(self, words):
        if not self.until(lambda now: words in now[3]):
            raise Lost("did not see: %s\n%s" % (words, self.look()[3]))

    def close(self):
        subprocess.run(["tmux", "-L", self.socket, "kill-server"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        self.client.stdin.close()
        self.client.wait(timeout=DEADLINE)
        self.client.stdout.close()


def environment(home, day):
    clean = {name: value for name, value in os.environ.items() if not name.startswith("XDG_") and name not in ("NO_COLOR", "LINES", "COLUMNS", "SSH_CONNECTION")}
    clean.update(HOME=home, MAILSTEAD_NOW=day, TZ="UTC", LANG="C.UTF-8", TERM="tmux-256color")
    return clean


# ---- the walk ----

HUB = "Set up email securely for"
STEP = "What the guidance asks for"


def reopen(way, step):
    """Back on the page of the step, whole: line by line a page that was said is not said again."""
    to_hub(way)
    way.choose(step["title"])
    way.wait(STEP)


def to_hub(way):
    way.hub()
    way.wait(HUB)


def answer_question(way, question, answer):
    """On the page of a question: its option by its words, or the text."""
    if "Select one option" in way.text:
        way.choose(answer or "No")
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
        way.wait("a service of yours")
        if kind:
            way.choose(kind)
        way.choose("It is ours: save")
        way.wait("Which services send")
    for name in story["not_ours"]:
        way.choose(name)
        way.wait("a service of yours")
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
        words = question["question"]
        if not any(words[:40] in row and "Not answered" in row for _, row in rows_of(way.text)):
            continue
        way.choose(words)
        answer_question(way, question, story["answers"].get(question["key"], ""))
        reopen(way, step)
    for _ in range(40):
        rows = unanswered(way, step)
        if not rows:
            break
        way.choose(re.sub(r"^Not answered: |\s*Not answered.*$", "", rows[0]))
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
        words = task["task"].split("{")[0][:40].strip() # of a task about an old name, what stands before the name
        if words not in way.text or task["id"] in story["left"]:
            continue
        way.choose(words)
        if "Who has it in hand" in way.text:
            way.choose("It is done")
        reopen(way, step)


def states(way):
    """Of each step on the hub: its title and state."""
    words = ("Completed", "Waiting for DNS", "Waiting for others", "Waiting for reports", "In progress", "Not yet started", "Cannot start yet", "There is a problem")
    some = "(%s)(?:, \\d+ days?)?" % "|".join(words)
    found = {}
    for _, row in rows_of(way.text):
        said, shown = re.match(some + ": (.*)$", row), re.match("(.*?) " + some + "(?: (.*))?$", row) # on the screen a long title goes on below its state
        if said:
            found[said.group(2)] = said.group(1)
        elif shown:
            found[" ".join(part for part in (shown.group(1), shown.group(3)) if part)] = shown.group(2)
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
    to_hub(way)
    steps = [step for section in guidance["sections"] for step in section["steps"] if step["id"] != "ask-for-changes"]
    for step in steps:
        visit(way, step, story)
    ask(way)
    for _ in range(3): # what the answers brought up, as "Next" on the hub says
        left = left_open(way)
        for step in steps:
            if any(step["title"][:40] in title for title in left):
                visit(way, step, story)
        if not left:
            break
    if len(states(way)) < 15 or left_open(way):
        raise Lost("left open: %s\n%s" % (left_open(way), way.text[-6000:]))


def visit(way, step, story):
    if any(step["title"][:40] in row for _, row in rows_of(way.text)):
        way.choose(step["title"])
        way.wait(STEP)
        walk_step(way, step, story)
        to_hub(way)


def ask(way):
    """Checks once more, saves the request, and goes back to the hub."""
    way.key("r")
    way.wait("questions answered in")
    way.key("e")
    way.wait("Check your change request")
    way.choose("Save the change request")
    way.wait("Change request saved")
    to_hub(way)


# ---- after the request: the provider makes a mistake, is told, corrects it; then two weeks of reports ----

DAYS = ["2026-11-24T10:05:00Z", "2026-11-25T09:30:00Z", "2026-12-16T09:30:00Z"] # asked; looked at; the reports have been read


def carry_on(way, story):
    """The wizard opened again: the case is on the first screen."""
    way.choose("Carry on with " + story["domain"].split()[0])
    way.wait(HUB)


def next_day(way, story):
    """What the provider made of the request: wrong, told, corrected, live, and everything checked again."""
    carry_on(way, story)
    way.choose("Ask for your DNS changes")
    way.wait("Change request saved")
    expect(way, "Waiting for DNS, 1 day", "does not count the days")
    way.choose("Play the DNS provider")
    way.wait("Not carried out yet")
    way.choose("Quotation marks were entered")
    way.wait("Next: send your DNS provider the message below")
    expect(way, "Quotation marks were entered as part of the value. Enter the value again without quotation marks.", "the mistake is not named")
    way.key("m")
    way.wait("not complete yet")
    expect(way, "Quotation marks were entered as part of the value.", "the message does not name the mistake")
    to_hub(way)
    if states(way).get("Ask for your DNS changes") != "There is a problem":
        raise Lost("the mistake is not told on the hub\n" + way.text)
    way.choose("Ask for your DNS changes")
    way.wait("Next: send your DNS provider the message below")
    carried_out(way, "Correct it: publish every record")


def carried_out(way, words):
    way.choose("Play the DNS provider")
    way.wait("Play the DNS provider")
    way.choose(words)
    way.wait("Nothing is left to do here")
    to_hub(way)
    way.key("r")
    way.wait("questions answered in")
    to_hub(way)


def weeks_later(way, story):
    """The reports are clean: the next policy is asked for and published."""
    carry_on(way, story)
    way.key("r")
    way.wait("questions answered in")
    to_hub(way)
    way.choose("Publish and tighten DMARC")
    way.wait(STEP)
    way.choose("Your route from p=none")
    way.wait("Before p=quarantine")
    way.choose("2 weeks of reports")
    way.choose("Yes")
    way.choose("Continue")
    way.wait("Before p=quarantine")
    way.choose("Ask for it")
    way.wait("Do not ask for it yet")
    to_hub(way)
    ask(way)
    way.choose("Ask for your DNS changes")
    way.wait("Change request saved")
    carried_out(way, "Publish every record as asked")
    if not any("Waiting for reports" == state for title, state in states(way).items() if "Publish and tighten DMARC" in title):
        raise Lost("p=quarantine is not told as the stage before reject\n" + way.text)


def expect(way, words, otherwise):
    """The words stand on the page, however its lines are broken."""
    if words not in re.sub(r"\s+", " ", way.text):
        raise Lost(otherwise + "\n" + way.text)


def sections(way):
    """Of each section: its completed, waiting and all steps."""
    found = {}
    for number, done, every, waiting in re.findall(r"(?m)^\W*(?:Section )?(\d)(?::| ) .*: (\d+) of (\d+) completed(?:, (\d+) waiting)?", way.text):
        found[int(number)] = (int(done), int(waiting or 0), int(every))
    return found


def left_open(way):
    return {title: state for title, state in states(way).items() if state not in ("Completed", "Waiting for DNS", "Waiting for others", "Waiting for reports")}


COMMON = {
    "sends": "Yes", "receives": "Yes", "services-complete": "Yes, all of them", "inbound-dmarc": "Yes", "inbound-spf": "Yes", "admin": "ICT service desk", "dns-contact": "Harbour DNS", "forwards": "It is forwarded",
    "opportunistic": "Yes", "require-tls": "Yes", "inbound-tls": "No", "certificates-by": "We do", "psn": "No", "subdomain": "No", "reports-read": "Yes", "spf-ending": "Soft fail", "needed": "Yes", "more-domains": "Yes", "mail-system": "Postfix",
}
STORIES = {
    "council": {
        "scenario": "exampleshire", "domain": "exampleshire.gov.uk", "answers": dict(COMMON, **{"old-domains": "exampleshire.gsi.gov.uk", "mail-system": "Exchange Online", "sending": "192.0.2.25"}),
        "ours": {"Microsoft 365": "", "Own mail servers": "", "housing-repairs.example": "Line-of-business application", "parking-permits.example": "Cloud application"},
        "not_ours": ["newsletter-mill.example", "gsi.gov.uk"], "left": [], "rises": True,
        "sections": [{1: (6, 2, 8), 2: (2, 6, 8), 3: (0, 1, 1), 4: (2, 2, 4), 5: (3, 4, 7), 6: (2, 4, 6), 7: (2, 0, 2)},
                     {1: (6, 2, 8), 2: (3, 5, 8), 3: (0, 1, 1), 4: (3, 1, 4), 5: (5, 2, 7), 6: (3, 3, 6), 7: (2, 0, 2)},
                     {1: (6, 2, 8), 2: (3, 5, 8), 3: (0, 1, 1), 4: (3, 1, 4), 5: (5, 2, 7), 6: (3, 3, 6), 7: (2, 0, 2)}],
    },
    "department": {
        "scenario": "department", "domain": "fair-measures.gov.uk",
        "answers": dict(COMMON, **{"mail-system": "Postfix", "secondary-hosts": "relay-north.fair-measures.gov.uk", "service-domains": "check-a-scale.service.gov.uk", "sending": "192.0.2.130", "partners": "northmoor.gov.uk trading-standards.example"}),
        "ours": {"Mimecast": "", "Own mail servers": "", "grants-portal.example": "Cloud application", "payslips.example": "Cloud application", "staff-survey.example": "Cloud application"},
        "not_ours": [], "left": [], "rises": True,
        "sections": [{1: (7, 1, 8), 2: (5, 4, 9), 3: (1, 0, 1), 4: (3, 1, 4), 5: (4, 3, 7), 6: (2, 4, 6), 7: (2, 0, 2)},
                     {1: (7, 1, 8), 2: (5, 4, 9), 3: (1, 0, 1), 4: (3, 1, 4), 5: (5, 2, 7), 6: (2, 4, 6), 7: (2, 0, 2)},
                     {1: (7, 1, 8), 2: (5, 4, 9), 3: (1, 0, 1), 4: (3, 1, 4), 5: (5, 2, 7), 6: (2, 4, 6), 7: (2, 0, 2)}],
    },
    "parked": {
        "scenario": "parked", "domain": "old-campaign.gov.uk closed-quango.gov.uk merged-board.gov.uk inquiry-archive.org.uk boards-week.org.uk",
        "answers": dict(COMMON, sends="No", receives="No", needed="Yes"), "ours": {}, "not_ours": [], "left": [], "rises": False,
        "sections": [{1: (6, 0, 6), 2: (0, 1, 1), 3: (1, 0, 1), 4: (1, 0, 1), 5: (3, 3, 6), 6: (3, 2, 5), 7: (2, 0, 2)},
                     {1: (6, 0, 6), 2: (1, 0, 1), 3: (1, 0, 1), 4: (1, 0, 1), 5: (6, 0, 6), 6: (5, 0, 5), 7: (2, 0, 2)}],
    },
}


def sessions(story, guidance):
    """Each time the wizard is opened: the day, and what is done."""
    days = [lambda way: walk(way, story, guidance), lambda way: next_day(way, story), lambda way: weeks_later(way, story)]
    return list(zip(DAYS, days[:3 if story["rises"] else 2]))


def run(program, name, kind):
    """Null when all went well, else what did not."""
    home = tempfile.mkdtemp(prefix="mailstead-journey-")
    story = STORIES[name]
    guidance = json.loads(subprocess.run([program, "guidance", "--format", "json"], stdout=subprocess.PIPE, check=True).stdout)
    data = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../data/practice/%s.scenario" % story["scenario"])
    way = None
    try:
        for number, (day, do) in enumerate(sessions(story, guidance)):
            if way:
                way.close()
            way = kind([program, "practice", "--scenario", data], home, day)
            do(way)
            seen = sections(way)
            if seen != story["sections"][number]:
                raise Lost("on %s the sections stand at %s\n%s" % (day, seen, way.text))
        files = os.listdir(os.path.join(home, "mailstead"))
        if not any(file.startswith(story["domain"].split()[0]) for file in files):
            raise Lost("no request was saved: %s" % files)
        return None
    except Lost as lost:
        return str(lost)
    finally:
        if way:
            way.close()
        shutil.rmtree(home, ignore_errors=True)


def main():
    program, wanted, failed = os.path.abspath(sys.argv[1]), sys.argv[2:], 0
    titles = ["%s_%s" % (name, word) for word in KINDS for name in STORIES]
    chosen = [title for title in titles if not wanted or title in wanted]
    with ThreadPoolExecutor(max_workers=6) as pool:
        for title, lost in zip(chosen, pool.map(lambda title: run(program, title.split("_")[0], KINDS[title.split("_")[1]]), chosen)):
            failed += lost is not None
            if lost:
                print("# " + lost.replace("\n", "\n#   "))
            print("%s administrator_%s" % ("not ok" if lost else "ok", title), flush=True)
    sys.exit(1 if failed else 0)


KINDS = {"curses": Curses, "plain": Plain}
main()
