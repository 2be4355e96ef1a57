#!/usr/bin/env python3
"""mailstead's DKIM verification beside dkimpy (python3-dkim), an independent implementation: messages that are made, signed and then changed.

Every difference must have a reason in EXCEPTIONS, with the clause of the standard that decides it. Environment: VERIFY
(build-test/tests/conformance/dkim_verify), SEED, MESSAGES, SHOW."""
import base64
import hashlib
import os
import random
import re
import subprocess
import sys
import tempfile

try:
    import dkim
    import dkim.canonicalization
    import dkim.crypto
    import nacl.encoding
    import nacl.signing
except ImportError:
    print("not ok dkimpy (python3-dkim, python3-nacl) is not installed")
    sys.exit(1)

HERE = os.path.dirname(os.path.abspath(__file__))
PROGRAM = os.environ.get("VERIFY", os.path.join(HERE, "../../build-test/tests/conformance/dkim_verify"))
NOW = 1795428000
dkim.time.time = lambda: NOW  # what it compares t and x with


# ---- keys ----

class Key:
    def __init__(self, kind, bits=0):
        self.kind = kind
        if kind == "ed25519":
            seed = hashlib.sha256(b"a key of no worth").digest()
            self.private = nacl.signing.SigningKey(seed)
            self.text = base64.b64encode(bytes(self.private.verify_key)).decode()
            return
        with tempfile.NamedTemporaryFile() as file:
            subprocess.run(["openssl", "genrsa", "-traditional", "-out", file.name, str(bits)], check=True, capture_output=True)
            self.private = dkim.crypto.parse_pem_private_key(open(file.name, "rb").read())
            outputs = [subprocess.run(["openssl", "rsa", "-in", file.name, *words, "-outform", "DER"], check=True, capture_output=True).stdout for words in (["-pubout"], ["-RSAPublicKey_out"])]
        self.text, self.bare = [base64.b64encode(output).decode() for output in outputs]

    def sign(self, digest, data):
        if self.kind == "ed25519":
            return self.private.sign(digest.digest()).signature
        return dkim.crypto.RSASSA_PKCS1_v1_5_sign(digest, self.private)


def records(rng, key):
    """A key record: mostly right."""
    kind, p = key.kind, key.text
    if rng.random() < 0.85:
        return rng.choice(["v=DKIM1; k=%s; p=%s", "k=%s; p=%s", "v=DKIM1; k=%s; t=y; p=%s", "v=DKIM1;k=%s;p=%s;", "v=DKIM1; h=sha256; k=%s; p=%s ; ", "v=DKIM1; k=%s; s=email; p=%s",
                           "v=DKIM1; k=%s; s=*; n=a note; p=%s", "v=DKIM1; k=%s; odd=1; p=%s", "v=DKIM1; h=sha1:sha256; k=%s; p=%s"]) % (kind, p)
    return rng.choice(["v=DKIM1; p=" + p, "v=DKIM1; k=%s; p=" % kind, "v=DKIM2; k=%s; p=%s" % (kind, p), "k=%s; v=DKIM1; p=%s" % (kind, p), "v=DKIM1; k=ed25519; p=" + p, "v=DKIM1; k=rsa; p=" + p,
                       "v=DKIM1; k=%s; k=%s; p=%s" % (kind, kind, p), "v=DKIM1; K=%s; P=%s" % (kind, p), "v=DKIM1; k=%s; p=%s" % (kind.upper(), p), "v=DKIM1; h=sha1; k=%s; p=%s" % (kind, p),
                       "v=DKIM1; h=sha512; k=%s; p=%s" % (kind, p), "v=DKIM1; s=tlsrpt; k=%s; p=%s" % (kind, p), "v=DKIM1; s=other:email; k=%s; p=%s" % (kind, p), "v=DKIM1; t=s; k=%s; p=%s" % (kind, p),
                       "v=DKIM1; k=%s; p=%s" % (kind, p[:-4]), "v=DKIM1; k=%s; p=%s" % (kind, p[:40] + " " + p[40:]), "v=DKIM1; k=%s; hello; p=%s" % (kind, p), "v=DKIM1; k=%s;; p=%s" % (kind, p),
                       "v=DKIM1 k=%s; p=%s" % (kind, p), "v=DKIM1; k=%s; p=%s" % (kind, getattr(key, "bare", p)), "", "some text", "v=DKIM1; k=%s; p=%s!" % (kind, p), "v=DKIM1; k=%s" % kind])


