#!/usr/bin/env python3
"""mailstead's SPF evaluation beside pyspf (python3-spf), an independent implementation: generated records and questions over the same data.

Every difference must have a reason in EXCEPTIONS, with the clause of RFC 7208 that decides it; a reason that decides nothing is told too.
Environment: EVALUATE (build-test/tests/conformance/spf_evaluate), SEED, WORLDS."""
import os
import random
import re
import subprocess
import sys
import tempfile

try:
    import spf
except ImportError:
    print("not ok pyspf (python3-spf) is not installed")
    sys.exit(1)

HERE = os.path.dirname(os.path.abspath(__file__))
PROGRAM = os.environ.get("EVALUATE", os.path.join(HERE, "../../build-test/tests/conformance/spf_evaluate"))
NAMES = ["example.com", "a.example.com", "b.example.com", "c.example.com", "d.example.net", "e.example.net", "mail.example.org", "gone.example.org"]
IPS4 = ["192.0.2.1", "192.0.2.2", "192.0.2.65", "198.51.100.7"]
IPS6 = ["2001:db8::1", "2001:db8::cb01", "2001:db8:1::7"]
MACROS = ["%{d}", "%{o}", "%{l}", "%{s}", "%{i}", "%{ir}", "%{v}", "%{h}", "%{d2}", "%{dr}", "%{l1r-}", "%{lr+-}", "%{p}", "%{d1}", "%{D}", "%{S}", "%%", "%_", "%-"]
BROKEN = ["%{x}", "%{d0}", "%{c}", "%{i", "%(d)", "%"]


def domain(rng):
    if rng.random() < 0.01:
        return rng.choice(BROKEN) + "." + rng.choice(NAMES)
    if rng.random() < 0.25:
        return rng.choice(MACROS) + "." + rng.choice(NAMES) if rng.random() < 0.7 else rng.choice(NAMES) + "." + rng.choice(MACROS)
    if rng.random() < 0.03:
        return rng.choice(["museum", "museum.", "1.2.3.4", "example.com.", "a..example.com", "foo:bar/baz.example.com", "example.-com", "example.com-", "x_y.example.com", "",
                           "EXAMPLE.com", "h.example.1-2", "example.com:80"])
    return rng.choice(NAMES)


def length(rng):
    if rng.random() < 0.02:
        return rng.choice(["/33", "/024", "//129", "/", "//", "/24/64"])
    return rng.choice(["", "", "", "", "", "/24", "/32", "/0", "/8", "//64", "//128", "//0", "/24//64"])


def term(rng):
    kind = rng.choice(["all", "include", "a", "a", "mx", "mx", "ptr", "exists", "ip4", "ip4", "ip6", "redirect", "exp", "unknown", "odd"])
    sign = rng.choice(["", "", "", "+", "-", "~", "?"])
    if kind == "all":
        return sign + rng.choice(["all", "ALL", "all", "all", "all:x", "all/8", "all."] if rng.random() < 0.05 else ["all"])
    if kind in ("include", "exists"):
        return sign + kind + (":" + domain(rng) if rng.random() < 0.99 else "") + ("/24" if rng.random() < 0.01 else "")
    if kind in ("a", "mx"):
        return sign + rng.choice([kind, kind, kind.upper()]) + (":" + domain(rng) if rng.random() < 0.7 else "") + length(rng)
    if kind == "ptr":
        return sign + kind + (":" + domain(rng) if rng.random() < 0.6 else "") + ("/24" if rng.random() < 0.01 else "")
    if kind == "ip4":
        text = rng.choice(IPS4 + ["192.0.2.0", "0.0.0.0"] + (["1.2.3", "1.2.3.256", "01.2.3.4", "::1", "1.2.3.4:25"] if rng.random() < 0.02 else []))
        return sign + "ip4:" + text + rng.choice(["", "", "/24", "/32", "/0", "/31"] + (["/33", "/", "/024", "//24"] if rng.random() < 0.02 else []))
    if kind == "ip6":
        text = rng.choice(IPS6 + ["2001:db8::", "::"] + (["1.2.3.4", "2001:db8:::1", "[::1]", "fe80::1%eth0"] if rng.random() < 0.02 else []))
        return sign + "ip6:" + text + rng.choice(["", "", "/32", "/128", "/0", "/64"] + (["/129", "/", "/064", "//64"] if rng.random() < 0.02 else []))
    if kind == "redirect":
        return "redirect=" + domain(rng)
    if kind == "exp":
        return "exp=" + rng.choice(["exp.example.com", "exp2.example.com", domain(rng)])
    if kind == "unknown":
        return rng.choice(["moo=", "a-b_c.9=x", "moo=%{d}/%%", "v=spf1", "default=fail"] + (["moo=%abc"] if rng.random() < 0.1 else []))
    return rng.choice(["foo", "foo:bar", "-", "=x", "9a=x", "ip4", "a.", "--all", "!all"]) if rng.random() < 0.05 else "a"


