#!/usr/bin/env python3
"""A request whose values do what they can to break out, in every format, read back with the tools that the format is made for, and compared
with what it must say: CSV and HTML with Python, YAML with python3-yaml, JavaScript with node, zone lines with named-compilezone, the update
script by BIND."""
import csv
import html.parser
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

from lab import MAILSTEAD, Lab, finish, have, ok, run

WRITER = os.path.join(os.path.dirname(MAILSTEAD), "tests/unit/request/formats")
HEAD = "$TTL 300\n@ SOA ns1.lab.gov.uk. hostmaster.lab.gov.uk. 1 3600 900 1209600 300\n@ NS ns1.lab.gov.uk.\n@ NS ns2.lab.gov.uk.\n"


# ---- what must be said ----

def unescape(text):
    """Master-file escapes, RFC 1035 section 5.1, to octets."""
    return re.sub(rb"\\(\d\d\d|.)", lambda m: bytes([int(m[1])]) if len(m[1]) == 3 else m[1], text, flags=re.S)


def from_octal(text):
    """Route 53's escapes, three octal digits, as those of master files."""
    return re.sub(r"\\([0-7]{3}|.)", lambda m: "\\%03d" % int(m[1], 8) if len(m[1]) == 3 else "\\" + m[1], text)


def strings(data):
    """The character-strings of a TXT record in master-file form."""
    found = re.findall(rb'"((?:[^"\\]|\\\d\d\d|\\.)*)"', data, flags=re.S)
    assert b" ".join(b'"' + s + b'"' for s in found) == data.strip(), data
    parts = [unescape(s) for s in found]
    assert all(len(p) <= 255 for p in parts), data
    return parts


def octets(kind, data):
    return b"".join(strings(data)) if kind == "TXT" else data.strip()


class Truth:
    def __init__(self, folder):
        self.changes = json.load(open(os.path.join(folder, "truth")))
        for c in self.changes:
            for key in ("now", "wanted", "kept_data"):
                c[key] = [bytes.fromhex(v) for v in c[key]]
            c["kept"] = [octets(c["type"], v) for v in c["kept_data"]]

    def sets(self, contact=None):
        """Record sets before and after: {(zone, name, type): (before, after)}."""
        sets = {}
        for c in self.changes:
            if not contact or c["contact"] == contact:
                before, after = sets.setdefault((c["zone"], c["name"], c["type"]), (set(), set()))
                before |= set(c["now"]) | set(c["kept"])
        for (zone, name, kind), (before, after) in sets.items():
            after |= before
            for c in self.changes:
                if (c["name"], c["type"]) == (name, kind):
                    after -= set(c["now"])
                    after |= set(c["wanted"])
        return sets


def same(name, got, wanted):
    missing, extra = wanted - got, got - wanted
    return ok(not missing and not extra, name, "missing: %r\nextra: %r" % (sorted(missing)[:6], sorted(extra)[:6]))


# ---- for people ----

def read_csv(text, truth):
    rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    ok(rows[0] == "action,zone,host,full name,type,ttl,value,now,why,contact,reference".split(","), "csv: heading", rows[0])
    ok(text.endswith("\r\n") and text.count("\n") == text.count("\r\n") == len(rows), "csv: one row a line, ended as RFC 4180 has it")
    cells = [cell for row in rows for cell in row]
    ok(not [c for c in cells if c[:1] in ("=", "+", "-", "@", "\t", "\r") and c != "@"], "csv: no cell is a formula")

    def value(kind, cell):
        cell = cell[1:] if cell[:2] in ("'=", "'+", "'-", "'@") else cell
        raw = cell.encode()
        quoted = kind == "TXT" and re.fullmatch(rb'"(?:[^"\\]|\\\d\d\d|\\.)*"(?: "(?:[^"\\]|\\\d\d\d|\\.)*")*', raw)
        return {raw, octets(kind, raw)} if quoted else {raw}
    good = True
    for c in truth.changes:
        pairs = max(len(c["now"]), len(c["wanted"]))
        own = [r for r in rows[1:] if r[3] == c["name"] and r[4] == c["type"]]
        for i in range(pairs):
            now, wanted = (c["now"] + [None] * pairs)[i], (c["wanted"] + [None] * pairs)[i]
            action = "change" if now is not None and wanted is not None else "add" if now is None else "remove"
            fit = [r for r in own if r[0] == action and (wanted is None or wanted in value(c["type"], r[6])) and (now is None or now in value(c["type"], r[7] if wanted is not None else r[6]))]
            if not fit or fit[0][1] != c["zone"] or fit[0][9] != c["contact"]:
                good = ok(False, "csv: %s %s %d" % (c["name"], c["type"], i), own)
    ok(good and len(rows) - 1 == sum(max(len(c["now"]), len(c["wanted"])) for c in truth.changes), "csv: every value once, as asked")