# ---- messages ----

WORDS = ["Is", "dinner", "ready?", "a", "bb  cc", "tab\there", "caf\u00e9", "=3D", "(comment)", "\"quoted\"", ":", "x" * 40]


def words(rng, least, most, joint=(" ", " ", "  ", "\t", "\r\n ", "\r\n\t ", " \r\n ")):
    out = rng.choice(WORDS)
    for _ in range(rng.randint(least, most)):
        out += rng.choice(joint) + rng.choice(WORDS)
    return out


def message(rng):
    """Fields (name, raw value with its line end) and body."""
    spaces = ["", " ", " ", " ", "  ", "\t"]
    fields = [("From", "Joe <joe@%sexample.gov.uk>" % rng.choice(["", "", "mail."])), ("To", "suzie@example.net"), ("Subject", words(rng, 0, 6)), ("Date", "Mon, 23 Nov 2026 10:00:00 +0000"),
              ("Message-ID", "<%d@example.gov.uk>" % rng.randrange(10 ** 9))]
    for _ in range(rng.choice([0, 0, 1, 3])):
        fields.append(("Received", words(rng, 1, 8)))
    for name in ("X-Odd_1", "MIME-Version", "Reply-To", "list-id"):
        if rng.random() < 0.2:
            fields.append((name, words(rng, 0, 3)))
    rng.shuffle(fields)
    fields = [(rng.choice([name, name.upper(), name.lower()]) if rng.random() < 0.3 else name, rng.choice(spaces) + value + rng.choice(["", "", "", " ", "\t "]) + "\r\n") for name, value in fields]
    lines = [rng.choice(["", "", " ", "\t", "Hi.", "two  spaces", "end ", "tabs\t\t", " start", ".", "x" * rng.randint(1, 300), words(rng, 1, 6, (" ", "  ", "\t"))]) for _ in range(rng.choice([0, 1, 2, 5, 12]))]
    body = "\r\n".join(lines) + rng.choice(["\r\n", "\r\n", "\r\n", "\r\n\r\n\r\n", "", " \r\n\r\n"])
    return [(name.encode(), value.encode()) for name, value in fields], body.encode()


def whole(fields, body):
    return b"".join(name + b":" + value for name, value in fields) + b"\r\n" + body


# ---- signing ----

def fold(rng, pairs):
    """The tags as a header value, with white space wherever it may stand."""
    gap = lambda: rng.choice(["", "", "", "", " ", "\r\n ", "\t"])
    parts = [gap() + name + gap() + "=" + gap() + value for name, value in pairs]
    return rng.choice(["", " ", "\r\n "]) + (";" + rng.choice(["", " ", "\r\n\t"])).join(parts) + rng.choice(["", "", ";", " ; "])


def spread(rng, text):
    """Base64 in pieces."""
    if rng.random() < 0.3:
        return text
    size = rng.choice([20, 60, 64])
    return rng.choice([" ", "\r\n ", "\r\n\t"]).join(text[i:i + size] for i in range(0, len(text), size))


