/* The judges of tls and dane, and the partner's, over sessions made from lines. Every row names all findings of its topic. */
#include "checks/judge/lib.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "checks/record/certificate.h"
#include "checks/record/tlsa.h"
#include "tests/conformance/sessions.h"
#include "tests/support/mint.h"

#define NOW ((int64_t)1795428000 * 1000) /* 2026-11-23T10:00:00Z */
#define DIGEST "8d02536c887482bc34ff54e41d2ba659bf85b341a0a20afadb5813dcfbcf286d"
#define ONE_HOST "dns example.gov.uk MX 10 mx1.example.gov.uk\ndns mx1.example.gov.uk A 192.0.2.1\n"
#define TWO_HOSTS ONE_HOST "dns example.gov.uk MX 20 mx2.example.gov.uk\ndns mx2.example.gov.uk A 198.51.100.2\n"
#define TWO_ADDRESSES ONE_HOST "dns mx1.example.gov.uk A 192.0.2.2\n"
#define CERTIFICATES "certificate ca ca trusted key=p384\ncertificate leaf issuer=ca names=mx1.example.gov.uk\n"
#define GOOD ONE_HOST CERTIFICATES
#define FINE "find smtp-ok pass\nfind tls-ok pass\nfind tls-cipher-recommended pass\n"
#define STS "dns _mta-sts.example.gov.uk TXT v=STSv1;~id=1;\ncertificate sts issuer=ca names=mta-sts.example.gov.uk\n"
#define ENFORCE "https mta-sts.example.gov.uk /.well-known/mta-sts.txt chain=sts body=version:~STSv1\\nmode:~enforce\\nmx:~mx1.example.gov.uk\\nmax_age:~1209600\\n\n"
#define TESTING "https mta-sts.example.gov.uk /.well-known/mta-sts.txt chain=sts body=version:~STSv1\\nmode:~testing\\nmx:~mx1.example.gov.uk\\nmax_age:~1209600\\n\n"
#define AT "smtp mx1.example.gov.uk 192.0.2.1 "

