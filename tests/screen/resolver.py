#!/usr/bin/env python3
"""The network is lost in the middle of a check and comes back: what could not be looked at is told as that, with the server and the time, nothing is
told as missing that was not seen to be missing, and checking again gives what was there before. On the practice estate, with a resolver between that
forwards, is silent, or answers SERVFAIL.

    resolver.py PROGRAM        prints "ok NAME" or "not ok NAME" for each
"""
import json
import os
import re
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

DEADLINE = 120
DOMAIN = "exampleshire.gov.uk"
failed = False


def ok(true, name, told=""):
    global failed
    print("%s %s" % ("ok" if true else "not ok", name), flush=True)
    if not true:
        failed = True
        print("\n".join("# " + line for line in told.splitlines()[-60:]))


class Resolver(threading.Thread):
    """Between the program and the estate's resolver."""

    def __init__(self, behind):
        super().__init__(daemon=True)
        self.behind, self.mode, self.left = behind, "forward", -1 # left: questions until it falls silent; -1: never
        self.front = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.front.bind(("127.0.0.1", 0))
        self.back = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.back.bind(("127.0.0.1", 0))
        self.name = "127.0.0.1:%d" % self.front.getsockname()[1]
        self.asked = {} # by id of our own: two questions may have the same one
        self.next = 0

    def ask(self):
        question, whom = self.front.recvfrom(4096)
        if self.left == 0:
            self.mode, self.left = "silent", -1
        if self.mode == "servfail":
            self.front.sendto(question[:2] + b"\x81\x82" + question[4:6] + b"\0" * 6 + question[12:12 + self.length(question)], whom)
        if self.mode != "forward":
            return
        self.left -= self.left > 0
        self.next = (self.next + 1) % 65536
        self.asked[self.next] = (question[:2], whom)
        self.back.sendto(self.next.to_bytes(2, "big") + question[2:], self.behind)

    @staticmethod
    def length(message):
        at = 12
        while message[at]:
            at += message[at] + 1
        return at + 5 - 12

    def run(self):
        while True:
            ready, _, _ = select.select([self.front, self.back], [], [])
            if self.front in ready:
                self.ask()
            if self.back in ready:
                answer = self.back.recv(65536)
                own, whom = self.asked.pop(int.from_bytes(answer[:2], "big"))
                self.front.sendto(own + answer[2:], whom)


class Plain:
    def __init__(self, command, home):
        environment = {"HOME": home, "PATH": os.environ["PATH"], "TZ": "UTC", "LANG": "C.UTF-8", "TERM": "dumb"}
        environment.update({name: os.environ[name] for name in ("MAILSTEAD_DATA", "MAILSTEAD_HELP", "ASAN_OPTIONS") if name in os.environ})
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment)
        self.read()

    def read(self):
        got, end = b"", time.time() + DEADLINE
        while time.time() < end and not got.endswith(b"q quit: \n"):
            if select.select([self.process.stdout], [], [], 1)[0]:
                more = os.read(self.process.stdout.fileno(), 65536)
                got += more
                if not more:
                    break
        return got.decode("utf-8", "replace")

    def type(self, line):
        self.process.stdin.write((line + "\n").encode())
        self.process.stdin.flush()
        return self.read()

    def check(self):
        """Checks, and gives the page of the check and what was found, by line."""
        page = self.type("r")
        found = self.type("f")
        self.type("b")
        return page, re.findall(r"^\d+\. (\w[^:]*: .*)$", found, re.M)


def serve(program, folder):
    ports = os.path.join(folder, "ports.json")
    child = subprocess.Popen([program, "practice", "serve", "--ports", ports], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    end = time.time() + DEADLINE
    while not os.path.exists(ports):
        if child.poll() is not None or time.time() > end:
            raise SystemExit("not ok the estate did not start")
        time.sleep(0.02)
    with open(ports, encoding="utf-8") as file:
        return child, json.load(file)


def claims(found):
    """All but what says that it could not be seen."""
    return {line for line in found if not line.startswith("Could not check")}


def journey(wizard, resolver):
    _, good = wizard.check()
    ok(len(good) > 30 and not any("Could not check" in line for line in good), "everything is seen", "\n".join(good))
    for mode in ("silent", "servfail"):
        resolver.mode, resolver.left = ("forward", 40) if mode == "silent" else (mode, -1)
        page, found = wizard.check()
        unseen = [line for line in found if line.startswith("Could not check")]
        ok(unseen and "Could not check" in page, "%s: it says that it could not look" % mode, page)
        worse = sorted(line for line in claims(found) - set(good) if line.startswith(("Problem", "Warning")))
        ok(not worse, "%s: nothing is claimed that was not seen" % mode, "\n".join(worse))
        one = wizard.type("f") and wizard.type(str(1 + found.index(unseen[0])))
        word = "timeout" if mode == "silent" else "SERVFAIL"
        ok(resolver.name in one and word in one and "today at" in one, "%s: the finding names the server, the failure and the time" % mode, one)
        wizard.type("t")
    resolver.mode = "forward"
    _, again = wizard.check()
    ok(claims(again) == set(good), "back again: all is as it was", "\n".join(sorted(set(good) ^ claims(again))))


def main():
    program = os.path.abspath(sys.argv[1])
    folder = tempfile.mkdtemp(prefix="mailstead-resolver.")
    child, where = serve(program, folder)
    host, port = where["resolver"].rsplit(":", 1)
    resolver = Resolver((host, int(port)))
    resolver.start()
    wizard = Plain([program, "--plain", "--resolver", resolver.name, "--dns-port", str(where["dns_port"]), "--smtp-port", str(where["smtp_port"]), "--https-port", str(where["https_port"]),
                    "--ca-file", where["ca_file"], "--timeout", "1", DOMAIN], folder)
    try:
        journey(wizard, resolver)
    finally:
        wizard.process.kill()
        child.send_signal(signal.SIGTERM)
        child.wait(60)
        shutil.rmtree(folder, ignore_errors=True)
    sys.exit(1 if failed else 0)


main()
