#!/usr/bin/env python3
"""mailstead check of domains whose servers mean ill, each by a run of its own and all at once: every run ends within 15 seconds, whole, with the
verdict that was observed and no other. Then all of them in one batch with domains that mean well: those are not held up."""
import json
import os
import socket
import ssl
import sys
import threading
import time

from lab import MAILSTEAD, PATH, Lab, finish, free_port, have, ok, subprocess

ZONE, LIMIT_MS, NET = "ill.gov.uk", 15000, "127.0.55."
WELL = ["well%d" % n for n in range(30)]
STOP = threading.Event()
HELLO = b"220 mx ESMTP\r\n"
EXTENSIONS = b"250-mx\r\n250 STARTTLS\r\n"


# ---- servers ----

def drip(conn, piece, pause, times=100000):
    for _ in range(times):
        if STOP.wait(pause):
            return
        conn.sendall(piece)


def until_closed(conn):
    while conn.recv(4096) and not STOP.is_set():
        pass


def said(*replies, then=until_closed):
    """Says one thing after another, each after a line of the client (the first at once); then what `then` does."""
    def serve(conn):
        for number, reply in enumerate(replies):
            if number and not conn.recv(4096):
                return
            conn.sendall(reply)
        then(conn)
    return serve


def tls_then(context, act):
    def serve(conn):
        conn.sendall(HELLO)
        conn.recv(4096)
        conn.sendall(EXTENSIONS)
        conn.recv(4096)
        conn.sendall(b"220 go\r\n")
        act(context.wrap_socket(conn, server_side=True))
    return serve


def web(context, act):
    def serve(conn):
        secure = context.wrap_socket(conn, server_side=True)
        secure.recv(4096)
        act(secure)
    return serve


def listen(address, port, serve):
    def one(conn):
        with conn:
            conn.settimeout(60)
            try:
                serve(conn)
            except (OSError, ssl.SSLError):
                pass

    def run():
        with socket.socket(socket.AF_INET) as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((address, port))
            listener.listen(64)
            listener.settimeout(0.2)
            while not STOP.is_set():
                try:
                    conn, _ = listener.accept()
                except socket.timeout:
                    continue
                threading.Thread(target=one, args=(conn,), daemon=True).start()
    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    return thread


# ---- cases: how it serves, what must be found, what must not ----

NOT_SEEN = ["smtp-ok", "tls-ok", "smtp-starttls-not-offered", "smtp-connect-timeout"]


def mail_cases(context):
    def replies_slowly(secure):
        secure.recv(4096)
        drip(secure, b"2", 1)
    def behaves(secure):
        secure.recv(4096)
        secure.sendall(b"250 mx\r\n")
        until_closed(secure)
    return {
        "good": (tls_then(context, behaves), ["smtp-ok pass"], ["smtp-closed-early", "smtp-reply-timeout"]),
        "silent": (lambda conn: until_closed(conn), ["smtp-banner-timeout fail"], NOT_SEEN),
        "bytes": (lambda conn: drip(conn, b"2", 1), ["smtp-banner-timeout fail"], NOT_SEEN),
        "lines": (lambda conn: drip(conn, b"220-wait\r\n", 1), ["smtp-banner-timeout fail"], NOT_SEEN),
        "endless": (lambda conn: drip(conn, b"220-and more of it\r\n" * 100, 0), ["smtp-banner-invalid fail"], NOT_SEEN),
        "noline": (lambda conn: drip(conn, b"2" * 4000, 0), ["smtp-banner-invalid fail"], NOT_SEEN),
        "garbage": (said(bytes(range(256)) * 8), ["smtp-banner-invalid fail"], NOT_SEEN),
        "control": (said(b"554 \x1b[2J\x1b]0;owned\x07 no\r\n"), ["smtp-banner-rejects fail"], NOT_SEEN),
        "codes": (said(b"220-mx\r\n250 mx\r\n"), ["smtp-banner-invalid fail"], NOT_SEEN),
        "ehlo": (said(HELLO, then=lambda conn: drip(conn, b"250-X\r\n", 1)), ["smtp-reply-timeout fail"], NOT_SEEN),
        "extensions": (said(HELLO, b"250-mx\r\n" + b"250-KEY\r\n" * 5000 + b"250 STARTTLS\r\n"), ["smtp-reply-timeout fail"], NOT_SEEN),
        "reply": (said(HELLO, b"250-KEY\r\n" * 8000), ["smtp-banner-invalid fail"], NOT_SEEN),
        "starttls": (said(HELLO, EXTENSIONS, then=lambda conn: drip(conn, b"2", 1)), ["smtp-reply-timeout fail"], NOT_SEEN),
        "handshake": (said(HELLO, EXTENSIONS, b"220 go\r\n", then=lambda conn: (conn.sendall(b"\x16\x03\x03\x02\x00\x02"), drip(conn, b"\0", 1))), ["smtp-starttls-broken fail"], NOT_SEEN),
        "plaintext": (said(HELLO, EXTENSIONS, b"220 go\r\n250 injected\r\n"), ["smtp-starttls-broken fail"], NOT_SEEN),
        "flood": (said(HELLO, EXTENSIONS, b"220 go\r\n", then=lambda conn: drip(conn, b"\x16\x03\x03\x40\x00" + b"\0" * 4091, 0)), ["tls-handshake-failed fail"], NOT_SEEN),
        "within": (tls_then(context, replies_slowly), ["smtp-reply-timeout fail"], ["smtp-ok"]),
        "tarpit": (said(b"421 later\r\n"), ["smtp-banner-temporary unknown"], NOT_SEEN),
    }