static const struct row { const char *title, *lines; } tls_rows[] = {
  { "good", GOOD AT "chain=leaf\n" FINE "find tls-cert-ok pass\n" },
  { "refused", GOOD AT "connect=refused\nfind smtp-connect-refused fail\n" },
  { "silent, one network", GOOD AT "connect=timeout\nfind smtp-connect-timeout unknown\n" },
  { "silent, reachable", GOOD "reachable\n" AT "connect=timeout\nfind smtp-connect-timeout fail\n" },
  { "port 25 blocked", TWO_HOSTS "find smtp-port-blocked-here unknown example.gov.uk\n" },
  { "one of two hosts silent", TWO_HOSTS CERTIFICATES AT "chain=leaf\n" FINE "find tls-cert-ok pass\nfind smtp-connect-timeout fail mx2.example.gov.uk\n" },
  { "no route", GOOD AT "connect=no-route\nfind smtp-unreachable-from-here unknown\n" },
  { "prohibited", GOOD AT "connect=prohibited\nfind smtp-unreachable-from-here unknown\n" },
  { "no IPv6 here", GOOD "dns mx1.example.gov.uk AAAA 2001:db8::1\n" AT "chain=leaf\nsmtp mx1.example.gov.uk 2001:db8::1 connect=no-ipv6\n" FINE "find tls-cert-ok pass\nfind smtp-ipv6-not-tried info\n" },
  { "one address refuses", TWO_ADDRESSES CERTIFICATES AT "chain=leaf\nsmtp mx1.example.gov.uk 192.0.2.2 connect=refused\nfind tls-ok pass\nfind tls-cipher-recommended pass\nfind tls-cert-ok pass\nfind smtp-partial-addresses warn\n" },
  { "silent greeting", GOOD AT "end=silent\nfind smtp-banner-timeout fail\n" },
  { "silent after EHLO", GOOD AT "end=silent-ehlo\nfind smtp-reply-timeout fail\n" },
  { "closed", GOOD AT "end=closed\nfind smtp-closed-early fail\n" },
  { "closed after EHLO", GOOD AT "end=closed-ehlo\nfind smtp-closed-early fail\n" },
  { "garbage", GOOD AT "end=garbage\nfind smtp-banner-invalid fail\n" },
  { "rejects", GOOD AT "end=554\nfind smtp-banner-rejects fail\n" },
  { "blocks us", GOOD AT "end=blocked\nfind smtp-banner-rejects unknown\n" },
  { "later", GOOD AT "end=421\nfind smtp-banner-temporary unknown\n" },
  { "no EHLO", GOOD AT "end=ehlo-502\nfind smtp-ehlo-rejected fail\n" },
  { "HELO only", GOOD AT "end=helo-only\nfind smtp-ehlo-rejected warn\n" },
  { "slow greeting", GOOD AT "chain=leaf slow=banner\n" FINE "find tls-cert-ok pass\nfind smtp-banner-slow info\n" },
  { "slow", GOOD AT "chain=leaf slow=banner,ehlo\nfind tls-ok pass\nfind tls-cipher-recommended pass\nfind tls-cert-ok pass\nfind smtp-slow warn\n" },
  { "bare LF", GOOD AT "chain=leaf bare-lf\n" FINE "find tls-cert-ok pass\nfind smtp-bare-lf info\n" },
  { "no STARTTLS", GOOD AT "end=no-starttls\nfind smtp-starttls-not-offered fail\n" },
  { "masked", GOOD AT "end=masked\nfind smtp-starttls-masked unknown\n" },
  { "refused TLS", GOOD AT "end=454\nfind smtp-starttls-refused fail\n" },
  { "broken TLS", GOOD AT "end=broken\nfind smtp-starttls-broken fail\n" },
  { "handshake", GOOD AT "end=no-tls\nfind tls-handshake-failed fail\n" },
  { "client certificate", GOOD AT "end=client-certificate\nfind tls-client-cert-required fail\n" },
  { "asks for one", GOOD AT "chain=leaf asks-certificate\n" FINE "find tls-cert-ok pass\nfind tls-client-cert-requested info\n" },
  { "TLS 1.0 only", GOOD AT "chain=leaf versions=1.0 suite=TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA\nfind tls-version-too-old fail\nfind tls-cipher-weak warn\nfind tls-cert-ok pass\n" },
  { "TLS 1.0 too", GOOD AT "chain=leaf versions=1.0,1.2,1.3\nfind smtp-ok pass\nfind tls-cert-ok pass\nfind tls-old-versions-offered warn\n" },
  { "no 1.3", GOOD AT "chain=leaf versions=1.2\n" FINE "find tls-cert-ok pass\nfind tls-1-3-missing info\n" },
  { "no 1.2", GOOD AT "chain=leaf versions=1.3\n" FINE "find tls-cert-ok pass\nfind tls-1-2-missing info\n" },
  { "ChaCha20", GOOD AT "chain=leaf suite=TLS_CHACHA20_POLY1305_SHA256\nfind smtp-ok pass\nfind tls-cipher-acceptable info\nfind tls-cert-ok pass\n" },
  { "CBC", GOOD AT "chain=leaf versions=1.2 suite=TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384\nfind smtp-ok pass\nfind tls-cipher-weak warn\nfind tls-1-3-missing info\nfind tls-cert-ok pass\n" },
  { "RC4", GOOD AT "chain=leaf versions=1.2 suite=TLS_RSA_WITH_RC4_128_SHA\nfind smtp-ok pass\nfind tls-cipher-insecure fail\nfind tls-1-3-missing info\nfind tls-cert-ok pass\n" },
  { "small group", GOOD AT "chain=leaf versions=1.2 suite=TLS_DHE_RSA_WITH_AES_256_GCM_SHA384 group=DH bits=1024\nfind smtp-ok pass\nfind tls-cipher-acceptable info\nfind tls-dh-group-small warn\nfind tls-1-3-missing info\nfind tls-cert-ok pass\n" },
  { "tiny group", GOOD AT "chain=leaf versions=1.2 suite=TLS_DHE_RSA_WITH_AES_256_GCM_SHA384 group=DH bits=768\nfind smtp-ok pass\nfind tls-cipher-acceptable info\nfind tls-dh-group-small fail\nfind tls-1-3-missing info\nfind tls-cert-ok pass\n" },
  { "group of 2048", GOOD AT "chain=leaf versions=1.2 suite=TLS_DHE_RSA_WITH_AES_256_GCM_SHA384 group=DH bits=2048\nfind smtp-ok pass\nfind tls-cipher-acceptable info\nfind tls-1-3-missing info\nfind tls-cert-ok pass\n" },
  { "small curve", GOOD AT "chain=leaf bits=192 group=prime192v1\nfind smtp-ok pass\nfind tls-cert-ok pass\nfind tls-curve-weak warn\n" },
  { "SHA-1 handshake", GOOD AT "chain=leaf versions=1.2 signature=SHA1\nfind smtp-ok pass\nfind tls-cert-ok pass\nfind tls-1-3-missing info\nfind tls-signature-sha1 warn\n" },
  { "compression", GOOD AT "chain=leaf compression\nfind smtp-ok pass\nfind tls-cert-ok pass\nfind tls-compression fail\n" },
  { "renegotiation", GOOD AT "chain=leaf versions=1.2 no-renegotiation\nfind smtp-ok pass\nfind tls-cert-ok pass\nfind tls-1-3-missing info\nfind tls-renegotiation-insecure warn\n" },
  { "order, deep", GOOD "deep\n" AT "chain=leaf weak-suite=TLS_RSA_WITH_AES_128_CBC_SHA\nfind smtp-ok pass\nfind tls-cert-ok pass\nfind tls-server-order warn\n" },
  { "order, not deep", GOOD AT "chain=leaf weak-suite=TLS_RSA_WITH_AES_128_CBC_SHA\n" FINE "find tls-cert-ok pass\n" },
  { "hosts differ", TWO_HOSTS CERTIFICATES AT "chain=leaf\nsmtp mx2.example.gov.uk 198.51.100.2 end=no-starttls\n" FINE "find tls-cert-ok pass\nfind smtp-starttls-not-offered fail mx2.example.gov.uk\nfind tls-differs-between-hosts warn example.gov.uk\n" },
  { "expired", ONE_HOST "certificate ca ca trusted\ncertificate leaf issuer=ca names=mx1.example.gov.uk until=-1\n" AT "chain=leaf\n" FINE "find tls-cert-expired fail\n" },
  { "not yet", ONE_HOST "certificate ca ca trusted\ncertificate leaf issuer=ca names=mx1.example.gov.uk from=1\n" AT "chain=leaf\n" FINE "find tls-cert-not-yet-valid fail\n" },
  { "14 days", ONE_HOST "certificate ca ca trusted\ncertificate leaf issuer=ca names=mx1.example.gov.uk until=14\n" AT "chain=leaf\n" FINE "find tls-cert-expires-soon warn\n" },
  { "15 days", ONE_HOST "certificate ca ca trusted\ncertificate leaf issuer=ca names=mx1.example.gov.uk from=-60 until=15\n" AT "chain=leaf\n" FINE "find tls-cert-ok pass\n" },
  { "short life, in order", ONE_HOST "certificate ca ca trusted\ncertificate leaf issuer=ca names=mx1.example.gov.uk from=-1 until=5\n" AT "chain=leaf\n" FINE "find tls-cert-ok pass\n" },
  { "short life, late", ONE_HOST "certificate ca ca trusted\ncertificate leaf issuer=ca names=mx1.example.gov.uk from=-4 until=2\n" AT "chain=leaf\n" FINE "find tls-cert-expires-soon warn\n" },
  { "a month", ONE_HOST "certificate ca ca trusted\ncertificate leaf issuer=ca names=mx1.example.gov.uk from=-90 until=30\n" AT "chain=leaf\n" FINE "find tls-cert-ok pass\nfind tls-cert-expires-in-month info\n" },
  { "other name", ONE_HOST "certificate ca ca trusted\ncertificate leaf issuer=ca names=www.example.gov.uk\n" AT "chain=leaf\n" FINE "find tls-cert-name-mismatch fail\n" },
  { "CN only", ONE_HOST "certificate ca ca trusted\ncertificate leaf issuer=ca cn=mx1.example.gov.uk\n" AT "chain=leaf\n" FINE "find tls-cert-no-san warn\n" },
  { "wildcard too deep", ONE_HOST "certificate ca ca trusted\ncertificate leaf issuer=ca names=*.gov.uk\n" AT "chain=leaf\n" FINE "find tls-cert-wildcard-depth fail\n" },
  { "wildcard", ONE_HOST "certificate ca ca trusted\ncertificate leaf issuer=ca names=*.example.gov.uk\n" AT "chain=leaf\n" FINE "find tls-cert-ok pass\n" },
  { "self-signed", ONE_HOST "certificate leaf names=mx1.example.gov.uk\n" AT "chain=leaf\n" FINE "find tls-cert-self-signed warn\n" },
  { "self-signed, trusted", ONE_HOST "certificate leaf names=mx1.example.gov.uk trusted\n" AT "chain=leaf\n" FINE "find tls-cert-ok pass\n" },
  { "untrusted", ONE_HOST "certificate ca ca\ncertificate leaf issuer=ca names=mx1.example.gov.uk\n" AT "chain=leaf,ca\n" FINE "find tls-cert-untrusted warn\nfind tls-cert-root-sent info\n" },
  { "incomplete", ONE_HOST "certificate ca ca trusted\ncertificate middle ca issuer=ca\ncertificate leaf issuer=middle names=mx1.example.gov.uk\n" AT "chain=leaf\n" FINE "find tls-cert-chain-incomplete fail\n" },
  { "complete", ONE_HOST "certificate ca ca trusted\ncertificate middle ca issuer=ca\ncertificate leaf issuer=middle names=mx1.example.gov.uk\n" AT "chain=leaf,middle\n" FINE "find tls-cert-ok pass\n" },
  { "order", ONE_HOST "certificate ca ca trusted\ncertificate middle ca issuer=ca\ncertificate leaf issuer=middle names=mx1.example.gov.uk\n" AT "chain=leaf,ca,middle\n" FINE "find tls-cert-ok pass\nfind tls-cert-chain-order info\nfind tls-cert-root-sent info\n" },
  { "RSA 1024", ONE_HOST "certificate ca ca trusted\ncertificate leaf issuer=ca names=mx1.example.gov.uk key=rsa1024\n" AT "chain=leaf\n" FINE "find tls-cert-weak-key fail\n" },
  { "SHA-1", ONE_HOST "certificate ca ca trusted\ncertificate leaf issuer=ca names=mx1.example.gov.uk hash=sha1\n" AT "chain=leaf\n" FINE "find tls-cert-weak-signature fail\n" },
  { "SHA-1 root", ONE_HOST "certificate ca ca trusted hash=sha1\ncertificate leaf issuer=ca names=mx1.example.gov.uk\n" AT "chain=leaf,ca\n" FINE "find tls-cert-ok pass\nfind tls-cert-root-sent info\n" },
  { "bad signature", ONE_HOST "certificate ca ca trusted\ncertificate leaf issuer=ca names=mx1.example.gov.uk broken\n" AT "chain=leaf,ca\n" FINE "find tls-cert-bad-signature fail\nfind tls-cert-root-sent info\n" },
  { "must staple", ONE_HOST "certificate ca ca trusted\ncertificate leaf issuer=ca names=mx1.example.gov.uk staple\n" AT "chain=leaf\n" FINE "find tls-cert-must-staple warn\n" },
  { "stapled", ONE_HOST "certificate ca ca trusted\ncertificate leaf issuer=ca names=mx1.example.gov.uk staple\n" AT "chain=leaf stapled\n" FINE "find tls-cert-ok pass\n" },
  { "client only", ONE_HOST "certificate ca ca trusted\ncertificate leaf issuer=ca names=mx1.example.gov.uk extended=clientAuth\n" AT "chain=leaf\n" FINE "find tls-cert-key-usage fail\n" },
  { "key usage", ONE_HOST "certificate ca ca trusted\ncertificate leaf issuer=ca names=mx1.example.gov.uk usage=keyAgreement\n" AT "chain=leaf\n" FINE "find tls-cert-key-usage fail\n" },
  { "no CA", ONE_HOST "certificate ca ca trusted\ncertificate middle issuer=ca\ncertificate leaf issuer=middle names=mx1.example.gov.uk\n" AT "chain=leaf,middle\n" FINE "find tls-cert-intermediate-not-ca fail\n" },
  { "path length", ONE_HOST "certificate ca ca trusted\ncertificate upper ca issuer=ca pathlen=0\ncertificate middle ca issuer=upper\ncertificate leaf issuer=middle names=mx1.example.gov.uk\n" AT "chain=leaf,middle,upper\n" FINE "find tls-cert-intermediate-not-ca fail\n" },
  { "critical", ONE_HOST "certificate ca ca trusted\ncertificate leaf issuer=ca names=mx1.example.gov.uk critical\n" AT "chain=leaf\n" FINE "find tls-cert-critical-unknown fail\n" },
  { "differs", TWO_ADDRESSES CERTIFICATES "certificate other issuer=ca names=mx1.example.gov.uk\n" AT "chain=leaf\nsmtp mx1.example.gov.uk 192.0.2.2 chain=other\n" FINE "find tls-cert-ok pass\nfind tls-cert-differs info\n" },
  { "differs, one faulty", TWO_ADDRESSES CERTIFICATES "certificate other issuer=ca names=mx1.example.gov.uk until=-1\n" AT "chain=leaf\nsmtp mx1.example.gov.uk 192.0.2.2 chain=other\n" FINE "find tls-cert-expired fail\nfind tls-cert-differs warn\n" },
  { "long life", ONE_HOST "certificate ca ca trusted\ncertificate leaf issuer=ca names=mx1.example.gov.uk until=400\n" AT "chain=leaf\n" FINE "find tls-cert-ok pass\nfind tls-cert-lifetime-long info\n" },
  { "old domain", GOOD "certificate old issuer=ca names=mx1.example.gov.uk,mail.example.gsi.gov.uk\nold example.gsi.gov.uk\n" AT "chain=old\n" FINE "find tls-cert-ok pass\nfind tls-cert-old-domain info\n" },
  { "shared", GOOD "certificate many issuer=ca names=mx1.example.gov.uk,a.test,b.test\n" AT "chain=many\n" FINE "find tls-cert-ok pass\nfind tls-cert-shared info\n" },
  { "breaks enforce", GOOD STS ENFORCE AT "end=no-starttls\nfind smtp-starttls-not-offered fail\nfind tls-breaks-mta-sts fail\n" },
  { "breaks testing", GOOD STS TESTING AT "end=no-starttls\nfind smtp-starttls-not-offered fail\nfind tls-breaks-mta-sts warn\n" },
  { "policy and good", GOOD STS ENFORCE AT "chain=leaf\n" FINE "find tls-cert-ok pass\n" },
  { "self-signed under a policy", ONE_HOST "certificate ca ca trusted\ncertificate leaf names=mx1.example.gov.uk\n" STS ENFORCE AT "chain=leaf\nfind smtp-ok pass\nfind tls-cert-self-signed fail\nfind tls-breaks-mta-sts fail\n" },
  { "null MX", "dns example.gov.uk MX 0 .\n" },
};