def record(rng):
    terms = [term(rng) for _ in range(rng.choice([1, 2, 2, 3, 3, 4, 5, 12]))]
    if rng.random() < 0.7:
        terms.append(rng.choice(["-all", "~all", "?all"]))
    return rng.choice(["v=spf1", "v=spf1", "v=SPF1"]) + " " + rng.choice([" ", " ", "  "]).join(terms) + rng.choice(["", "", " "])


def world(rng):
    zone = {}
    for name in NAMES[:-1]:
        if rng.random() < 0.9:
            zone[(name, "TXT")] = [record(rng)]
            if rng.random() < 0.05:
                zone[(name, "TXT")].append(record(rng))
            if rng.random() < 0.2:
                zone[(name, "TXT")].append("other text")
        if rng.random() < 0.6:
            zone[(name, "A")] = rng.sample(IPS4, rng.choice([1, 1, 2]))
        if rng.random() < 0.4:
            zone[(name, "AAAA")] = rng.sample(IPS6, 1)
        if rng.random() < 0.5:
            hosts = rng.sample(NAMES, rng.choice([1, 2]))
            zone[(name, "MX")] = [(10 * (n + 1), host) for n, host in enumerate(hosts)]
        for kind in ("TXT", "A", "MX"):
            if rng.random() < 0.03:
                zone[(name, kind)] = "timeout"
    if rng.random() < 0.1:
        zone[("b.example.com", "MX")] = [(10, "m%d.example.com" % n) for n in range(11)]
    for n in range(11):
        zone[("m%d.example.com" % n, "A")] = ["192.0.2.%d" % (n + 1)]
    zone[("exp.example.com", "TXT")] = [rng.choice(["no %{i} for %{s}", "%{c} %{d} %{h}.", "%{o} %{l} %{v} %{r}", "bad %{x", "100%"])]
    if rng.random() < 0.5:
        zone[("exp2.example.com", "TXT")] = ["one", "two"]
    for address in IPS4 + IPS6:
        if rng.random() < 0.6:
            zone[(reverse(address), "PTR")] = rng.sample(NAMES, rng.choice([1, 2, 3]))
    return zone


def reverse(address):
    import ipaddress
    return ipaddress.ip_address(address).reverse_pointer


def questions(rng):
    for _ in range(4):
        yield rng.choice(IPS4 + IPS4 + IPS6), rng.choice(["user@example.com", "strong-bad@a.example.com", "a.b+c@example.com", "@b.example.com", "", "x@d.example.net"]), rng.choice(
            ["example.com", "c.example.com", "mail.example.org", "OEMCOMPUTER"])


