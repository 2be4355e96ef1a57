"""Manners of mail and web servers, each under a name of its own in the zone cases.gov.uk: what check.expected says of <name>.cases.gov.uk."""

ZONE, SHARING = "cases.gov.uk", 200
WELL_KNOWN = "location = /.well-known/mta-sts.txt"
LINES = ["version: STSv1", "mode: enforce", "mx: mx.good.gov.uk", "max_age: 1209600"]
MAIL_NET, IPV6, WEB_HTTP2 = "127.0.54.", "::1", "127.0.53.31"


def shown(lab, name, host=None, with_issuer=None, key="ec", **how):
    """The chain of a mail server as Postfix wants it: key and certificate, and the issuer's after it."""
    key, pem = lab.certificate("case-" + name, host or "mx.%s.%s" % (name, ZONE), key=key, **how)
    if with_issuer:
        with open(pem, "a", encoding="utf-8") as file, open(lab.path(with_issuer + ".pem"), encoding="utf-8") as issuer:
            file.write(issuer.read())
    return "%s,%s" % (key, pem)


def tls(chain, protocols=">=TLSv1.2", **more):
    return ["smtpd_tls_chain_files=" + chain, "smtpd_tls_protocols=" + protocols, "tls_preempt_cipherlist=yes"] + ["%s=%s" % item for item in more.items()]


def mail_cases(lab):
    """(name, [options of smtpd at each of its addresses]) each."""
    lab.issuer("middle")
    lab.issuer("middle-late", expired=True)
    lab.issuer("narrow", names="permitted;DNS:elsewhere.example")
    lab.dh_parameters("dh1024.pem")
    weak = "ALL:@SECLEVEL=0"
    return [
        ("chain", [tls(shown(lab, "chain", issuer="middle", with_issuer="middle"))]),
        ("nochain", [tls(shown(lab, "nochain", issuer="middle"))]),
        ("latechain", [tls(shown(lab, "latechain", issuer="middle-late", with_issuer="middle-late"))]),
        ("tls13", [tls(shown(lab, "tls13"), ">=TLSv1.3")]),
        ("tls12", [tls(shown(lab, "tls12"), "TLSv1.2")]),
        ("mixed", [tls(shown(lab, "mixed"), ">=TLSv1", tls_medium_cipherlist=weak)]),
        ("order", [["smtpd_tls_chain_files=" + shown(lab, "order"), "smtpd_tls_protocols=>=TLSv1.2"]]),
        ("asks", [tls(shown(lab, "asks"), smtpd_tls_ask_ccert="yes")]),
        ("insists", [tls(shown(lab, "insists"), smtpd_tls_security_level="encrypt", smtpd_tls_req_ccert="yes", smtpd_tls_mandatory_protocols=">=TLSv1.2")]),
        ("both", [tls(shown(lab, "both") + "," + shown(lab, "both-rsa", "mx.both." + ZONE, key="rsa:2048"))]),
        ("sha1", [tls(shown(lab, "sha1", digest="sha1"))]),
        ("rsa1024", [tls(shown(lab, "rsa1024", key="rsa:1024"))]),
        ("cn", [tls(shown(lab, "cn", names=[]))]),
        ("wildcard", [tls(shown(lab, "wildcard", names=["*.wildcard." + ZONE]))]),
        ("deep", [tls(shown(lab, "deep", names=["*." + ZONE]))]),
        ("p384", [tls(shown(lab, "p384", key="ec:secp384r1"))]),
        ("ed25519", [tls(shown(lab, "ed25519", key="ed25519"), ">=TLSv1.2")]),
        ("many", [tls(shown(lab, "many", names=["host%d.many.%s" % (n, ZONE) for n in range(400)] + ["mx.many." + ZONE]))]),
        ("unused", [tls(shown(lab, "unused", with_issuer="middle"))]),
        ("others", [tls(shown(lab, "others", issuer="narrow", with_issuer="narrow"))]),
        ("two", [tls(shown(lab, "two")), tls(shown(lab, "two-late", "mx.two." + ZONE, expired=True))]),
        ("dh", [tls(shown(lab, "dh", key="rsa:2048"), "TLSv1.2", smtpd_tls_dh1024_param_file=lab.path("dh1024.pem"), tls_medium_cipherlist="kDHE+AESGCM:@SECLEVEL=0")]),
        ("nocert", [["smtpd_tls_cert_file=none", "smtpd_tls_protocols=TLSv1.2", "tls_medium_cipherlist=aNULL:@SECLEVEL=0"]]),
        ("rejects", [["smtpd_delay_reject=no", "smtpd_client_restrictions=reject"]]),
        ("later", [["smtpd_delay_reject=no", "smtpd_client_restrictions=check_client_access static:{421 4.3.2 later}"]]),
        ("slow", [tls(shown(lab, "slow"), smtpd_delay_reject="no", smtpd_client_restrictions="sleep 2")]),
        ("ipv6", [tls(shown(lab, "ipv6"))]),
    ]