static const struct row dane_rows[] = {
  { "absent", GOOD AT "chain=leaf\nfind dane-absent info example.gov.uk\n" },
  { "not signed", GOOD "dns _25._tcp.mx1.example.gov.uk TLSA 3 1 1 " DIGEST "\n" AT "chain=leaf\nfind dane-not-signed warn\nfind dane-single-record info\n" },
  { "MX unsigned", GOOD "ad mx1.example.gov.uk\ndns _25._tcp.mx1.example.gov.uk TLSA 3 1 1 " DIGEST "\n" AT "chain=leaf\nfind dane-mx-unsigned warn\nfind dane-single-record info\n" },
  { "no match", GOOD "ad example.gov.uk\ndns _25._tcp.mx1.example.gov.uk TLSA 3 1 1 " DIGEST "\n" AT "chain=leaf\nfind dane-no-match fail\nfind dane-single-record info\n" },
  { "match", GOOD "ad example.gov.uk\ndns _25._tcp.mx1.example.gov.uk TLSA 3 1 1 leaf\n" AT "chain=leaf\nfind dane-ok pass example.gov.uk\nfind dane-single-record info\n" },
  { "match and stale", GOOD "ad example.gov.uk\ndns _25._tcp.mx1.example.gov.uk TLSA 3 1 1 leaf\ndns _25._tcp.mx1.example.gov.uk TLSA 3 1 1 " DIGEST "\n" AT "chain=leaf\nfind dane-ok pass example.gov.uk\nfind dane-stale-record info\n" },
  { "no STARTTLS", GOOD "ad example.gov.uk\ndns _25._tcp.mx1.example.gov.uk TLSA 3 1 1 leaf\n" AT "end=no-starttls\nfind dane-no-starttls fail\nfind dane-single-record info\n" },
  { "usage 1", GOOD "ad example.gov.uk\ndns _25._tcp.mx1.example.gov.uk TLSA 1 1 1 leaf\n" AT "chain=leaf\nfind dane-usage-pkix warn\n" },
  { "unknown", GOOD "ad example.gov.uk\ndns _25._tcp.mx1.example.gov.uk TLSA 3 1 3 " DIGEST "\n" AT "chain=leaf\nfind dane-parameters-unknown warn\n" },
  { "length", GOOD "ad example.gov.uk\ndns _25._tcp.mx1.example.gov.uk TLSA 3 1 1 aabb\n" AT "chain=leaf\nfind dane-digest-length fail\n" },
  { "SHA-512", GOOD "ad example.gov.uk\ndns _25._tcp.mx1.example.gov.uk TLSA 3 1 2 leaf\n" AT "chain=leaf\nfind dane-ok pass example.gov.uk\nfind dane-sha512-only info\nfind dane-single-record info\n" },
  { "full", GOOD "ad example.gov.uk\ndns _25._tcp.mx1.example.gov.uk TLSA 3 1 0 leaf\n" AT "chain=leaf\nfind dane-ok pass example.gov.uk\nfind dane-full-data info\nfind dane-single-record info\n" },
  { "certificate", GOOD "ad example.gov.uk\ndns _25._tcp.mx1.example.gov.uk TLSA 3 0 1 leaf\n" AT "chain=leaf\nfind dane-ok pass example.gov.uk\nfind dane-selector-certificate info\nfind dane-single-record info\n" },
  { "anchor sent", GOOD "ad example.gov.uk\ndns _25._tcp.mx1.example.gov.uk TLSA 2 1 1 ca\n" AT "chain=leaf,ca\nfind dane-ok pass example.gov.uk\nfind dane-single-record info\n" },
  { "anchor not sent", GOOD "ad example.gov.uk\ndns _25._tcp.mx1.example.gov.uk TLSA 2 1 1 ca\n" AT "chain=leaf\nfind dane-ta-not-in-chain fail\nfind dane-single-record info\n" },
  { "anchor, wrong name", GOOD "certificate other issuer=ca names=other.example.gov.uk\nad example.gov.uk\ndns _25._tcp.mx1.example.gov.uk TLSA 2 1 1 ca\n" AT "chain=other,ca\nfind dane-ta-name-mismatch fail\nfind dane-single-record info\n" },
  { "anchor, expired", GOOD "certificate other issuer=ca names=mx1.example.gov.uk until=-1\nad example.gov.uk\ndns _25._tcp.mx1.example.gov.uk TLSA 2 1 1 ca\n" AT "chain=other,ca\nfind dane-ta-expired fail\nfind dane-single-record info\n" },
  { "leaf expired", GOOD "certificate other issuer=ca names=mx1.example.gov.uk until=-1\nad example.gov.uk\ndns _25._tcp.mx1.example.gov.uk TLSA 3 1 1 other\n" AT "chain=other\nfind dane-ok pass example.gov.uk\nfind dane-ee-expired info\nfind dane-single-record info\n" },
  { "one host of two", TWO_HOSTS CERTIFICATES "ad example.gov.uk\ndns _25._tcp.mx1.example.gov.uk TLSA 3 1 1 leaf\n" AT "chain=leaf\nfind dane-some-hosts warn example.gov.uk\nfind dane-single-record info\n" },
  { "at the domain", GOOD "dns _25._tcp.example.gov.uk TLSA 3 1 1 leaf\n" AT "chain=leaf\nfind dane-at-domain warn example.gov.uk\nfind dane-absent info example.gov.uk\n" },
  { "with a policy", GOOD STS ENFORCE "ad example.gov.uk\ndns _25._tcp.mx1.example.gov.uk TLSA 3 1 1 leaf\n" AT "chain=leaf\nfind dane-ok pass example.gov.uk\nfind dane-conflict-mta-sts info example.gov.uk\nfind dane-single-record info\n" },
  { "could not look", GOOD "dns _25._tcp.mx1.example.gov.uk TLSA servfail\n" AT "chain=leaf\nfind dane-lookup-failed unknown\n" },
  { "could not look, signed", GOOD "ad example.gov.uk\ndns _25._tcp.mx1.example.gov.uk TLSA servfail\n" AT "chain=leaf\nfind dane-lookup-failed fail\n" },
};

