"""Every visible string goes through gettext: the golden script is driven with a catalogue in which every letter carries an accent, and whatever
stands on a page in plain letters was not translated. Names, records and the text of facts are data, and stay as they are."""
import os
import re
import subprocess
import sys
import tempfile

here = os.path.dirname(os.path.abspath(__file__))
top = os.path.join(here, "..", "..")
build = os.path.join(top, "build-test")
mailstead = os.environ.get("MAILSTEAD", os.path.join(build, "mailstead"))

PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
MARKED = "àƀçđéƒğĥîĵķļɱñôƥɋŕşţûṽŵẋýžÀƁÇĐÉƑĞĤÎĴĶĻṀÑÔƤɊŔŞŢÛṼŴẊÝŽ"
MARK = str.maketrans(PLAIN, MARKED)
KEPT = re.compile(r"\{[a-z_0-9]+\}|%[-+ #0]*[0-9*]*(?:\.[0-9*]+)?(?:hh|h|ll|l|z|j|t)?[a-zA-Z%]|\\[a-z\"\\]")


def marked(text):
    parts, at = [], 0
    for kept in KEPT.finditer(text):
        parts += [text[at:kept.start()].translate(MARK), kept.group()]
        at = kept.end()
    return "".join(parts) + text[at:].translate(MARK)


def catalogue(folder):
    """The template with every string translated by marking it, compiled."""
    pot = os.path.join(folder, "mailstead.pot")
    subprocess.run(["make", "-s", "-C", build, "pot"], check=True, capture_output=True)
    lines, msgid, plural, current, header = [], [], [], None, True
    for line in open(os.path.join(build, "po", "mailstead.pot"), encoding="utf-8"):
        text = re.match(r'(?:(msgid_plural|msgid|msgstr(?:\[\d\])?) )?"(.*)"$', line.rstrip("\n"))
        if not text:
            lines.append(line)
            continue
        if text.group(1):
            current = text.group(1)
        if current == "msgid":
            msgid = [] if text.group(1) else msgid
            msgid.append(text.group(2))
            plural = []
        elif current == "msgid_plural":
            plural = plural + [text.group(2)]
        if current.startswith("msgstr"):
            if not text.group(1):
                lines.append(line)
                continue
            source = plural if plural and current == "msgstr[1]" else msgid
            if header and "".join(msgid) == "":
                header = False
                lines.append('msgstr ""\n')
                continue
            lines.append('%s "%s"\n' % (current, marked("".join(source))))
        else:
            lines.append(line)
    text = "".join(lines).replace("charset=CHARSET", "charset=UTF-8").replace("nplurals=INTEGER; plural=EXPRESSION", "nplurals=2; plural=n != 1")
    open(pot, "w", encoding="utf-8").write(text)
    target = os.path.join(folder, "locale", "cy", "LC_MESSAGES")
    os.makedirs(target)
    subprocess.run(["msgfmt", "-o", os.path.join(target, "mailstead.mo"), pot], check=True, capture_output=True)


def help_pages(folder):
    """They are files of their own, and may stand in a second pane; where their links go is no text."""
    os.makedirs(os.path.join(folder, "cy"))
    for name in os.listdir(os.path.join(here, "..", "..", "help", "en")):
        text = open(os.path.join(here, "..", "..", "help", "en", name), encoding="utf-8").read()
        parts = re.split(r"(\]\([^)]*\)|`[^`]*`)", text)
        open(os.path.join(folder, "cy", name), "w", encoding="utf-8").write("".join(part if i % 2 else part.translate(MARK) for i, part in enumerate(parts)))


def pages(folder):
    script = "size 118x200\nlanguage cy\n" + "".join(
        line for line in open(os.path.join(here, "golden", "screens.script")) if not line.startswith("roles"))
    # what the script waits for is written in English
    script = re.sub(r"^until (.*)$", lambda m: "until " + (m.group(1) if "[" in m.group(1) else m.group(1).translate(MARK)), script, flags=re.M)
    open(os.path.join(folder, "script"), "w").write(script)
    environment = {"PATH": os.environ["PATH"], "HOME": folder, "TZ": "UTC", "LC_ALL": "C.UTF-8", "TERM": "xterm", "MAILSTEAD_NOW": "2026-11-24T10:05:00Z",
                   "MAILSTEAD_LOCALEDIR": os.path.join(folder, "locale"), "ASAN_OPTIONS": "detect_leaks=0",
                   "MAILSTEAD_HELP": folder}
    done = subprocess.run([mailstead, "--script", os.path.join(folder, "script"), "--evidence", os.path.join(here, "golden", "exampleshire.json"), "--language", "cy"],
                          env=environment, capture_output=True, text=True)
    if done.returncode:
        print(done.stdout[-3000:], done.stderr)
        sys.exit("the script did not run to its end")
    return done.stdout


DATA = re.compile(r"""
    [^\s"]*[.@:=_/][^\s"]*      # names, addresses, terms, tags, paths
  | "[^"]*"?                    # what is quoted from outside
  | \b[A-Z0-9][A-Z0-9-]*\b       # types of records, names of standards
  | [^\s]*[0-9][^\s]*           # figures, selectors, suites
  """, re.X)
WORD = re.compile(r"[A-Za-z]{2,}")
# Names that are the same in every language, words of records and commands, what the script types, and pages that are kept in files of their own.
NAMES = set("""mailstead English Cymraeg example xterm all mx mail testing enforce dig short Microsoft Broadcom Email MessageLabs
    ip sender section guidance certificates reverse dns tell organisation none rua fo records spf include unregistered nonsense No such file or directory Beacon Names Ltd Exampleshire County Council""".split())
PAGES_IN_FILES = {"help", "index", "search"}


def unmarked(text):
    """Words in plain letters, with the page and the line on which they stand."""
    page = ""
    for line in text.splitlines():
        if line.startswith("== "):
            page = line.split()[1]
        elif page:
            plain = re.sub(r"\[[a-z0-9-]+\]$", "", line.rstrip("|").strip())  # the id of a rule
            for word in WORD.findall(DATA.sub(" ", plain)):
                if word not in NAMES and page not in PAGES_IN_FILES:
                    yield word, page, plain


def main():
    with tempfile.TemporaryDirectory() as folder:
        catalogue(folder)
        help_pages(folder)
        shown = pages(folder)
    seen = {}
    for word, page, line in unmarked(shown):
        seen.setdefault((page, line), []).append(word)
    for (page, line), words in seen.items():
        print("not translated on the page %s: %s (%s)" % (page, " ".join(words), line))
    marked_words = len(re.findall("[%s]{2,}" % MARKED, shown))
    print("%s %d pages: %d translated words, %d lines with words that are not" % ("not ok" if seen or marked_words < 1000 else "ok", shown.count("\n== ") + 1, marked_words, len(seen)))
    return 1 if seen or marked_words < 1000 else 0


sys.exit(main())
