"""Real servers for the tests: BIND and nsd (names), Postfix (mail), nginx (web), all on loopback addresses and ports of this run.

  127.0.0.1    named (which binds only to addresses that an interface has): the resolver that mailstead asks, and the first authoritative server of every zone (takes dynamic updates)
  127.0.53.2   nsd: the second authoritative server
  127.0.53.10… Postfix, one address for each manner of mail server
  127.0.53.30  nginx: every web host, told apart by name; 127.0.53.31: by HTTP/2
  127.0.54.10… Postfix in the manners of cases.py, and ::1 for one that has only IPv6
"""
import base64
import glob
import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
MAILSTEAD = os.environ.get("MAILSTEAD") or os.path.join(HERE, "../../build-test/mailstead")
PATH = os.environ.get("PATH", "") + ":/usr/sbin:/sbin:/usr/local/sbin"
RESOLVER, SECOND = "127.0.0.1", "127.0.53.2"
failures = 0


def ok(good, what, detail=""):
    global failures
    print(("ok " if good else "not ok ") + what, flush=True)
    if not good:
        failures += 1
        for line in str(detail).splitlines()[:40]:
            print("#   " + line, flush=True)
    return good


def show(reports, done):
    """Everything that was found, to be read by a person."""
    for name, report in reports.items():
        print("domain", name, report["status"], report["elapsed_ms"], "ms")
        for f in report["findings"]:
            print("  %-8s %-34s %s: %s" % (f["severity"], f["id"], f.get("subject"), f.get("detail")))
    print(done.stderr)


def have(*programs):
    missing = [p for p in programs if not shutil.which(p, path=PATH)]
    if missing and os.environ.get("MAILSTEAD_LAB") == "whole":
        ok(False, "is installed: " + " ".join(missing))
    elif missing:
        print("# skipped: not installed: " + " ".join(missing), flush=True)
    return not missing


def can_bind(address):
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind((address, 0))
        return True
    except OSError:
        return False


def free_port(addresses):
    for _ in range(200):
        with socket.socket() as probe:
            probe.bind((addresses[0], 0))
            port = probe.getsockname()[1]
        sockets = []
        try:
            for address in addresses:
                for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
                    s = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, kind)
                    sockets.append(s)
                    s.bind((address, port))
            return port
        except OSError:
            continue
        finally:
            for s in sockets:
                s.close()
    raise SystemExit("no free port")


def run(command, **more):
    return subprocess.run(command, text=True, capture_output=True, env=dict(os.environ, PATH=PATH), timeout=120, **more)


def demand(command, **more):
    done = run(command, **more)
    if done.returncode:
        raise RuntimeError("%s: %s%s" % (" ".join(command), done.stdout, done.stderr))
    return done.stdout