static const struct row partner_rows[] = {
  { "good", GOOD AT "chain=leaf\nfind partner-tls-ok pass example.gov.uk\nfind partner-valid-certificate info example.gov.uk\n" },
  { "self-signed", ONE_HOST "certificate leaf names=mx1.example.gov.uk\n" AT "chain=leaf\nfind partner-tls-ok pass example.gov.uk\nfind partner-certificate-invalid info example.gov.uk\n" },
  { "no TLS", GOOD AT "end=no-starttls\nfind partner-needs-exception warn example.gov.uk\n" },
  { "old TLS", GOOD AT "chain=leaf versions=1.0\nfind partner-needs-exception warn example.gov.uk\n" },
  { "silent", GOOD AT "connect=timeout\nfind partner-unknown unknown example.gov.uk\n" },
  { "later", GOOD AT "end=421\nfind partner-unknown unknown example.gov.uk\n" },
  { "null MX", "dns example.gov.uk MX 0 .\nfind partner-no-mail info example.gov.uk\n" },
  { "no host", "find partner-no-mail info example.gov.uk\n" },
  { "MX fails", "dns example.gov.uk MX servfail\nfind partner-unknown unknown example.gov.uk\n" },
};

/* ---- the world of a row ---- */

enum { MOST_LINES = 32, MOST_WORDS = 24 };
struct world {
  struct session_world *sessions;
  struct arena *arena;
  char **lines[MOST_LINES];
  size_t words[MOST_LINES], count;
  const char *signed_name;
  struct inquiry inquiry;
};