def signed(rng, fields, body, key, selector):
    """The fields with a signature at the top; its making follows section 3.7, with dkimpy's canonical forms."""
    header_way, body_way = rng.choice(["simple", "relaxed"]), rng.choice(["simple", "relaxed"])
    policy = dkim.canonicalization.CanonicalizationPolicy.from_c_value((header_way + "/" + body_way).encode())
    algorithm = "ed25519-sha256" if key.kind == "ed25519" else "rsa-sha1" if rng.random() < 0.05 else "rsa-sha256"
    make_hash = hashlib.sha1 if algorithm == "rsa-sha1" else hashlib.sha256
    canonical = policy.canonicalize_body(body)
    pairs = [("v", "1"), ("a", algorithm), ("d", "example.gov.uk"), ("s", selector)]
    if header_way + body_way != "simplesimple" or rng.random() < 0.5:
        pairs.append(("c", header_way if body_way == "simple" and rng.random() < 0.5 else header_way + "/" + body_way))
    if rng.random() < 0.15:
        size = rng.randint(0, len(canonical)) if rng.random() < 0.9 else len(canonical) + rng.choice([1, 1000, 10 ** 30])
        pairs.append(("l", str(size)))
        canonical = canonical[:size]
    for name, values, often in (("t", [NOW - 100, NOW - 10 ** 7, NOW + 10 ** 6, "x"], 0.5), ("x", [NOW + 10 ** 6, NOW + 10 ** 6, NOW - 10 ** 6, "0x1"], 0.2), ("q", ["dns/txt", "dns/txt", "dns/txt", "http"], 0.2),
                                ("i", ["@example.gov.uk", "joe@example.gov.uk", "joe@sub.example.gov.uk", "@example.org", "joe@notexample.gov.uk"], 0.4), ("odd", ["1"], 0.1), ("z", ["From:joe"], 0.1)):
        if rng.random() < often:
            pairs.append((name, str(rng.choice(values[:1] * 8 + values))))
    present = [name.decode() for name, _ in fields]
    names = rng.sample(present, rng.randint(1, len(present))) + rng.sample(["from", "subject", "received", "x-absent", "cc", "dkim-signature"], rng.choice([0, 0, 1, 2]))
    if rng.random() < 0.97 and not any(name.lower() == "from" for name in names):
        names.insert(rng.randint(0, len(names)), "From")
    pairs.append(("h", rng.choice([":", " : ", ":\r\n ", ": "]).join(names)))
    pairs.append(("bh", spread(rng, base64.b64encode(make_hash(canonical).digest()).decode())))
    rng.shuffle(pairs)
    at = len(pairs) if rng.random() < 0.8 else rng.randint(0, len(pairs))
    marker = "\x01"
    value = fold(rng, pairs[:at] + [("b", marker)] + pairs[at:]) + "\r\n"
    head, tail = value.split(marker)
    tail = tail.lstrip(" \t") if rng.random() < 0.7 else tail
    empty = head.rstrip() + (tail.lstrip() if tail.lstrip().startswith(";") or not tail.strip() else tail)
    own = policy.canonicalize_headers([(b"DKIM-Signature", empty.encode())])[0]
    digest = make_hash()
    for name, value in dkim.select_headers(policy.canonicalize_headers(fields), [name.lower().encode() for name in names]):
        digest.update(name + b":" + value)
    content = own[0] + b":" + own[1]
    digest.update(content[:-2] if content.endswith(b"\r\n") else content)
    value = head + spread(rng, base64.b64encode(key.sign(digest, None)).decode()) + tail
    return [(b"DKIM-Signature", value.encode())] + fields


# ---- changing ----

def changed(rng, raw):
    """What happens to messages on their way, and some things that do not."""
    way = rng.randrange(16)
    end = raw.index(b"\r\n\r\n") + 2
    if way == 0:
        return raw.replace(b"\r\n", b"\n")
    if way == 1:
        return raw + rng.choice([b"-- \r\nfooter\r\n", b"\r\n", b" ", b"\r\n \r\n", b"x"])
    if way == 2:
        at = rng.randrange(len(raw))
        return raw[:at] + bytes([rng.randrange(256)]) + raw[at + 1:]
    if way == 3:
        at = rng.randrange(len(raw))
        return raw[:at] + raw[at + rng.randint(1, 3):]
    if way == 4:
        at = rng.randrange(len(raw))
        return raw[:at] + rng.choice([b" ", b"\t", b"\r\n", b"\r\n ", b"\r", b"\n", b";", b"=", b":", b"\0", b"\xff", b"a"]) + raw[at:]
    if way == 5:
        return b"Received: by somebody\r\n" + raw
    if way == 6:
        return raw[:end] + rng.choice([b"Subject: another\r\n", b"X-Later: yes\r\n", b"From: else@example.org\r\n", b"DKIM-Signature: v=1\r\n", b"no field\r\n", b"X-Space : y\r\n", b" folded\r\n"]) + raw[end:]
    if way == 7:
        return raw.replace(b"Subject", rng.choice([b"SUBJECT", b"subject", b"Subjekt"]), 1)
    if way == 8:
        return raw[:rng.randrange(len(raw))]
    if way == 9:
        return re.sub(rb"(?m)[ \t]+\r\n", b"\r\n", raw)
    if way == 10:
        return b"From joe@example.gov.uk Mon Nov 23 10:00:00 2026\r\n" + raw
    if way == 11:
        return raw.rstrip(b"\r\n")
    return raw


# ---- comparing ----