class Page(html.parser.HTMLParser):
    ALLOWED = set("html head meta title style body p h1 h2 h3 table tr th td code section ol ul li".split())

    def __init__(self):
        super().__init__()
        self.open, self.odd, self.rows, self.label, self.text, self.headings = [], [], [], "", "", []

    def handle_starttag(self, tag, attributes):
        if tag not in self.ALLOWED or [a for a, _ in attributes if a not in ("lang", "charset", "name", "content", "scope")]:
            self.odd.append((tag, attributes))
        if tag != "meta":
            self.open.append(tag)
        if tag in ("th", "td", "h3"):
            self.text = ""

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.odd.append("/" + tag)
        if tag == "th":
            self.label = self.text
        elif tag == "td":
            self.rows.append((len(self.headings), self.label, self.text))
        elif tag == "h3":
            self.headings.append(self.text)

    def handle_data(self, data):
        self.text += data

    def handle_comment(self, data):
        self.odd.append("comment")


def read_html(text, truth):
    page = Page()
    page.feed(text)
    page.close()
    ok(not page.odd and not page.open, "html: only its own elements, all closed", page.odd or page.open)
    ok(len(page.headings) == len(truth.changes) and "http" not in text and "javascript:" not in re.sub(r"\[x\]\(javascript:y\)", "", text), "html: a heading a change, nothing fetched")
    good = True
    for c in truth.changes:
        blocks = [i + 1 for i, h in enumerate(page.headings) if h.endswith(" %s %s" % (c["type"], c["name"]))]
        cells = [(label, cell.encode()) for i, label, cell in page.rows if i in blocks]
        for key, label in (("now", "Take out"), ("wanted", "Put in"), ("kept", "Leave as it is")):
            shown = [v for l, v in cells if l.startswith(label)]
            shown += [octets("TXT", v) for v in shown if c["type"] == "TXT" and v.startswith(b'"') and v.endswith(b'"')] if c["type"] == "TXT" and key != "never" else []
            if [v for v in c[key] if v not in shown]:
                good = ok(False, "html: %s %s %s" % (c["name"], c["type"], key), cells)
    ok(good, "html: every value, as asked")


# ---- for machines ----

def read_route53(text, truth):
    wanted = {(zone, unescape(name.encode()).decode(), kind): s for (zone, name, kind), s in truth.sets("registrar").items()}
    after, decoder, at, batches = {k: s[0] for k, s in wanted.items()}, json.JSONDecoder(), 0, []
    while text[at:].strip():
        at += len(text[at:]) - len(text[at:].lstrip())
        batch, at = decoder.raw_decode(text, at)
        batches.append(batch)
    zones = [re.search(r"zone (\S+)\.$", b["Comment"])[1] for b in batches]
    ok(sorted(zones) == ["hostile.example", "second.example"], "route53: one batch a hosted zone", zones)
    good = True
    for zone, batch in zip(zones, batches):
        seen = set()
        for change in batch["Changes"]:
            s = change["ResourceRecordSet"]
            key = (zone, unescape(from_octal(s["Name"]).encode()).decode().rstrip("."), s["Type"])
            values = {octets(s["Type"], from_octal(r["Value"]).encode()) for r in s["ResourceRecords"]}
            good = good and key not in seen and change["Action"] in ("UPSERT", "DELETE") and s["TTL"] > 0
            seen.add(key)
            if change["Action"] == "DELETE":
                good = good and ok(values == after.get(key), "route53: deletes what is there at " + key[1], values)
                after[key] = set()
            else:
                after[key] = values
    ok(good, "route53: each set once")
    same("route53: every set afterwards, with what stays", {(k, v) for k in after for v in after[k]}, {(k, v) for k in wanted for v in wanted[k][1]})