def quoted(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def lines(zone):
    for (name, kind), values in zone.items():
        if values == "timeout":
            yield "dns %s %s timeout" % (name, kind)
            continue
        for value in values:
            if kind == "TXT":
                yield "dns %s TXT %s" % (name, quoted(value))
            elif kind == "MX":
                yield "dns %s MX %d %s" % (name, value[0], value[1])
            else:
                yield "dns %s %s %s" % (name, kind, value)


def other_program(zone, address, sender, helo):
    """What pyspf says: (result, explanation)."""
    def look_up(name, kind, strict=True, timeout=20):
        values = zone.get((name.lower().rstrip("."), kind), [])
        if values == "timeout":
            raise spf.TempError("DNS timeout")
        if kind == "TXT":
            return [((name, kind), [value.encode()]) for value in values]
        if kind == "AAAA":
            import ipaddress
            return [((name, kind), ipaddress.ip_address(value).packed) for value in values]
        return [((name, kind), value) for value in values]
    spf.DNSLookup = look_up
    spf.MAX_VOID_LOOKUPS = 1000  # it counts every question, also those behind mx and ptr; the table of evaluations proves the limit
    query = spf.query(i=address, s=sender, h=helo)
    try:
        result, _, explanation = query.check()
    except AssertionError:
        return "permerror", "", "recursion"
    except Exception as error:  # pyspf falls over some records
        return "crash", "", str(error)
    known = explanation if result == "fail" and explanation != "SPF fail - not authorized" else ""
    return result, known, getattr(query, "prob", "")


def records_of(zone):
    return " ".join(value for (_, kind), values in zone.items() if kind == "TXT" and values != "timeout" for value in values)


# Where pyspf is wrong, or the RFC leaves it open. (name, why, test of ours, theirs, their words, our words, all records)
EXCEPTIONS = [
    ("voids", "section 4.6.4: empty look-ups are counted by term", lambda o, t, words, ours, text: "void" in ours),
    ("crash", "pyspf falls over the record", lambda o, t, words, ours, text: t == "crash"),
    ("repeated unknown modifier", "section 6: only redirect and exp must not stand twice", lambda o, t, words, ours, text: "MUST appear at most once" in words and not re.match("(redirect|exp)=", words)),
    ("redirect counted when it is read", "section 4.6.4: terms count during evaluation", lambda o, t, words, ours, text: ("Too many DNS lookups" in words or "more than 10" in ours) and "redirect=" in text),
    ("percent at the end", "section 7.1: %% may end a macro-string", lambda o, t, words, ours, text: "invalid-macro-char" in words and "%%" in text),
    ("sender without a local part", "section 4.3: %{s} then begins with postmaster", lambda o, t, words, ours, text: o == t == "fail" and "%{s}" in text),
    ("exists without a domain", "section 5.7", lambda o, t, words, ours, text: re.search(r"syntax error: .?exists(/\d+)? ", ours)),
    ("include without a domain", "section 5.2", lambda o, t, words, ours, text: re.search(r"syntax error: .?include(/\d+)? ", ours)),
    ("macro syntax", "section 7.1: pyspf takes %{d0} and finds other faults when it expands", lambda o, t, words, ours, text: re.search(r"syntax error: \S*%(\{d0\}|\{i\.|\(|[^{%_-])", ours)),
    ("names behind ptr that cannot be looked up", "section 5.5: such a name is skipped", lambda o, t, words, ours, text: t == "temperror" and o != "temperror" and re.search(r"ptr|%\{p", text)),
    ("explanation with a broken macro", "section 6.2: it is ignored", lambda o, t, words, ours, text: o == t == "fail" and "bad %{x" in text),
    ("empty label", "section 7.1 lets it pass and no question can hold it: what then is left open (section 4.8); here it is a syntax error", lambda o, t, words, ours, text: re.search(r"syntax error: \S*\.\.", ours)),
    ("trivial recursion", "section 5.2: an include of the own domain is no syntax error; it ends at the tenth look-up, or another term matches before", lambda o, t, words, ours, text: "trivial recursion" in words),
]


def main():
    rng = random.Random(int(os.environ.get("SEED", "7208")))
    worlds = [world(rng) for _ in range(int(os.environ.get("WORLDS", "1000")))]
    asked, text = [], []
    for number, zone in enumerate(worlds):
        text.append("scenario %d" % number)
        text.extend(lines(zone))
        for address, sender, helo in questions(rng):
            asked.append((zone, address, sender, helo))
            text.append("check %s %s %s" % (address, quoted(sender), helo))
        text.append("end")
    with tempfile.NamedTemporaryFile("w", suffix=".rows") as table:
        table.write("\n".join(text) + "\n")
        table.flush()
        output = subprocess.run([PROGRAM, table.name], capture_output=True, text=True, timeout=240).stdout.split("\n")
    ours = [line.split("\t") for line in output if line]
    if len(ours) != len(asked):
        print("not ok every question has an answer (%d of %d)" % (len(ours), len(asked)))
        return 1
    used, different, results = {}, 0, {}
    for (zone, address, sender, helo), (result, _, _, mechanism, explanation, problem) in zip(asked, ours):
        other, words_explained, words = other_program(zone, address, sender, helo)
        results[result] = results.get(result, 0) + 1
        if result == other and (result != "fail" or explanation == words_explained):
            continue
        reason = next((e for e in EXCEPTIONS if e[2](result, other, str(words), problem, records_of(zone))), None)
        if reason:
            used[reason[0]] = used.get(reason[0], 0) + 1
            continue
        different += 1
        if different <= int(os.environ.get("SHOW", "5")):
            print("# %s from %s, HELO %s: mailstead %s (%s) [%s], pyspf %s (%s) [%s]" % (sender, address, helo, result, problem, explanation, other, words, words_explained))
            for line in lines(zone):
                if "TXT" in line:
                    print("#   " + line)
    print("# %d evaluations (%s); explained differences: %s" % (len(asked), ", ".join("%s %d" % pair for pair in sorted(results.items())),
                                                                ", ".join("%s %d" % pair for pair in sorted(used.items())) or "none"))
    print("%s SPF evaluation agrees with pyspf in %d questions, %d differences without a reason" % ("not ok" if different else "ok", len(asked), different))
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
