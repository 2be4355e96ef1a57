#!/usr/bin/env python3
"""The lists that `mailstead partners` makes, used for what they are for: a Postfix sends by the policy map that comes of them, to partners with TLS
and without; makemap and Sendmail's own rules, and Exim, read theirs; what a console or PowerShell takes is read strictly. Runs in a network of its
own (unshare), where port 25 and port 53 are free and names come from the lab."""
import fcntl
import os
import re
import smtplib
import socket
import struct
import subprocess
import sys
import time

from lab import HERE, PATH, RESOLVER, Lab, demand, finish, have, ok, run

MAIL = "127.0.53."
HELD, SELF, PLAIN, SILENT, MOVED, LATER = "held.gov.uk", "self.gov.uk", "plain.gov.uk", "silent.gov.uk", "moved.gov.uk", "later.gov.uk"
EVERYBODY = [HELD, SELF, PLAIN, SILENT, MOVED]
BESIDE = os.path.abspath(os.path.join(HERE, "../../build-test/beside"))
SENDMAIL = ["sendmail-bin", "sendmail-cf", "libldap-2.5-0", "liblockfile1", "libnsl2", "libsasl2-2", "libwrap0"]
EXIM = ["exim4-daemon-light", "libgnutls-dane0", "libidn12", "libnsl2"]


def in_own_network():
    """Starts itself again where it may use any port. False: this system does not let it."""
    if os.environ.get("MAILSTEAD_LAB_NETWORK") == "own":
        return True
    if run(["unshare", "-mn", "true"]).returncode == 0:
        fetch()
        os.execvpe("unshare", ["unshare", "-mn", sys.executable] + sys.argv, dict(os.environ, MAILSTEAD_LAB_NETWORK="own"))
    print("# skipped: a network of one's own needs root")
    return False


def raise_loopback():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        request = bytearray(struct.pack("16sH22x", b"lo", 0))
        fcntl.ioctl(any_socket, 0x8913, request) # SIOCGIFFLAGS
        flags = struct.unpack("16sH22x", request)[1]
        fcntl.ioctl(any_socket, 0x8914, struct.pack("16sH22x", b"lo", flags | 1)) # SIOCSIFFLAGS: up


def instead_of(lab, path, text):
    """What this process and its children find at the path."""
    demand(["mount", "--bind", lab.write("instead" + path, text), path])
    os.chmod(lab.path("instead" + path), 0o644)


# ---- the estate ----

def zones(lab):
    partners = "".join("%s MX 10 mx.%s\nmx.%s A %s%d\n" % (d.split(".")[0], d.split(".")[0], d.split(".")[0], MAIL, n) for d, n in
                       [(HELD, 10), (SELF, 11), (PLAIN, 12), (SILENT, 13), (MOVED, 10), (LATER, 12)])
    lab.zone("gov.uk", "ns1.lab A %s\nns2.lab A 127.0.53.2\n%s" % (RESOLVER, partners))


def mail(lab):
    good, own = lab.certificate("held", "mx.held.gov.uk", key="ec", names=["mx.held.gov.uk", "mx.moved.gov.uk"]), lab.certificate("self", "mx.self.gov.uk", key="ec", self_signed=True)
    away = ["content_filter=discard:", "smtpd_tls_protocols=>=TLSv1.2", "myhostname=mx.elsewhere.gov.uk"] # a name of its own, or the sender takes it for itself
    services = [(MAIL + "10", away + ["smtpd_tls_chain_files=%s,%s" % good]), (MAIL + "11", away + ["smtpd_tls_chain_files=%s,%s" % own]),
                (MAIL + "12", away + ["smtpd_tls_security_level=none"]), (RESOLVER, ["syslog_name=sender"])]
    lab.start_mail(services, port=25, master="smtp unix - - n - - smtp\ndiscard unix - - n - - discard\nbounce unix - - n - 0 bounce\ndefer unix - - n - 0 bounce\n"
                   "trace unix - - n - 0 bounce\nerror unix - - n - - error\nretry unix - - n - - error\n",
                   main="smtp_tls_security_level = may\nsmtp_tls_loglevel = 1\nsmtp_tls_CAfile = %s\nsmtp_tls_policy_maps = hash:%s\n" % (lab.path("ca.pem"), lab.path("tls_policy")))