def web_cases(context):
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
    return {
        "webdrip": (web(context, lambda s: (s.sendall(head + b"\r\nversion: STSv1\n"), drip(s, b"m", 1))), ["mtasts-fetch-timeout fail"], ["mtasts-ok", "mtasts-policy-empty"]),
        "webendless": (web(context, lambda s: (s.sendall(head + b"\r\n"), drip(s, b"mx: a.example\n" * 500, 0))), ["mtasts-policy-too-large fail"], ["mtasts-ok"]),
        "webheaders": (web(context, lambda s: (s.sendall(head), drip(s, b"X-A: b\r\n" * 500, 0))), [], ["mtasts-ok", "mtasts-policy-empty"]),
        "websilent": (lambda conn: until_closed(conn), ["mtasts-fetch-timeout fail"], ["mtasts-ok", "mtasts-policy-empty"]),
        "webcontrol": (web(context, lambda s: s.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/\x1b[2Jplain\r\nContent-Length: 9\r\n\r\n\x1b]0;x\x07\0\r\r\n")),
                       ["mtasts-policy-empty fail"], ["mtasts-ok"]),
    }


def zone_text(mail, websites, mail_at, web_at):
    lines = []
    for name in mail:
        lines += ["%s MX 10 mx.%s" % (name, name), "mx.%s A %s" % (name, mail_at[name])]
    for name in websites:
        lines += ["%s MX 0 nobody.%s" % (name, name), '_mta-sts.%s TXT "v=STSv1; id=1"' % name, "mta-sts.%s A %s" % (name, web_at[name])]
    lines += ["many MX %d mx%d.many" % (n, n) for n in range(1000)] + ["mx%d.many A %s" % (n, mail_at["garbage"]) for n in range(1000)]
    for name in WELL:
        lines += ["%s MX 10 mx.%s" % (name, name), "mx.%s A %s" % (name, mail_at["good"])]
    lines += ["addresses MX 10 mx.addresses"] + ["mx.addresses A 127.0.56.%d" % n for n in range(1, 200)]
    text = " ".join('"%s"' % ("v=spf1 " + "a:x.example " * 20)[:250] for _ in range(250))
    lines += ["long MX 10 mx.silent", "long TXT " + text, "_dmarc.long TXT " + text, "_mta-sts.long TXT " + text, "_smtp._tls.long TXT " + text]
    lines += ["loop CNAME loop", "_mta-sts.loop2 CNAME _smtp._tls.loop2", "_smtp._tls.loop2 CNAME _mta-sts.loop2", "loop2 MX 10 mx.silent"]
    return "\n".join(lines) + "\n"


# ---- running ----

def command(lab, smtp, https):
    return [MAILSTEAD, "check", "--format", "json", "--resolver", "127.0.0.1:%d" % lab.dns, "--dns-port", str(lab.dns), "--smtp-port", str(smtp),
            "--https-port", str(https), "--ca-file", lab.path("ca.pem"), "--only", "mx,spf,dmarc,tlsrpt,mtasts,tls,dane"]


def run_one(lab, name, results, smtp, https):
    began = time.monotonic()
    done = subprocess.run(command(lab, smtp, https) + ["--deep", "%s.%s" % (name, ZONE)], capture_output=True, timeout=90, env=dict(os.environ, PATH=PATH))
    results[name] = (done, time.monotonic() - began)


def run_batch(lab, names, smtp, https):
    """Domain to the time of its line in one batch, and its findings."""
    process = subprocess.Popen(command(lab, smtp, https) + ["-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=dict(os.environ, PATH=PATH))
    process.stdin.write("".join("%s.%s\n" % (name, ZONE) for name in names).encode())
    process.stdin.close()
    began, seen = time.monotonic(), {}
    for line in process.stdout:
        report = json.loads(line)
        seen[report["domain"].split(".")[0]] = (time.monotonic() - began, ["%s %s" % (f["id"], f["severity"]) for f in report["findings"]])
    process.wait()
    return seen


def compare_batch(seen, cases):
    ok(set(seen) == set(WELL) | set(cases), "batch: one line for each domain", " ".join(sorted(seen)))
    last = max(at for at, _ in seen.values())
    ok(last * 1000 < LIMIT_MS, "batch: ended in time (%.1f s)" % last)
    well = max(seen[name][0] for name in WELL)
    ok(well < last / 2, "batch: those that mean well are not held up (%.1f s of %.1f s)" % (well, last))
    ok(all("smtp-ok pass" in seen[name][1] for name in WELL), "batch: those that mean well are seen whole")
    for name, (wanted, unwanted) in cases.items():
        ids = {line.split()[0] for line in seen[name][1]}
        ok(all(rule in seen[name][1] for rule in wanted) and not ids & set(unwanted), "batch: %s as by itself" % name, "\n".join(seen[name][1]))


def compare(name, done, wanted, unwanted):
    shown = done.stdout + done.stderr
    ok(done.returncode in (0, 1, 3) and b"Sanitizer" not in done.stderr and b"runtime error" not in done.stderr, name + ": no crash", shown[-3000:])
    ok(not any(byte < 32 and byte != 10 for byte in done.stdout), name + ": no control character comes through")
    try:
        report = json.loads(done.stdout)
    except ValueError:
        ok(False, name + ": one line of JSON", shown[-3000:])
        return
    ok(report["elapsed_ms"] < LIMIT_MS, "%s: ended in time (%d ms)" % (name, report["elapsed_ms"]))
    found = ["%s %s" % (f["id"], f["severity"]) for f in report["findings"]]
    for rule in wanted:
        ok(rule in found, "%s: %s" % (name, rule), "\n".join(found))
    ids = {line.split()[0] for line in found}
    bad = [rule for rule in unwanted if rule in ids]
    ok(not bad, name + ": nothing is said that was not seen", " ".join(bad))


def main():
    if not have("named", "nsd", "openssl", "dig"):
        return
    with Lab() as lab:
        lab.authority()
        key, pem = lab.certificate("ill", "mx.within." + ZONE, key="ec", names=["mx.%s.%s" % (n, ZONE) for n in ["within", "good"] + WELL] + ["mta-sts.%s.%s" % (n, ZONE) for n in web_cases(None)])
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(pem, key)
        mail, websites = mail_cases(context), web_cases(context)
        mail_at = {name: NET + str(10 + n) for n, name in enumerate(mail)}
        web_at = {name: NET + str(100 + n) for n, name in enumerate(websites)}
        smtp, https = free_port(list(mail_at.values())), free_port(list(web_at.values()))
        threads = [listen(mail_at[name], smtp, mail[name][0]) for name in mail] + [listen(web_at[name], https, websites[name][0]) for name in websites]
        lab.zone(ZONE, zone_text(mail, websites, mail_at, web_at))
        lab.start_names()
        cases = {name: case[1:] for name, case in list(mail.items()) + list(websites.items())}
        cases.update({"many": (["mx-too-many info", "smtp-banner-invalid fail"], ["smtp-ok"]), "addresses": ([], ["smtp-ok", "smtp-unreachable-from-here"]),
                      "long": ([], ["spf-ok", "dmarc-ok", "tlsrpt-ok", "mtasts-ok"]),
                      "loop": ([], ["mx-ok", "mx-missing", "tlsrpt-missing", "mtasts-missing"]), "loop2": (["tlsrpt-lookup-failed unknown", "mtasts-lookup-failed unknown"], ["tlsrpt-missing", "mtasts-missing"])})
        results = {}
        runs = [threading.Thread(target=run_one, args=(lab, name, results, smtp, https)) for name in cases]
        for run in runs:
            run.start()
        for run in runs:
            run.join()
        for name, (wanted, unwanted) in cases.items():
            if ok(name in results, name + ": ran to its end"):
                if "--show" in sys.argv:
                    print(name, results[name][1], results[name][0].stdout[-100:], results[name][0].stderr[:500])
                compare(name, results[name][0], wanted, unwanted)
        compare_batch(run_batch(lab, WELL + list(cases), smtp, https), cases)
        STOP.set()
        for thread in threads:
            thread.join()


if __name__ == "__main__":
    main()
    finish()