def other_program(raw, zone):
    """What dkimpy says of each signature: (holds, its words)."""
    def look_up(name, timeout=5):
        return zone.get(name.decode().rstrip("."), "").encode()

    out, complaints = [], []
    logger = dkim.util.get_default_logger()

    class Listener(dkim.logging.Handler):
        def emit(self, record):
            complaints.append(record.getMessage())
    logger.handlers = [Listener()]
    try:
        parsed = dkim.DKIM(raw)
        count = len([1 for name, _ in parsed.headers if name.lower() == b"dkim-signature"])
    except Exception as error:
        return None, repr(error)
    for index in range(count):
        complaints.clear()
        try:
            out.append((bool(parsed.verify(index, look_up)), "; ".join(complaints)))
        except Exception as error:
            out.append((False, repr(error)))
    return out, ""


def signature(raw, index):
    """The value of one DKIM-Signature field, without its last line end."""
    found = re.findall(rb"(?im)^DKIM-Signature[ \t]*:((?:.*\n[ \t])*.*)", re.split(rb"\n\r?\n", raw)[0])
    return found[index].rstrip(b"\r") if index < len(found) else b""


def tag(value, name):
    found = re.search(rb"(?:^|;)\s*%s\s*=([^;]*)" % name, value)
    return re.sub(rb"\s", b"", found.group(1)) if found else b""


# Where dkimpy differs, and which clause is ours. (name, why, test of ours, theirs, their words, message, key record, signature)
EXCEPTIONS = [
    ("SHA-1", "RFC 8301 section 3.1: told apart, and not counted", lambda o, t, w, m, k, s: o == "holds-with-sha1" and t),
    ("expired, or signed in the future", "RFC 6376 section 3.5: x and t may be ignored; the judge says it", lambda o, t, w, m, k, s: o.startswith("holds") and ("value is past" in w or "in the future" in w)),
    ("two From fields", "RFC 6376 section 5.4: h says how often From was signed; a message with two is refused before", lambda o, t, w, m, k, s: o.startswith("holds") and len(re.findall(rb"(?im)^from[ \t]*:", re.split(rb"\n\r?\n", m)[0])) > 1),
    ("the signature itself in h", "RFC 6376 section 3.5: another DKIM-Signature is meant", lambda o, t, w, m, k, s: re.search(rb"(?i)dkim-signature", tag(s, b"h")) and (o.startswith("holds") or o in ("header", "not-by-key"))),
    ("From is not signed", "RFC 6376 section 6.1.1", lambda o, t, w, m, k, s: o == "signature-fromh"),
    ("l beyond the body", "RFC 6376 section 3.5: l must not be larger than the body", lambda o, t, w, m, k, s: o == "body-cut" and t),
    ("hash of the key", "RFC 6376 section 6.1.2: h of the key must list the hash", lambda o, t, w, m, k, s: o == "key-hash" and t),
    ("service type", "RFC 6376 section 6.1.2: s of the key must list email", lambda o, t, w, m, k, s: o == "key-service" and t),
    ("strict key", "RFC 6376 section 3.6.1: t=s and i below d", lambda o, t, w, m, k, s: o == "key-strict" and t),
    ("several service types", "RFC 6376 section 3.6.1: s is a list", lambda o, t, w, m, k, s: o.startswith("holds") and "s=other:email" in k),
    ("version of the key not first", "RFC 6376 section 3.6.1: v must stand first", lambda o, t, w, m, k, s: o == "key-unusable" and t and k.startswith("k=")),
    ("several ways to look up", "RFC 6376 section 3.5: q is a list", lambda o, t, w, m, k, s: o.startswith("holds") and "q= value" in w),
    ("x before t", "RFC 6376 section 3.5", lambda o, t, w, m, k, s: o == "signature-syntaxx" and t),
    ("more digits than a time has", "RFC 6376 section 3.5: 1*12DIGIT", lambda o, t, w, m, k, s: o in ("signature-syntaxx", "signature-syntaxt") and t),
    ("no number in l", "RFC 6376 section 3.5: 1*76DIGIT", lambda o, t, w, m, k, s: o == "signature-syntaxl" and (t or "invalid literal" in w)),
    ("octets outside the grammar", "RFC 6376 section 3.2", lambda o, t, w, m, k, s: o == "signature-syntax" and t and re.search(rb"[^\t\r\n -~\x80-\xff]|\s*[\w]*[^\w\s=;]+[\w]*\s*=", s)),
    ("names that cannot be", "RFC 6376 section 3.5: d and s are domain names", lambda o, t, w, m, k, s: o in ("signature-syntaxd", "signature-syntaxs") and t),
    ("white space behind b", "RFC 6376 section 3.7: the white space around the value of b goes with it", lambda o, t, w, m, k, s: re.search(rb"[\s;]b\s*=[^;]*\s;", s + b"\r\n") and (o in ("header", "not-by-key") or not t)),
    ("white space at the end of the signature's field", "RFC 6376 section 3.4.1: simple changes nothing", lambda o, t, w, m, k, s: tag(s, b"c").split(b"/")[0] != b"relaxed" and re.search(rb"[ \t]$", s)),
    ("white space at the end of a body without line end", "RFC 6376 section 3.4.4: it is at the end of a line", lambda o, t, w, m, k, s: tag(s, b"c").endswith(b"/relaxed") and re.search(rb"[ \t]$", m)),
    ("lines of a header that are no fields", "RFC 5322 section 2.2: two mbox lines, a colon at the start", lambda o, t, w, m, k, s: o == "no-message" and re.search(rb"(?m)^(From |:)", m)),
    ("foreign octets in the key", "RFC 6376 section 3.6.1: p is base64", lambda o, t, w, m, k, s: o == "key-unusable" and t and k.endswith("!")),
    ("b first and close to the colon", "RFC 6376 section 3.7: dkimpy does not find it", lambda o, t, w, m, k, s: o.startswith("holds") and re.match(rb"b\s*=", s)),
    ("white space before the colon", "RFC 5322 section 4.5; RFC 6376 section 3.4.2 has it deleted", lambda o, t, w, m, k, s: "Unexpected characters" in w and re.search(rb"(?m)^[!-9;-~]+[ \t]+:", m)),
]