def lists(lab, system):
    """Both lists as the command's text gives them: [exceptions, valid]."""
    done = lab.mailstead("partners", "--mail-system", system, lab.write("partners.txt", "\n".join(EVERYBODY) + "\n"))
    found = ["", ""]
    for n, title in enumerate(("the list of those that TLS is required of" if system == "google" else "exceptions", "valid certificates required")):
        part = re.search(r"^[A-Z][^\n]*: %s[^\n]*\n((?:\S[^\n]*\n)+)" % title, done.stdout, re.M)
        found[n] = part.group(1) if part else ""
    if not all(found):
        ok(False, "both lists are there for " + system, done.stdout + done.stderr)
    return found


# ---- Postfix ----

def send(lab, to):
    """What Postfix said of the message: its line of state, and how the connection was."""
    with smtplib.SMTP(RESOLVER, 25, timeout=20) as client:
        client.sendmail("clerk@lab.gov.uk", [to], "Subject: a test\n\nA test\n")
    until = time.monotonic() + 20
    state = connection = None
    while time.monotonic() < until and not state:
        log = open(lab.path("postfix.log"), encoding="utf-8", errors="replace").read()
        state = re.search(r"smtp\[\d+\]: \S+ to=<%s>.*status=.*" % re.escape(to), log)
        connection = re.search(r"(\w+) TLS connection established to mx\.%s\[" % re.escape(to.split("@")[1]), log)
        time.sleep(0.02)
    return state.group(0) if state else "nothing:\n" + log[-3000:], connection.group(1) if connection else "none"


def expect(lab, to, status, connection, what, why=""):
    state, how = send(lab, to)
    ok("status=" + status in state and how == connection and why in state, what, "%s\nTLS: %s" % (state, how))


def policy(lab, exceptions, valid):
    lab.write("tls_policy", ".gov.uk encrypt protocols=>=TLSv1.2 ciphers=high\n" + exceptions + valid)
    demand(["postmap", "hash:" + lab.path("tls_policy")])


def postfix(lab, exceptions, valid):
    asked = {name: run(["postmap", "-q", name, "hash:" + lab.path("tls_policy")]).stdout.strip() for name in EVERYBODY + ["sub." + PLAIN]}
    ok(asked[PLAIN] == asked[SILENT] == "may" and not asked[SELF] and not asked["sub." + PLAIN], "postmap finds the exceptions, exactly those", asked)
    ok(asked[HELD] == "secure match=mx.held.gov.uk protocols=>=TLSv1.2", "and by which name a partner is held to its certificate", asked)
    expect(lab, "a@" + PLAIN, "sent", "none", "Postfix delivers to the partner without TLS, which is excepted")
    expect(lab, "a@" + SELF, "sent", "Untrusted", "to one with any certificate with TLS")
    expect(lab, "a@" + LATER, "deferred", "none", "and not to one that has no TLS and is not on the list", "TLS is required")
    expect(lab, "a@" + HELD, "sent", "Verified", "to the one of the other list its certificate is verified")
    lab.update("zone gov.uk\nupdate delete %s MX\nupdate add %s 300 MX 10 mx.self.gov.uk\nsend\n" % (MOVED, MOVED))
    state, _ = send(lab, "a@" + MOVED)
    ok("status=deferred" in state and "not" in state, "and when its MX names another server, which has no such certificate, nothing is sent", state)
    policy(lab, "", valid)
    demand(["postfix", "-c", lab.postfix, "reload"])
    expect(lab, "b@" + PLAIN, "deferred", "none", "without the exceptions list the partner without TLS gets nothing: the list is what let it", "TLS is required")


# ---- programs that cannot stand beside Postfix: unpacked ----

def fetch():
    """While there is a way out: what is not unpacked yet."""
    for packages in (SENDMAIL, EXIM):
        done = run([os.path.join(HERE, "../packages"), "--into", BESIDE] + packages)
        if done.returncode:
            print("# not to be had: %s: %s" % (packages[0], (done.stderr.strip().splitlines() or [""])[-1]), flush=True)


