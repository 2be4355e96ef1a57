#!/usr/bin/env python3
"""What becomes of the terminal and of the work when things go wrong: crashes, signals, a full disk, libraries that write to stderr. The program runs
on a pseudo-terminal of its own; what it writes is looked at octet by octet, and the modes of the terminal as the shell would find them.

    terminal.py PROGRAM [TEST...]      prints "ok NAME" or "not ok NAME" for each
"""
import fcntl
import json
import os
import pty
import re
import resource
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import termios
import time

DEADLINE = 60
PROGRAM = os.path.abspath(sys.argv[1])
PASTE_ON, PASTE_OFF, LEAVE = b"\033[?2004h", b"\033[?2004l", b"\033[?1049l"
NOBODY = ["--resolver", "127.0.0.1:9", "--timeout", "1"]


class Lost(Exception):
    pass


def eventually(condition, what):
    end = time.time() + DEADLINE
    while not condition():
        if time.time() > end:
            raise Lost("not in time: %s" % what)
        time.sleep(0.02)


class Shell:
    """A session with a terminal, whose leader starts the program as a job and tells how it stopped or ended."""

    def __init__(self, command, home, job=True, environment=None, before=None):
        self.reports, reports = os.pipe()
        self.output = b""
        self.leader, self.terminal = pty.fork()
        if self.leader == 0:
            lead(command, dict(clean(home), **(environment or {})), reports, job, before)
        os.close(reports)
        self.program = int(self.report())
        self.slave = os.open(os.readlink("/proc/%d/fd/0" % self.leader), os.O_RDWR | os.O_NOCTTY)

    def report(self):
        """The next line that the leader says: the process, then "stopped", "signal N" or "exit N"."""
        line = b""
        end = time.time() + DEADLINE
        while not line.endswith(b"\n"):
            self.read(0)
            if select.select([self.reports], [], [], 0.05)[0]:
                line += os.read(self.reports, 1)
            if time.time() > end:
                raise Lost("the program neither stopped nor ended")
        self.read(0.1)
        return line.decode().strip()

    def read(self, wait):
        while select.select([self.terminal], [], [], wait)[0]:
            try:
                more = os.read(self.terminal, 65536)
            except OSError:
                return
            if not more:
                return
            self.output += more
            wait = 0

    def sees(self, words, since=0):
        words = words.encode() if isinstance(words, str) else words
        end = time.time() + DEADLINE
        while words not in self.output[since:]:
            self.read(0.05)
            if time.time() > end:
                raise Lost("did not see %r in ...%r" % (words, self.output[-1500:]))
        return len(self.output)

    def send(self, data):
        data = data.encode() if isinstance(data, str) else data
        while data: # as much at a time as a terminal has room for
            data = data[os.write(self.terminal, data[:1024]):]
            self.read(0)

    def kill(self, number):
        os.kill(self.program, number)

    def is_as_before(self):
        """Lines, echo, and reading that waits: what a shell needs."""
        modes = termios.tcgetattr(self.slave)[3]
        flags = open("/proc/%d/fdinfo/0" % self.leader, encoding="ascii").read()
        return modes & termios.ICANON and modes & termios.ECHO and not int(re.search(r"flags:\s*(\d+)", flags).group(1), 8) & os.O_NONBLOCK

    def close(self):
        for process in (self.program, self.leader):
            try:
                os.kill(process, signal.SIGKILL)
            except ProcessLookupError:
                pass
        os.waitpid(self.leader, 0)
        for descriptor in (self.terminal, self.slave, self.reports):
            os.close(descriptor)


def clean(home):
    return {"HOME": home, "PATH": os.environ["PATH"], "TZ": "UTC", "LANG": "C.UTF-8", "TERM": "xterm-256color", "ASAN_OPTIONS": "detect_leaks=0"}