static const struct certificate *shown(struct world *world, const char *name) {
  char *words[] = { (char *)(uintptr_t)"smtp", (char *)(uintptr_t)"peek.test", arena_strdup(world->arena, name), arena_printf(world->arena, "chain=%s", name) };
  struct question question = { .kind = QUESTION_SMTP, .name = "peek.test", .server = name, .path = "" };
  assert_true(session_world_read(world->sessions, words, 4, NULL));
  struct smtp_session *session = (struct smtp_session *)(void *)session_world_observe(world->sessions, &question);
  assert_int_equal(session->tls.certificates, 1);
  const struct certificate *certificate = certificate_read(world->arena, session->tls.chain[0]->der, session->tls.chain[0]->der_length);
  observation_unref(&session->seen);
  return certificate;
}

static void set_tlsa(struct world *world, struct dns_rr *rr, char **words) {
  rr->tlsa.usage = (uint8_t)strtoul(words[0], NULL, 10);
  rr->tlsa.selector = (uint8_t)strtoul(words[1], NULL, 10);
  rr->tlsa.matching = (uint8_t)strtoul(words[2], NULL, 10);
  struct tlsa_text text;
  char *hex = arena_printf(world->arena, "3 1 1 %s", words[3]);
  if (strlen(words[3]) > 2 && tlsa_read(world->arena, hex, strlen(hex), &text)) { /* "ca" is a name here */
    rr->tlsa.data = text.tlsa.data;
    rr->tlsa.length = (uint16_t)text.tlsa.length;
    return;
  }
  const struct certificate *c = shown(world, words[3]);
  bool spki = rr->tlsa.selector == 1;
  rr->tlsa.data = rr->tlsa.matching == 1 ? (spki ? c->spki_sha256 : c->sha256) : rr->tlsa.matching == 2 ? (spki ? c->spki_sha512 : c->sha512) : c->spki;
  rr->tlsa.length = rr->tlsa.matching == 1 ? 32 : rr->tlsa.matching == 2 ? 64 : (uint16_t)c->spki_length;
}