def unpacked(packages):
    whole = all(os.path.exists(os.path.join(BESIDE, "packages", name + ".done")) for name in packages)
    if not whole:
        print("# skipped: " + packages[0])
    return whole


def beside(program, *words, **more):
    libraries = ":".join(os.path.join(BESIDE, where) for where in ("usr/lib/x86_64-linux-gnu", "usr/lib/aarch64-linux-gnu"))
    return subprocess.run([os.path.join(BESIDE, program)] + list(words), env={"PATH": PATH, "LD_LIBRARY_PATH": libraries}, text=True, capture_output=True, timeout=60, **more)


def sendmail(lab, exceptions, valid):
    home = "/root" # Sendmail trusts no map below a folder that everybody may write to
    demand(["mount", "-t", "tmpfs", "-o", "mode=0755", "none", home])
    with open(home + "/test.mc", "w", encoding="ascii") as out:
        out.write("OSTYPE(`linux')dnl\nFEATURE(`access_db', `hash -T<TMPF> %s/access')dnl\nMAILER(smtp)dnl\n" % home)
    instead_of(lab, "/etc/hosts", "127.0.0.1 mx.lab.gov.uk %s localhost\n" % socket.gethostname()) # it waits a minute for a name of its own
    cf = os.path.join(BESIDE, "usr/share/sendmail/cf/")
    with open(home + "/test.cf", "w", encoding="ascii") as out:
        out.write(demand(["m4", "-D_CF_DIR_=" + cf, cf + "m4/cf.m4", home + "/test.mc"]))
    made = beside("usr/libexec/sendmail/makemap", "-C", home + "/test.cf", "hash", home + "/access", input="TLS_Rcpt:gov.uk\tENCR:112\n" + exceptions + valid)
    ok(made.returncode == 0, "makemap takes the lists", made.stderr)
    asked = []

    def ask(verify, bits, domain):
        asked.append((verify, domain))
        return ".D{verify}%s\n.D{cipher_bits}%d\n.D{auth_ssf}0\ntls_rcpt clerk@%s\n" % (verify, bits, domain)
    script = "".join(ask(*one) for one in [("NONE", 0, PLAIN), ("NONE", 0, SILENT), ("NONE", 0, SELF), ("NONE", 0, HELD), ("NONE", 0, "a.example"), ("FAIL", 256, SELF), ("FAIL", 256, HELD), ("OK", 256, HELD)])
    done = beside("usr/libexec/sendmail/sendmail", "-bt", "-C", home + "/test.cf", input=script)
    answers = re.findall(r"tls_rcpt +returns: (OK|\$# error.*)", done.stdout)
    taken = {key: answer == "OK" for key, answer in zip(asked, answers)}
    wanted = {("NONE", PLAIN): True, ("NONE", SILENT): True, ("NONE", SELF): False, ("NONE", HELD): False, ("NONE", "a.example"): True, ("FAIL", SELF): True, ("FAIL", HELD): False, ("OK", HELD): True}
    ok(taken == wanted, "Sendmail's rules let the exceptions go without TLS, and hold the others to it or to a certificate", "%s\n%s" % (taken, done.stdout[-2000:] + done.stderr))


def exim(lab, exceptions):
    instead_of(lab, "/etc/passwd", open("/etc/passwd", encoding="utf-8").read() + "Debian-exim:x:64999:64999::/:/bin/false\n")
    instead_of(lab, "/etc/group", open("/etc/group", encoding="utf-8").read() + "Debian-exim:x:64999:\n")
    lab.write("gov_exceptions", exceptions)
    config = lab.write("exim.conf", "domainlist gov_tls_exceptions = lsearch;%s\n" % lab.path("gov_exceptions"))
    routed = {}
    for name in (PLAIN, PLAIN.upper(), SILENT, "sub." + PLAIN, SELF, "a.example"):
        done = beside("usr/sbin/exim4", "-C", config, "-be", "${if match_domain{%s}{!+gov_tls_exceptions : *.gov.uk}{tls}{any}}" % name)
        routed[name] = done.stdout.strip() or done.stderr.strip()
    ok(routed == {PLAIN: "any", PLAIN.upper(): "any", SILENT: "any", "sub." + PLAIN: "tls", SELF: "tls", "a.example": "any"}, "Exim's router takes the exceptions from the file", routed)