def lead(command, environment, reports, job, before):
    """In the leader: the job gets the terminal, as a shell would give it."""
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    fcntl.ioctl(0, termios.TIOCSWINSZ, b"\x18\x00\x50\x00\x00\x00\x00\x00")
    child = os.fork()
    if child == 0:
        if job:
            os.setpgid(0, 0)
            os.tcsetpgrp(0, os.getpgrp())
        signal.signal(signal.SIGTTOU, signal.SIG_DFL)
        signal.signal(signal.SIGHUP, signal.SIG_DFL)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if before:
            before()
        os.execvpe(command[0], command, environment)
    def wake(*_): # what "fg" does
        os.tcsetpgrp(0, child)
        os.killpg(child, signal.SIGCONT)
    signal.signal(signal.SIGUSR1, wake)
    os.write(reports, b"%d\n" % child)
    while True:
        _, status = os.waitpid(child, os.WUNTRACED)
        if os.WIFSTOPPED(status):
            os.tcsetpgrp(0, os.getpgrp())
            os.write(reports, b"stopped\n")
            continue
        os.write(reports, b"signal %d\n" % os.WTERMSIG(status) if os.WIFSIGNALED(status) else b"exit %d\n" % os.WEXITSTATUS(status))
        while True:
            signal.pause()


def expect(true, what):
    if not true:
        raise Lost(what)


# ---- the tests: each gets a function that starts the program ----

def crashes(start, home):
    for number in (signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS):
        shell = start(NOBODY + ["example.gov.uk"])
        shell.sees("Set up email")
        with open("/proc/%d/fd/2" % shell.program, "ab") as caught:
            caught.write(b"what a library said\n")
        shell.kill(number)
        expect(shell.report() == "signal %d" % number, "the signal's own action did not follow")
        expect(shell.is_as_before(), "the terminal was not given back")
        shell.sees(PASTE_OFF)
        end = shell.sees(LEAVE)
        shell.sees("what a library said", end - 200)
        shell.sees("%s/.local/share/mailstead/example.gov.uk.json" % home, end - 1000)
        shell.close()


def stray_stderr(start, _):
    shell = start(NOBODY + ["example.gov.uk"])
    shell.sees("Set up email")
    with open("/proc/%d/fd/2" % shell.program, "ab") as caught:
        caught.write(b"what a library said\n")
    shell.send("\x0c")
    shell.sees("Set up email", len(shell.output))
    expect(b"what a library said" not in shell.output, "it was written over the screen")
    shell.send("q")
    expect(shell.report() == "exit 0", "did not end")
    shell.sees("what a library said")
    shell.sees("Your case is saved in")
    expect(shell.output.index(LEAVE) < shell.output.index(b"what a library said"), "not after the screen was left")
    shell.close()


def stopped_and_back(start, _):
    shell = start(NOBODY + ["example.gov.uk"])
    shell.sees("Set up email")
    for _ in range(2): # the modes that were kept are those of the program, also the second time
        since = len(shell.output)
        shell.send("\x1a")
        expect(shell.report() == "stopped", "did not stop")
        expect(shell.is_as_before(), "the shell did not get its terminal back")
        shell.sees(PASTE_OFF, since)
        shell.sees(LEAVE, since)
        since = len(shell.output)
        os.kill(shell.leader, signal.SIGUSR1)
        shell.sees("Set up email", since)
        shell.sees(PASTE_ON, since)
        since = len(shell.output)
        shell.send("\033OB") # the first key is an arrow: no Esc and no letters
        shell.sees("TLS 1.2", since)
    shell.send("q")
    expect(shell.report() == "exit 0", "did not end")
    shell.close()


def stopped_in_a_check(start, _):
    """What was stopped for longer than servers are waited for asks again when it goes on, and finds nothing silent for that."""
    for words in ([], ["--plain"]):
        resolver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        resolver.bind(("127.0.0.1", 0))
        resolver.settimeout(DEADLINE)
        shell = start(["--resolver", "127.0.0.1:%d" % resolver.getsockname()[1], "--timeout", "4"] + words + ["example.gov.uk"])
        shell.sees("Set up email")
        shell.send("r\n" if words else "r")
        first = resolver.recv(512)[12:]
        shell.send("\x1a")
        expect(shell.report() == "stopped", "did not stop")
        resolver.setblocking(False)
        time.sleep(4.2)
        try:
            while resolver.recv(512):
                pass
        except BlockingIOError:
            resolver.settimeout(DEADLINE)
        since = len(shell.output)
        os.kill(shell.leader, signal.SIGUSR1)
        while resolver.recv(512)[12:] != first:
            pass
        shell.sees("asks everything again" if not words else "", since)
        shell.send("\n" if words else "S")
        shell.sees("The checks were stopped", since)
        shell.send("q\n" if words else "q")
        expect(shell.report() == "exit 0", "did not end")
        shell.close()
        resolver.close()