def is_utf8(value):
    try:
        value.decode()
        return True
    except UnicodeDecodeError:
        return False


def read_octodns(text, truth):
    try:
        import yaml
    except ImportError:
        print("# skipped: python3-yaml is not installed")
        return

    class Strict(yaml.SafeLoader):
        pass

    def mapping(loader, node):
        keys = [loader.construct_object(k) for k, _ in node.value]
        assert len(keys) == len(set(keys)), keys
        return {loader.construct_object(k): loader.construct_object(v, deep=True) for k, v in node.value}
    Strict.add_constructor("tag:yaml.org,2002:map", mapping)
    documents = [d for d in yaml.load_all(text, Strict) if d]
    names = re.findall(r"^# (\S+)\.yaml$", text, flags=re.M)
    got = set()
    for zone, document in zip(names, documents):
        for host, entry in document.items():
            for record in entry if isinstance(entry, list) else [entry]:
                name = host + "." + zone if host else zone
                assert ("value" in record) == (record["type"] == "CNAME"), record
                for v in record.get("values") or [record["value"]]:
                    value = ("%d %s" % (v["preference"], v["exchange"])) if record["type"] == "MX" else v.replace("\\;", ";") if record["type"] == "TXT" else v
                    if record["type"] == "TXT":
                        assert ";" not in v.replace("\\;", ""), v
                    got.add(((zone, name, record["type"]), value.encode()))
    wanted = {(k, v) for k, s in truth.sets("registrar").items() for v in s[1] if is_utf8(v)}
    same("octodns: every set afterwards, with what stays", got, wanted)
    ok("a value that is no UTF-8 cannot be written here" in text, "octodns: says what cannot be written")


def read_dnscontrol(text, folder, truth):
    if not have("node"):
        return
    script = os.path.join(folder, "read.js")
    with open(script, "w", encoding="utf-8") as out:
        out.write("const got = []; const TTL = n => ({ttl: n});\n"
                  "const make = type => (host, ...rest) => ({type, host, ttl: rest.pop().ttl, data: rest});\n"
                  "const TXT = make('TXT'), MX = make('MX'), CNAME = make('CNAME'), PTR = make('PTR');\n"
                  "const D_EXTEND = (zone, ...records) => records.filter(r => r.type).forEach(r => got.push({zone, ...r}));\n"
                  + text + "\nprocess.stdout.write(JSON.stringify(got));\n")
    done = run(["node", "--use_strict", script])
    if not ok(done.returncode == 0, "dnscontrol: node reads it", done.stderr):
        return
    got = set()
    for r in json.loads(done.stdout):
        name = r["zone"] if r["host"] == "@" else r["host"] + "." + r["zone"]
        got.add(((r["zone"], name, r["type"]), " ".join(map(str, r["data"])).encode()))
    wanted = {((c["zone"], c["name"], c["type"]), v) for c in truth.changes if c["contact"] == "registrar" for v in c["wanted"] if is_utf8(v)}
    same("dnscontrol: every wanted value", got, wanted)


# ---- zone lines and updates ----

def records(text):
    """Lines of dig or named-compilezone: {((name, type), octets)}."""
    found = set()
    for line in text.splitlines():
        m = re.match(r"((?:\\.|[^\s\\])+)\.\s+(?:\d+\s+)?IN\s+(TXT|MX|CNAME|PTR)\s+(.*)$", line)
        if m:
            name = unescape(m[1].encode("latin-1"))
            found.add(((name, m[2]), octets(m[2], m[3].encode("latin-1"))))
    return found


def as_records(sets, which, zone=None):
    return {((unescape(name.encode()), kind), v) for (z, name, kind), s in sets.items() if not zone or z == zone for v in s[which]}