def main():
    rng = random.Random(int(os.environ.get("SEED", "6376")))
    keys = [Key("rsa", 1024), Key("rsa", 2048), Key("rsa", 512), Key("ed25519")]
    cases, feed = [], []
    for number in range(int(os.environ.get("MESSAGES", "1500"))):
        fields, body = message(rng)
        zone = {}
        for index in range(rng.choice([1, 1, 1, 2])):
            key = rng.choice(keys[:2] + keys[3:] if rng.random() < 0.95 else keys)
            selector = "s%d-%d" % (number, index)
            zone[selector + "._domainkey.example.gov.uk"] = records(rng, key)
            fields = signed(rng, fields, body, key, selector)
        raw = whole(fields, body)
        for _ in range(rng.choice([1, 1, 1, 2])):
            raw = changed(rng, raw) if raw.count(b"\r\n\r\n") else raw
        cases.append((raw, zone))
    for number, (raw, zone) in enumerate(cases):
        for name, value in zone.items():
            feed.append(b"key %s %s\n" % (name.encode(), value.encode()))
        feed.append(b"message %d\n%s" % (len(raw), raw))
    done = subprocess.run([PROGRAM], input=b"".join(feed), capture_output=True, timeout=240)
    ours = done.stdout.decode().split("\n")[:-1]
    if len(ours) != len(cases) or done.returncode:
        print("not ok every message has an answer (%d of %d, %d): %s" % (len(ours), len(cases), done.returncode, done.stderr[:500]))
        return 1
    used, different, results, compared = {}, 0, {}, 0
    for (raw, zone), line in zip(cases, ours):
        mine = line.split(" ")[1:]
        theirs, broken = other_program(raw, zone)
        if theirs is None:
            theirs = [(False, broken)] * len(mine)
        if not mine:
            mine = ["no-message"] * len(theirs)
        for index, (other, words) in enumerate(theirs):
            outcome = mine[index] if index < len(mine) else "missing"
            compared += 1
            results[outcome] = results.get(outcome, 0) + 1
            if (outcome == "holds") == other:
                continue
            own = signature(raw, index)
            record = zone.get("%s._domainkey.%s" % (tag(own, b"s").decode("latin-1"), tag(own, b"d").decode("latin-1")), "")
            reason = next((e for e in EXCEPTIONS if e[2](outcome, other, words, raw, record, own)), None)
            if reason:
                used[reason[0]] = used.get(reason[0], 0) + 1
                continue
            different += 1
            if different <= int(os.environ.get("SHOW", "5")):
                print("# signature %d: mailstead %s, dkimpy %s (%s)\n# %s\n# %r" % (index, outcome, other, words, (record[:60] + " ... " + record[-40:]), raw))
    print("# %d signatures (%s); explained differences: %s" % (compared, ", ".join("%s %d" % pair for pair in sorted(results.items())), ", ".join("%s %d" % pair for pair in sorted(used.items())) or "none"))
    print("%s DKIM verification agrees with dkimpy in %d signatures, %d differences without a reason" % ("not ok" if different else "ok", compared, different))
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