def nobody_to_wake_it(start, _):
    """Ctrl-Z where no shell is there to bring it back does nothing."""
    shell = start(NOBODY + ["example.gov.uk"], job=False)
    shell.sees("Set up email")
    since = len(shell.output)
    shell.send("\x1a")
    shell.sees("Set up email", since)
    shell.send("q")
    expect(shell.report() == "exit 0", "did not end")
    shell.close()


def ended_by_a_signal(start, _):
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
        shell = start(NOBODY)
        shell.sees("Start with")
        shell.send("1")
        shell.sees("Which domains")
        shell.send("\x15half-%02d.example" % number)
        shell.send("\x0c")
        shell.sees("half-%02d.ex" % number)
        shell.kill(number)
        expect(shell.report() == "exit %d" % (128 + number), "did not end")
        expect(shell.is_as_before(), "the terminal was not given back")
        shell.close()
        shell = start(NOBODY)
        shell.sees("Start with")
        shell.send("1")
        shell.sees("half-%02d.example" % number)
        shell.send("\x15")
        shell.close()


def limit(process, octets):
    """No file of the process may grow past this: what a full disk is to it."""
    resource.prlimit(process, resource.RLIMIT_FSIZE, (octets, resource.RLIM_INFINITY))


def answer(shell, number):
    """Opens the first question of the first step and answers it."""
    shell.sees("Set up email")
    shell.send("\r")
    shell.sees("Questions")
    shell.send("1")
    shell.sees("Select one option")
    shell.send(number)


def case_of(home):
    with open(home + "/.local/share/mailstead/example.gov.uk.json", encoding="utf-8") as file:
        return json.load(file)


def full_disk(start, home):
    """The answer stays, the page says that it is not saved, and it is saved when there is room again."""
    shell = start(NOBODY + ["example.gov.uk"])
    shell.sees("Set up email")
    before = case_of(home)
    limit(shell.program, 0)
    answer(shell, "2")
    shell.sees("NOT SAVED: ")
    shell.send("\x0c")
    shell.sees("(x) 2")
    expect(case_of(home) == before, "the case was harmed")
    limit(shell.program, resource.RLIM_INFINITY)
    shell.sees("all that you answered is on the disk")
    expect(case_of(home)["answers"] != before["answers"], "nothing was saved")
    shell.send("q")
    expect(shell.report() == "exit 0", "did not end")
    shell.close()


def folder_gone(start, home):
    """Quitting asks, and a copy can be kept elsewhere; one is kept without asking when a signal ends the program."""
    folder = home + "/.local/share/mailstead"
    for way in ("copy", "signal"):
        shell = start(NOBODY + ["example.gov.uk"], environment={"TMPDIR": home})
        shell.sees("Set up email")
        os.rename(folder, folder + ".away")
        answer(shell, "2" if way == "copy" else "1")
        shell.sees("NOT SAVED: ")
        shell.send("q")
        shell.sees("Some of your answers are not saved yet")
        since = len(shell.output)
        shell.send("1") # again, in vain
        shell.sees("No such file", since)
        if way == "copy":
            shell.send("2")
        else:
            shell.kill(signal.SIGTERM)
        expect(shell.report() == ("exit 0" if way == "copy" else "exit 143"), "did not end")
        copy = home + "/mailstead-example.gov.uk-%d.json" % (1 if way == "copy" else 2)
        shell.sees("Your latest answers are in %s" % copy)
        with open(copy, encoding="utf-8") as file:
            expect(json.load(file)["answers"], "the answer is not in the copy")
        shell.close()
        os.rename(folder + ".away", folder)


def has_ended(process):
    try:
        with open("/proc/%d/stat" % process, encoding="ascii") as file:
            return file.read().rsplit(")", 1)[1].split()[0] in "ZX"
    except FileNotFoundError:
        return True