# What `mailstead partners` must say of who has such a mail server: exception (on the list of those that TLS is not required of), invalid (TLS, and no
# certificate that could be required), valid. Strength of keys and signatures is no part of it (name, chain and date are).
PARTNERS = {
    "valid": "good p384 ed25519 many unused chain tls13 tls12 mixed order asks both sha1 rsa1024 cn wildcard dh slow ipv6",
    "invalid": "others expired selfsigned wrongname nochain latechain deep two",
    "exception": "old plain insists nocert rejects later",
}


def addresses_of(cases):
    """Addresses for the cases, in order: one IPv6, the others of one network."""
    given, next_host = {}, 10
    for name, services in cases:
        given[name] = []
        for _ in services:
            given[name].append(IPV6 if name == "ipv6" else MAIL_NET + str(next_host))
            next_host += name != "ipv6"
    return given


def web_cases(lab):
    """(name, certificate, text inside `server { }`, by HTTP/2) each."""
    def served(lines, end="\\n", begin=""):
        return '%s { return 200 "%s%s"; }' % (WELL_KNOWN, begin, "".join(line + end for line in lines))

    def case(name, inside, http2=False, **how):
        return name, lab.certificate("web-" + name, "mta-sts.%s.%s" % (name, ZONE), key="ec", **how), inside, http2
    good = served(LINES)
    lab.write("large-page.html", "<html>" + "nothing here " * 8000)
    return [
        case("crlf", served(LINES, "\\r\\n")),
        case("http2", good, True),
        case("mark", served(LINES, begin="\ufeff")),
        case("bytes", "default_type application/octet-stream; " + good),
        case("html", "default_type text/html; " + WELL_KNOWN + ' { return 200 "<html>not here"; }'),
        case("junk", served(LINES + ["and so on"])),
        case("gone", WELL_KNOWN + " { return 404; }"),
        case("gonelarge", "error_page 404 /large-page.html; root %s;" % lab.dir),
        case("late", good, expired=True),
        case("own", good, self_signed=True),
        case("wildhost", good, names=["*.wildhost." + ZONE]),
    ]


def zone(cases, webs, web_address):
    """The text of the zone. Who has a policy leaves its mail with the good server."""
    text = ""
    for name, addresses in addresses_of(cases).items():
        text += "%s MX 10 mx.%s\n" % (name, name)
        text += "".join("mx.%s %s %s\n" % (name, "AAAA" if ":" in address else "A", address) for address in addresses)
    text += "".join("shared%d MX 10 mx.%s.gov.uk.\n" % (n, "good" if n % 2 == 0 else "wrongname") for n in range(SHARING))
    for name, _, _, http2 in webs:
        text += '%s MX 10 mx.good.gov.uk.\n_mta-sts.%s TXT "v=STSv1; id=1"\nmta-sts.%s A %s\n_smtp._tls.%s TXT "v=TLSRPTv1; rua=mailto:t@good.gov.uk"\n' % (
            name, name, name, WEB_HTTP2 if http2 else web_address, name)
    return text