static void set_data(struct world *world, struct dns_rr *rr, char **words) {
  if (rr->type == DNS_TYPE_A || rr->type == DNS_TYPE_AAAA) assert_true(ip_parse(words[0], &rr->address));
  if (rr->type == DNS_TYPE_MX) {
    rr->mx.preference = (uint16_t)strtoul(words[0], NULL, 10);
    rr->mx.host = strcmp(words[1], ".") == 0 ? "" : words[1];
  }
  if (rr->type == DNS_TYPE_TXT) {
    char *text = arena_strdup(world->arena, words[0]);
    for (char *at = text; *at; at++)
      if (*at == '~') *at = ' ';
    rr->txt.bytes = text;
    rr->txt.length = (uint16_t)strlen(text);
  }
  if (rr->type == DNS_TYPE_TLSA) set_tlsa(world, rr, words);
}

static struct observation *observe_dns(struct world *world, const struct question *question) {
  struct dns_answer *answer = dns_answer_new(question);
  struct dns_rr *records = ARENA_ARRAY(answer->seen.arena, struct dns_rr, MOST_LINES);
  size_t count = 0;
  for (size_t i = 0; i < world->count; i++) {
    char **words = world->lines[i];
    if (strcmp(words[0], "dns") != 0 || strcmp(words[1], question->name) != 0 || dns_type_from_name(words[2]) != question->type) continue;
    if (strcmp(words[3], "servfail") == 0) {
      dns_answer_fail(answer, DNS_FAILURE_SERVFAIL);
      return &answer->seen;
    }
    records[count] = (struct dns_rr){ .owner = question->name, .type = question->type, .ttl = 300 };
    set_data(world, &records[count++], words + 3);
  }
  dns_answer_set(answer, count ? DNS_ANSWER : DNS_NODATA, records, count);
  answer->authenticated = world->signed_name && name_is_under(question->name, world->signed_name);
  answer->seen.time = NOW;
  return &answer->seen;
}