def line_dropped(start, _):
    """The connection goes in the middle of a check: the program ends, and does not stay behind."""
    silent = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    silent.bind(("127.0.0.1", 0))
    shell = start(["--resolver", "127.0.0.1:%d" % silent.getsockname()[1], "--timeout", "60", "example.gov.uk"])
    shell.sees("Set up email")
    shell.send("r")
    shell.sees("S Stop")
    os.close(shell.terminal)
    shell.terminal = os.open("/dev/null", os.O_RDONLY)
    eventually(lambda: has_ended(shell.program), "the program ends")
    silent.close()
    shell.close()


def closed_descriptors(_, home):
    """Nothing is written into a file or a socket that got the number of the terminal."""
    for which in ("<&-", ">&-", "2>&-", "<&- >&- 2>&-"):
        done = subprocess.run(["sh", "-c", 'exec "$0" %s --plain %s' % (" ".join(NOBODY), which), PROGRAM], env=clean(home), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=DEADLINE, check=False)
        expect(done.returncode >= 0 and b"Assertion" not in done.stderr, "%s: %r" % (which, done))


def plain_run(home, words=("example.gov.uk",), before=None, **environment):
    """Opens a case line by line and quits; what was said."""
    done = subprocess.run([PROGRAM] + NOBODY + ["--plain"] + list(words), env=dict(clean(home), **environment), input="q\n", stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, timeout=DEADLINE, check=False, preexec_fn=before)
    expect(done.returncode in (0, 2) and "Sanitizer" not in done.stdout and "Assertion" not in done.stdout, "%r: %s" % (environment, done.stdout[-1500:]))
    return done.stdout


def odd_places(_, home):
    """Folders that are missing, closed or named by nonsense; a case that is no file, or of a newer version; few descriptors: each is told or does not
    matter, and nothing that lies there is changed."""
    case = home + "/.local/share/mailstead/example.gov.uk.json"
    expect(case in plain_run(home, XDG_DATA_HOME="relative", XDG_CONFIG_HOME="", XDG_STATE_HOME=".", LINES="-5", COLUMNS="99999999", LC_ALL="xx_YY.UTF-8", TMPDIR="/nonexistent"), "a relative XDG folder counted")
    for mask in (0o000, 0o077):
        plain_run(home, ("umask%o.gov.uk" % mask,), before=lambda mask=mask: os.umask(mask))
    for folder, _, names in os.walk(home + "/.local"):
        for path in [folder] + [os.path.join(folder, name) for name in names]:
            expect(os.stat(path).st_mode & 0o077 == 0, "others may look at " + path)
    expect("Only 8 files may be open" in plain_run(home, before=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (8, 8))), "too few descriptors were not told")
    with open(case, encoding="ascii") as file:
        newer = file.read().replace('"version": 1', '"version": 99')
    with open(case, "w", encoding="ascii") as file:
        file.write(newer)
    expect("written by a newer version" in plain_run(home), "a newer case was not told")
    expect(open(case, encoding="ascii").read() == newer, "a newer case was written over")
    os.remove(case)
    os.mkfifo(case)
    expect("is not an ordinary file" in plain_run(home), "waited for a pipe")
    os.remove(case)
    os.mkdir(case)
    expect("is a folder" in plain_run(home), "a folder was not told")
    os.rmdir(case)
    os.makedirs(home + "/.config/mailstead")
    with open(home + "/.config/mailstead/settings.json", "w", encoding="ascii") as file:
        file.write('{"colour":\n')
    expect("settings.json cannot be read: its JSON cannot be read at line 2" in plain_run(home), "damaged settings were not told")


def of_somebody_else(_, home):
    """As another user: a home that is closed to him, and a case that is another's."""
    if os.getuid() != 0:
        return
    os.chmod(home, 0o755)
    plain_run(home)
    def nobody():
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)
    expect("Permission denied" in plain_run(home, before=nobody), "a closed home was not told")
    folder = home + "/.local/share/mailstead"
    while len(folder) >= len(home):
        os.chmod(folder, 0o755)
        folder = os.path.dirname(folder)
    expect("Permission denied" in plain_run(home, before=nobody), "a case of somebody else was not told")