def compiled(folder, zone, lines):
    path, out = os.path.join(folder, "zonefile"), os.path.join(folder, "compiled")
    with open(path, "w", encoding="utf-8") as f:
        f.write(HEAD + lines)
    done = run(["named-compilezone", "-i", "none", "-k", "ignore", "-m", "ignore", "-n", "ignore", "-r", "ignore", "-o", out, zone, path])
    return done, records(open(out, encoding="latin-1").read()) if done.returncode == 0 else set()


def parts(text):
    """Zone lines by zone."""
    found = re.split(r"^; ---- (\S+): .* ----$", text, flags=re.M)
    return dict(zip(found[1::2], found[2::2]))


def before_lines(part):
    return "\n".join(re.findall(r"^; (?:remove|stays): (.*)$", part, flags=re.M)) + "\n"


def read_zone(text, folder, truth):
    by_zone = parts(text)
    ok(set(by_zone) == {c["zone"] for c in truth.changes}, "zone: every zone", sorted(by_zone))
    for zone, part in by_zone.items():
        done, got = compiled(folder, zone, part)
        ok(done.returncode == 0, "zone: %s: named-compilezone takes it" % zone, done.stdout + done.stderr)
        wanted = {((unescape(c["name"].encode()), c["type"]), v) for c in truth.changes if c["zone"] == zone for v in c["wanted"]}
        same("zone: %s: every wanted value" % zone, got, wanted)
        done, got = compiled(folder, zone, before_lines(part))
        same("zone: %s: what goes and what stays" % zone, got, as_records(truth.sets(), 0, zone))


def run_nsupdate(script, zone_text, truth):
    if not have("named", "nsd", "nsupdate", "dig"):
        return
    zones = parts(zone_text)
    with Lab() as lab:
        for zone, part in zones.items():
            lab.zone(zone, before_lines(part) + ("mx1 A 192.0.2.7\nmx2 A 192.0.2.8\nold A 192.0.2.9\n" if zone == "hostile.example" else ""))
        lab.start_names()
        for zone in zones:
            same("nsupdate: %s before" % zone, records(lab.transfer(zone)), as_records(truth.sets(), 0, zone))
        done = lab.update(script)
        ok(done.returncode == 0, "nsupdate: taken by BIND", done.stdout + done.stderr + open(lab.path("named.log")).read()[-600:])
        for zone in zones:
            same("nsupdate: %s afterwards" % zone, records(lab.transfer(zone)), as_records(truth.sets(), 1, zone))
        for zone in zones:
            held = lab.transfer(zone)
            again = "\n".join(re.findall(r"^(?!; )(?:zone %s\..*|.*)$" % re.escape(zone), script, flags=re.M))
            done = lab.update(again)
            ok(done.returncode != 0 and "RRSET" in done.stdout + done.stderr, "nsupdate: refused when %s is not as it was" % zone, done.stdout + done.stderr)
            ok(lab.transfer(zone) == held, "nsupdate: and then nothing in %s changes" % zone)


def main():
    if not os.path.exists(WRITER):
        ok(False, "the writer of the formats is built (make check builds it)")
        return
    folder = tempfile.mkdtemp(prefix="mailstead-formats.")
    try:
        done = run([WRITER, folder])
        if not ok(done.returncode == 0, "all formats are written", done.stderr):
            return
        again = run([WRITER, folder])
        ok(again.returncode != 0, "and never over earlier files", again.stderr)
        truth = Truth(folder)
        text = {f: open(os.path.join(folder, f), encoding="utf-8", newline="").read() for f in os.listdir(folder) if f != "truth"}
        for name, content in text.items():
            ok(not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e]", content), name + ": nothing in it that a terminal would obey")
            ok("evil." not in [l.split()[0] for l in content.splitlines() if l.split()], name + ": no line of the data's own")
        read_csv(text["csv"], truth)
        read_html(text["html"], truth)
        read_route53(text["route53"], truth)
        read_octodns(text["octodns"], truth)
        read_dnscontrol(text["dnscontrol"], folder, truth)
        if have("named-compilezone"):
            read_zone(text["zone"], folder, truth)
        run_nsupdate(text["nsupdate"], text["zone"], truth)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
    finish()