class Lab:
    def __init__(self):
        self.dir = tempfile.mkdtemp(prefix="mailstead-lab.")
        os.chmod(self.dir, 0o755)
        self.children, self.postfix = [], None
        self.dns = free_port([RESOLVER, SECOND])
        self.smtp = self.https = None
        self.zones = {}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.postfix:
            run(["postfix", "-c", self.postfix, "stop"])
        for child in self.children:
            child.send_signal(signal.SIGTERM)
        for child in self.children:
            try:
                child.wait(5)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
        shutil.rmtree(self.dir, ignore_errors=True)

    def path(self, *parts):
        return os.path.join(self.dir, *parts)

    def write(self, name, text):
        os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
        with open(self.path(name), "w", encoding="utf-8") as out:
            out.write(text)
        return self.path(name)

    def spawn(self, name, command):
        log = open(self.path(name + ".log"), "w")
        child = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, env=dict(os.environ, PATH=PATH))
        self.children.append(child)
        return child

    # ---- names ----

    def zone(self, name, text):
        """A zone of the lab. SOA and NS are added: ns1 is named, ns2 nsd."""
        head = "$TTL 300\n@ SOA ns1.lab.gov.uk. hostmaster.lab.gov.uk. 1 3600 900 1209600 300\n@ NS ns1.lab.gov.uk.\n@ NS ns2.lab.gov.uk.\n"
        self.zones[name] = self.write("zones/" + name, head + text)

    def zone_folder(self, folder):
        for path in sorted(glob.glob(os.path.join(folder, "*"))):
            with open(path, encoding="utf-8") as file:
                self.zone(os.path.basename(path), file.read())

    def start_names(self, second=None):
        """`second`: other text for zones of the second server, by name."""
        os.makedirs(self.path("named"), exist_ok=True)
        config = 'options { directory "%s"; pid-file none; listen-on port %d { %s; }; listen-on-v6 { none; }; recursion yes; allow-query { any; };' \
                 ' allow-recursion { any; }; %sdnssec-validation no; notify no; max-cache-size 32m; empty-zones-enable no; minimal-responses no; check-names primary ignore; };\n' \
                 'controls { };\n' % (self.path("named"), self.dns, RESOLVER, self.any_count())
        config += 'zone "." { type primary; file "%s"; };\n' % self.write(
            "root", "$TTL 300\n@ SOA ns1.lab.gov.uk. hostmaster.lab.gov.uk. 1 3600 900 1209600 300\n@ NS ns1.lab.gov.uk.\nns1.lab.gov.uk. A %s\n" % RESOLVER)
        for name, path in self.zones.items():
            config += 'zone "%s" { type primary; file "%s"; allow-update { any; }; };\n' % (name, path)
        self.spawn("named", ["named", "-g", "-c", self.write("named.conf", config)])
        config = 'server:\n  ip-address: %s@%d\n  server-count: 1\n  username: ""\n  chroot: ""\n  zonesdir: ""\n  database: ""\n  pidfile: "%s"\n  xfrdfile: "%s"\n' \
                 '  zonelistfile: "%s"\n  xfrdir: "%s"\n  rrl-ratelimit: 0\nremote-control:\n  control-enable: yes\n  control-interface: %s\n' % (
                     SECOND, self.dns, self.path("nsd.pid"), self.path("xfrd.state"), self.path("zone.list"), self.dir, self.path("nsd.ctl"))
        for name, path in self.zones.items():
            copy = self.write("second/" + name, (second or {}).get(name) or open(path, encoding="utf-8").read())
            config += 'zone:\n  name: "%s"\n  zonefile: "%s"\n' % (name, copy)
        self.spawn("nsd", ["nsd", "-d", "-c", self.write("nsd.conf", config)])
        for server in (RESOLVER, SECOND):
            self.wait(lambda s=server: "status: NOERROR" in run(["dig", "@" + s, "-p", str(self.dns), "+tries=1", "+time=1", next(iter(self.zones)), "SOA"]).stdout,
                      "name server at " + server)

    def any_count(self):
        """Newer versions of named refuse more than 100 records of a type unless told otherwise, and older ones do not know the option."""
        option = "max-records-per-type 0; "
        known = run(["named-checkconf", self.write("probe.conf", "options { %s};\n" % option)]).returncode == 0
        return option if known else ""

    def second_zone(self, name, text):
        """Gives the second server another version of a zone and has it read it."""
        self.write("second/" + name, text)
        demand(["nsd-control", "-c", self.path("nsd.conf"), "reload", name])

    def transfer(self, name):
        """The zone as named holds it, as text of one record a line."""
        return demand(["dig", "@" + RESOLVER, "-p", str(self.dns), "AXFR", name, "+onesoa", "+nocmd", "+nocomments", "+nostats", "+noidnout"])

    def update(self, script):
        return run(["nsupdate"], input="server %s %d\n%s" % (RESOLVER, self.dns, script))

    def wait(self, ready, what):
        until = time.monotonic() + 20
        while time.monotonic() < until:
            if ready():
                return
            time.sleep(0.05)
        logs = "".join(open(p, errors="replace").read()[-1500:] for p in glob.glob(self.path("*.log")))
        raise RuntimeError(what + " did not start\n" + logs)

    # ---- certificates ----

    def authority(self):
        demand(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", self.path("ca.key"), "-out", self.path("ca.pem"), "-days", "3650",
                "-subj", "/CN=Lab authority", "-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign,cRLSign"], )
        self.write("ca.db", "")
        self.write("ca.db.attr", "unique_subject = no\n")
        self.write("ca.conf", "[ca]\ndefault_ca=lab\n[lab]\ndatabase=%s\nnew_certs_dir=%s\nrand_serial=yes\ndefault_md=sha256\npolicy=any\nunique_subject=no\n"
                   "copy_extensions=copy\n[any]\ncommonName=supplied\n" % (self.path("ca.db"), self.dir))

    def certificate(self, name, host, expired=False, self_signed=False, names=None, key="rsa:2048", digest="sha256", issuer="ca"):
        """`names` go into the SAN (the host's without; an empty list makes none)."""
        names = [host] if names is None else names
        extensions = ["-addext", "subjectAltName=" + ",".join("DNS:" + n for n in names)] if names else []
        return self.issue(name, host, extensions, expired, self_signed, key, digest, issuer)

    def issuer(self, name, expired=False, names=None):
        """An intermediate authority; `names`: those that it may issue for."""
        extensions = ["-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign,cRLSign"]
        extensions += ["-addext", "nameConstraints=critical," + names] if names else []
        return self.issue(name, "Lab " + name, extensions, expired, False, "ec", "sha256", "ca")

    def issue(self, name, common_name, extensions, expired, self_signed, key, digest, issuer):
        key_file, request, made = self.path(name + ".key"), self.path(name + ".csr"), self.path(name + ".pem")
        kind, _, curve = key.partition(":") if key.startswith("ec") else (key, "", "")
        new = ["openssl", "req", "-newkey", kind] + (["-pkeyopt", "ec_paramgen_curve:" + (curve or "P-256")] if kind == "ec" else []) + [
            "-nodes", "-keyout", key_file] + (["-" + digest] if kind != "ed25519" else []) + ["-subj", "/CN=" + common_name[:64]] + extensions
        if self_signed:
            demand(new + ["-x509", "-out", made, "-days", "365"])
        else:
            demand(new + ["-out", request])
            dates = ["-startdate", "20240101000000Z", "-enddate", "20240401000000Z"] if expired else ["-days", "300"]
            demand(["openssl", "ca", "-batch", "-notext", "-config", self.path("ca.conf"), "-md", digest, "-cert", self.path(issuer + ".pem"),
                    "-keyfile", self.path(issuer + ".key"), "-in", request, "-out", made] + dates)
        return key_file, made

    def dh_parameters(self, name):
        """The 1024-bit group of RFC 2409 section 6.2, which many servers share."""
        prime = bytes.fromhex("FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DDEF9519B3CD3A431B302B0A6DF25F1437"
                              "4FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7EDEE386BFB5A899FA5AE9F24117C4B1FE649286651ECE65381FFFFFFFFFFFFFFFF")
        number = b"\x02\x81\x81\x00" + prime + b"\x02\x01\x02"
        self.write(name, "-----BEGIN DH PARAMETERS-----\n%s-----END DH PARAMETERS-----\n" % base64.encodebytes(b"\x30\x81" + bytes([len(number)]) + number).decode())

    # ---- mail ----

    def start_mail(self, services, port=None, main="", master=""):
        """`services`: (address, [options of smtpd]) each; one Postfix serves all. `main`, `master`: more lines of main.cf and of master.cf."""
        self.smtp = port or free_port([address for address, _ in services])
        self.postfix = self.path("postfix")
        for folder in ("postfix", "queue", "data"):
            os.makedirs(self.path(folder), exist_ok=True)
        try:
            user = pwd.getpwnam("postfix")
        except KeyError:
            raise RuntimeError("no user postfix")
        os.chown(self.path("data"), user.pw_uid, user.pw_gid)
        openssl = self.write("openssl.cnf", "openssl_conf = all\n[all]\nssl_conf = ssl\n[ssl]\nsystem_default = defaults\n[defaults]\nCipherString = DEFAULT:@SECLEVEL=0\n")
        self.write("postfix/main.cf", "compatibility_level = 3.6\nimport_environment = MAIL_CONFIG OPENSSL_CONF=%s\nqueue_directory = %s\ndata_directory = %s\nmyhostname = mx.lab.gov.uk\ninet_interfaces = loopback-only\n"
                   "maillog_file = /dev/stdout\nmynetworks = 127.0.0.0/8\nsmtpd_peername_lookup = no\nsmtpd_tls_security_level = may\nalias_maps =\nalias_database =\n"
                   "smtp_address_preference = ipv4\ninet_protocols = all\n" % (openssl, self.path("queue"), self.path("data")) + main)
        master += "postlog unix-dgram n - n - 1 postlogd\nproxymap unix - - n - - proxymap\ntlsmgr unix - - n 1000? 1 tlsmgr\nanvil unix - - n - 1 anvil\n" \
                 "rewrite unix - - n - - trivial-rewrite\ncleanup unix n - n - 0 cleanup\nqmgr unix n - n 300 1 qmgr\n"
        for address, options in services:
            at = "[%s]" % address if ":" in address else address
            master += "%s:%d inet n - n - - smtpd\n%s" % (at, self.smtp, "".join("  -o { %s = %s }\n" % tuple(o.split("=", 1)) for o in options))
        self.write("postfix/master.cf", master)
        demand(["chown", "root", self.path("postfix/main.cf"), self.path("postfix/master.cf"), self.path("queue")])
        self.spawn("postfix", ["postfix", "-c", self.postfix, "start-fg"])

        def greets():
            try:
                with socket.create_connection((services[0][0], self.smtp), 1) as s:
                    s.settimeout(2)
                    return s.recv(100).startswith(b"220")
            except OSError:
                return False
        self.wait(greets, "Postfix")

    # ---- web ----

    def start_web(self, hosts, address="127.0.53.30", http2=(), http2_address="127.0.53.31"):
        """`hosts`: (name, certificate (key, file), text inside `server { }`) each; those of `http2` speak that too, at an address of their own."""
        self.https = free_port([address, http2_address])
        servers = "".join("server { listen %s:%d ssl%s; server_name %s; ssl_certificate %s; ssl_certificate_key %s; %s }\n" % (where, self.https, more, name, pem, key, inside)
                          for where, more, group in ((address, "", hosts), (http2_address, " http2", http2)) for name, (key, pem), inside in group)
        self.spawn("nginx", ["nginx", "-p", self.dir, "-c", self.write(
            "nginx.conf", 'daemon off; master_process off; pid %s; error_log stderr;\nevents { }\nhttp { access_log off; client_body_temp_path %s; proxy_temp_path %s; '
            'fastcgi_temp_path %s; uwsgi_temp_path %s; scgi_temp_path %s; types { } default_type text/plain;\n%s}\n' % (
                (self.path("nginx.pid"),) + tuple(self.path("nginx-" + x) for x in "abcde") + (servers,)))])

        def listens():
            try:
                socket.create_connection((address, self.https), 1).close()
                return True
            except OSError:
                return False
        self.wait(listens, "nginx")

    # ---- mailstead ----

    def mailstead(self, *words, stdin=None, options=True):
        command = [MAILSTEAD, words[0]]
        if options:
            command += ["--resolver", "%s:%d" % (RESOLVER, self.dns), "--dns-port", str(self.dns), "--timeout", "3"]
            if self.smtp:
                command += ["--smtp-port", str(self.smtp)]
            if self.https:
                command += ["--https-port", str(self.https)]
            if os.path.exists(self.path("ca.pem")):
                command += ["--ca-file", self.path("ca.pem")]
        return run(command + list(words[1:]), input=stdin)

    def check(self, *domains, more=()):
        done = self.mailstead("check", "--format", "json", *more, *domains)
        try:
            return {report["domain"]: report for report in map(json.loads, done.stdout.splitlines()) if "amends" not in report}, done
        except ValueError:
            raise RuntimeError(done.stdout + done.stderr)


def finish():
    sys.exit(3 if failures else 0)