def every_terminal(start, _):
    """Starts and ends wherever it is; signs of other scripts only where they can be shown."""
    for term, locale in (("vt100", "C"), ("linux", "C.UTF-8"), ("screen", "C.UTF-8"), ("xterm", "POSIX"), ("tmux-256color", "xx_YY.UTF-8"), ("dumb", "C.UTF-8"), ("no-such-terminal", "C"), ("", "C")):
        shell = start(NOBODY, environment={"TERM": term, "LANG": locale})
        shell.sees("Start with a new domain")
        if term in ("dumb", "no-such-terminal", ""):
            shell.sees("q quit: ")
        shell.send("q" if term and "-terminal" not in term and term != "dumb" else "q\n")
        expect(shell.report() == "exit 0", "%s did not end" % term)
        expect(locale.endswith("8") and "YY" not in locale and term != "linux" or all(octet < 128 for octet in shell.output), "%s in %s: signs that it cannot show" % (term, locale))
        shell.close()


def press(shell, column, row):
    """The first button pressed there and let go, counted from 0, as xterm reports it (SGR)."""
    shell.send("\033[<0;%d;%dM\033[<0;%d;%dm" % (column + 1, row + 1, column + 1, row + 1))


def clicked(start, home):
    """With the mouse on, each kind of thing does what its key does: a row, the line that goes back, the key line."""
    os.makedirs(home + "/.config/mailstead")
    with open(home + "/.config/mailstead/settings.json", "w", encoding="ascii") as file:
        file.write('{"mouse":"on"}')
    shell = start(NOBODY)
    at = shell.sees("q Quit")
    for column, row, words in ((8, 8, "Ctrl-C Quit"), (4, 2, "q Quit"), (8, 23, "Ctrl-C Quit"), (4, 2, "q Quit"), (25, 23, "What you can do here"), (4, 2, "Start with")):
        press(shell, column, row) # a row; "< Back"; "Enter Open" and "? Keys" of the key line
        at = shell.sees(words, at)
    shell.send("\x0c")
    shell.sees("Start with a new domain", at)
    shell.sees("q Quit", at)
    press(shell, 34, 23)
    expect(shell.report() == "exit 0", "the press on \"q Quit\" did not end it")
    shell.close()


def rubbish_pasted(start, _):
    """Control characters of a paste are no commands; what is left of it can be read and sent off."""
    shell = start(NOBODY)
    shell.sees("Start with a new domain")
    shell.send("1")
    shell.sees("Ctrl-C Quit")
    shell.send(b"\033[200~pasted" + bytes(octet for octet in range(1, 32) if octet not in (10, 13, 27)) + b"\x7f.example" + b"x" * 50000 + b"\033[201~")
    shell.sees("A field holds 32000 characters")
    shell.send("\x15example.gov.uk\r")
    shell.sees("Set up email securely for")
    shell.send("q")
    expect(shell.report() == "exit 0", "did not end")
    shell.close()


TESTS = [crashes, stray_stderr, stopped_and_back, stopped_in_a_check, nobody_to_wake_it, ended_by_a_signal, full_disk, folder_gone, line_dropped, closed_descriptors, odd_places, of_somebody_else, every_terminal, clicked, rubbish_pasted]


def run(test):
    home = tempfile.mkdtemp(prefix="mailstead-terminal.")
    shells = []

    def start(words, **more):
        shells.append(Shell([PROGRAM] + words, home, **more))
        return shells[-1]
    try:
        test(start, home)
        return True
    except Lost as lost:
        print("# %s: %s" % (test.__name__, lost))
        return False
    finally:
        for shell in shells:
            try:
                shell.close()
            except OSError:
                pass
        shutil.rmtree(home, ignore_errors=True)


def main():
    names = sys.argv[2:]
    results = []
    for test in TESTS:
        if names and test.__name__ not in names:
            continue
        results.append(run(test))
        print("%s %s" % ("ok" if results[-1] else "not ok", test.__name__), flush=True)
    sys.exit(0 if all(results) else 1)


main()