static void read_line(struct world *world, char *text) {
  char **words = ARENA_ARRAY(world->arena, char *, MOST_WORDS);
  size_t count = 0;
  for (char *at = text; *at && count < MOST_WORDS;) {
    words[count++] = at;
    at += strcspn(at, " ");
    if (*at) *at++ = '\0';
  }
  if (count == 0) return;
  struct fault fault = { "" };
  if (session_world_knows(words[0])) {
    if (!session_world_read(world->sessions, words, count, &fault)) fail_msg("%s", fault.text);
  } else if (strcmp(words[0], "ad") == 0) world->signed_name = words[1];
  else if (strcmp(words[0], "reachable") == 0) world->inquiry.smtp_reachable = true;
  else if (strcmp(words[0], "deep") == 0) world->inquiry.deep = true;
  else if (strcmp(words[0], "old") == 0) {
    const char **old = ARENA_ARRAY(world->arena, const char *, 1);
    old[0] = words[1];
    world->inquiry.old_domains = old;
    world->inquiry.old_domain_count = 1;
  } else {
    assert_true(world->count < MOST_LINES);
    world->words[world->count] = count;
    world->lines[world->count++] = words;
  }
}

static void run(struct world *world, judge_function *judge, enum topic topic, struct arena *arena, struct judgement *out) {
  struct store *store = store_new();
  const struct question *open[32];
  for (unsigned round = 0; round < 12; round++) {
    *out = (struct judgement){ .store = store, .inquiry = &world->inquiry, .arena = arena, .topic = topic };
    judge(out);
    size_t count = store_take_open(store, open, MEM_COUNT(open));
    if (count == 0) break;
    for (; count > 0; count = store_take_open(store, open, MEM_COUNT(open)))
      for (size_t i = 0; i < count; i++) store_put(store, open[i]->kind == QUESTION_DNS ? observe_dns(world, open[i]) : session_world_observe(world->sessions, open[i]));
  }
  assert_false(out->waiting);
  store_free(&store);
}