# ---- PowerShell and consoles ----

NAME = r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+"


def powershell(text):
    """(cmdlet, {parameter: values}) of one command; strings in double quotes hold nothing that PowerShell would expand. None: it is no such command."""
    value = r'(?:\$true|\$false|[A-Za-z][\w-]*|"[^"$`\x00-\x1f]*"(?:,"[^"$`\x00-\x1f]*")*)'
    if not re.fullmatch(r"[A-Z][a-z]+-[A-Z][A-Za-z]+(?: -[A-Z][A-Za-z]+ %s)+\n" % value, text):
        return None
    pairs = re.findall(r" -([A-Z][A-Za-z]+) (%s)" % value, text)
    return text.split()[0], {key: re.findall(r'"([^"]*)"', found) or [found] for key, found in pairs}


def commands(lab):
    found, wanted = [powershell(text) for text in lists(lab, "exchange-online")], [
        ("Set-TransportRule", {"Identity": ["Require TLS to gov.uk"], "ExceptIfRecipientDomainIs": [PLAIN, SILENT]}),
        ("New-OutboundConnector", {"Name": ["TLS with valid certificates"], "ConnectorType": ["Partner"], "UseMXRecord": ["$true"], "TlsSettings": ["CertificateValidation"], "RecipientDomains": [HELD, MOVED]})]
    ok(found == wanted, "Exchange Online: each list is one command", found)
    found, wanted = [powershell(text) for text in lists(lab, "exchange")], [
        ("New-SendConnector", {"Name": ["gov-tls-exceptions"], "DNSRoutingEnabled": ["$true"], "RequireTLS": ["$false"], "AddressSpaces": ["SMTP:%s;1" % d for d in (PLAIN, SILENT)]}),
        ("New-SendConnector", {"Name": ["gov-tls-valid"], "DNSRoutingEnabled": ["$true"], "RequireTLS": ["$true"], "TlsAuthLevel": ["CertificateValidation"], "AddressSpaces": ["SMTP:%s;1" % d for d in (HELD, MOVED)]})]
    ok(found == wanted, "Exchange Server: each list is one command", found)


def consoles(lab):
    for system, before, after in (("google", "", ""), ("mimecast", "", ""), ("proofpoint-essentials", "", ""), ("proofpoint", "\tIf available", "\tAlways")):
        exceptions, valid = lists(lab, system)
        good = all(re.fullmatch(NAME + re.escape(end), line) for text, end in ((exceptions, before), (valid, after)) for line in text.splitlines())
        names = [[line.split("\t")[0] for line in text.splitlines()] for text in (exceptions, valid)]
        ok(good and names == [[HELD, SELF, MOVED] if system == "google" else [PLAIN, SILENT], [HELD, MOVED]], system + ": one name a line, as its console takes them", exceptions + valid)


def main():
    if not have("named", "nsd", "nsd-control", "dig", "nsupdate", "postfix", "postmap", "openssl", "unshare", "m4") or not in_own_network():
        return finish()
    raise_loopback()
    with Lab() as lab:
        instead_of(lab, "/etc/resolv.conf", "nameserver %s\n" % RESOLVER)
        lab.dns = 53
        lab.authority()
        zones(lab)
        lab.start_names()
        policy(lab, "", "")
        mail(lab)
        exceptions, valid = lists(lab, "postfix")
        policy(lab, exceptions, valid)
        demand(["postfix", "-c", lab.postfix, "reload"])
        postfix(lab, exceptions, valid)
        lab.update("zone gov.uk\nupdate delete %s MX\nupdate add %s 300 MX 10 mx.moved.gov.uk\nsend\n" % (MOVED, MOVED))
        commands(lab)
        consoles(lab)
        if unpacked(SENDMAIL):
            sendmail(lab, *lists(lab, "sendmail"))
        if unpacked(EXIM):
            exim(lab, lists(lab, "exim")[0])
    return finish()


if __name__ == "__main__":
    main()