static void compare(const struct world *world, const struct judgement *judgement, const char *title) {
  size_t wanted = 0;
  for (size_t i = 0; i < world->count; i++) {
    if (strcmp(world->lines[i][0], "find") != 0) continue;
    const char *subject = world->words[i] > 3 ? world->lines[i][3] : "mx1.example.gov.uk";
    bool there = false;
    for (size_t k = 0; k < judgement->count; k++) {
      const struct finding *finding = judgement->findings[k];
      there = there || (strcmp(finding->rule->id, world->lines[i][1]) == 0 && strcmp(severity_name(finding->severity), world->lines[i][2]) == 0 && strcmp(finding->subject, subject) == 0);
    }
    if (!there) print_error("%s: lacks %s %s %s\n", title, world->lines[i][1], world->lines[i][2], subject);
    wanted++;
  }
  if (wanted == judgement->count) return;
  for (size_t k = 0; k < judgement->count; k++)
    print_error("%s: has %s %s %s\n", title, judgement->findings[k]->rule->id, severity_name(judgement->findings[k]->severity), judgement->findings[k]->subject);
}

static bool matches(const struct world *world, const struct judgement *judgement) {
  size_t wanted = 0, there = 0;
  for (size_t i = 0; i < world->count; i++) {
    if (strcmp(world->lines[i][0], "find") != 0) continue;
    const char *subject = world->words[i] > 3 ? world->lines[i][3] : "mx1.example.gov.uk";
    wanted++;
    for (size_t k = 0; k < judgement->count; k++) {
      const struct finding *finding = judgement->findings[k];
      there += strcmp(finding->rule->id, world->lines[i][1]) == 0 && strcmp(severity_name(finding->severity), world->lines[i][2]) == 0 && strcmp(finding->subject, subject) == 0;
    }
  }
  return wanted == there && wanted == judgement->count;
}

static void run_rows(const struct row *rows, size_t count, judge_function *judge, enum topic topic) {
  size_t wrong = 0;
  for (size_t i = 0; i < count; i++) {
    struct world world = { .sessions = session_world_new(NOW), .arena = arena_new(), .inquiry = { .domain = "example.gov.uk", .profile = PROFILE_MAIL, .topics = 1u << topic } };
    struct judgement judgement;
    char *text = arena_strdup(world.arena, rows[i].lines);
    for (char *at = text; *at;) {
      size_t length = strcspn(at, "\n");
      char *next = at + length + (at[length] != '\0');
      at[length] = '\0';
      read_line(&world, at);
      at = next;
    }
    struct arena *arena = arena_new();
    run(&world, judge, topic, arena, &judgement);
    if (!matches(&world, &judgement)) {
      compare(&world, &judgement, rows[i].title);
      wrong++;
    }
    for (size_t k = 0; k < judgement.count; k++) assert_null(strchr(finding_detail(arena, judgement.findings[k]), '{')); /* every argument is there */
    arena_free(&arena);
    arena_free(&world.arena);
    session_world_free(&world.sessions);
  }
  assert_int_equal(wrong, 0);
}

static void test_tls(void **state) {
  (void)state;
  run_rows(tls_rows, MEM_COUNT(tls_rows), judge_tls, TOPIC_TLS);
}

static void test_dane(void **state) {
  (void)state;
  run_rows(dane_rows, MEM_COUNT(dane_rows), judge_dane, TOPIC_DANE);
}

static void test_partner(void **state) {
  (void)state;
  run_rows(partner_rows, MEM_COUNT(partner_rows), partner_judge, TOPIC_TLS);
}

static int tear_down(void **state) {
  (void)state;
  mint_forget();
  return 0;
}

int main(void) {
  const struct CMUnitTest tests[] = { cmocka_unit_test(test_tls), cmocka_unit_test(test_dane), cmocka_unit_test(test_partner) };
  return cmocka_run_group_tests(tests, NULL, tear_down);
}
