#include "checks/observe/tls_hello.h"

#include <openssl/rand.h>
#include <string.h>

#include "checks/store.h"

struct suite { uint16_t number; const char *name; };

static const struct suite triple_des[] = {
  { 0xc008, "TLS_ECDHE_ECDSA_WITH_3DES_EDE_CBC_SHA" }, { 0xc012, "TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA" }, { 0x0016, "TLS_DHE_RSA_WITH_3DES_EDE_CBC_SHA" },
  { 0x000a, "TLS_RSA_WITH_3DES_EDE_CBC_SHA" },
};
static const struct suite insecure[] = {
  { 0x0001, "TLS_RSA_WITH_NULL_MD5" },          { 0x0002, "TLS_RSA_WITH_NULL_SHA" },            { 0x003b, "TLS_RSA_WITH_NULL_SHA256" },
  { 0xc006, "TLS_ECDHE_ECDSA_WITH_NULL_SHA" },  { 0xc010, "TLS_ECDHE_RSA_WITH_NULL_SHA" },      { 0x0003, "TLS_RSA_EXPORT_WITH_RC4_40_MD5" },
  { 0x0006, "TLS_RSA_EXPORT_WITH_RC2_CBC_40_MD5" }, { 0x0008, "TLS_RSA_EXPORT_WITH_DES40_CBC_SHA" }, { 0x0014, "TLS_DHE_RSA_EXPORT_WITH_DES40_CBC_SHA" },
  { 0x0009, "TLS_RSA_WITH_DES_CBC_SHA" },       { 0x0015, "TLS_DHE_RSA_WITH_DES_CBC_SHA" },     { 0x0004, "TLS_RSA_WITH_RC4_128_MD5" },
  { 0x0005, "TLS_RSA_WITH_RC4_128_SHA" },       { 0xc007, "TLS_ECDHE_ECDSA_WITH_RC4_128_SHA" }, { 0xc011, "TLS_ECDHE_RSA_WITH_RC4_128_SHA" },
};
static const struct suite of_ssl3[] = {
  { 0x0039, "TLS_DHE_RSA_WITH_AES_256_CBC_SHA" }, { 0x0035, "TLS_RSA_WITH_AES_256_CBC_SHA" }, { 0x0033, "TLS_DHE_RSA_WITH_AES_128_CBC_SHA" },
  { 0x002f, "TLS_RSA_WITH_AES_128_CBC_SHA" },     { 0x0016, "TLS_DHE_RSA_WITH_3DES_EDE_CBC_SHA" }, { 0x000a, "TLS_RSA_WITH_3DES_EDE_CBC_SHA" },
  { 0x0005, "TLS_RSA_WITH_RC4_128_SHA" },         { 0x0004, "TLS_RSA_WITH_RC4_128_MD5" },
};

enum { RECORD_HANDSHAKE = 22, SERVER_HELLO = 2, RECORD_HEAD = 5, HANDSHAKE_HEAD = 4, RANDOM = 32, SSL3 = 0x0300, TLS12 = 0x0303 };

static const struct suite *suites_of(unsigned flags, size_t *out_count) {
  if (flags & SMTP_ASK_SSL3) return *out_count = sizeof of_ssl3 / sizeof *of_ssl3, of_ssl3;
  if (flags & SMTP_ASK_3DES) return *out_count = sizeof triple_des / sizeof *triple_des, triple_des;
  return *out_count = sizeof insecure / sizeof *insecure, insecure;
}

/* ---- writing ---- */

struct writing { uint8_t *bytes; size_t at; };

static void put(struct writing *w, unsigned value, size_t octets) {
  while (octets-- > 0) w->bytes[w->at++] = (uint8_t)(value >> octets * 8);
}

static void put_length(struct writing *w, size_t at, size_t octets) {
  struct writing there = { w->bytes, at };
  put(&there, (unsigned)(w->at - at - octets), octets);
}

static size_t skip(struct writing *w, size_t octets) {
  size_t at = w->at;
  w->at += octets;
  return at;
}

static void put_name(struct writing *w, const char *host) {
  size_t length = strlen(host);
  put(w, 0, 2); /* server_name, RFC 6066 section 3 */
  size_t all = skip(w, 2), list = skip(w, 2);
  put(w, 0, 1);
  put(w, (unsigned)length, 2);
  memcpy(w->bytes + w->at, host, length);
  w->at += length;
  put_length(w, list, 2);
  put_length(w, all, 2);
}

static void put_extensions(struct writing *w, const char *host) {
  static const uint16_t groups[] = { 0x001d, 0x0017, 0x0018 }, signatures[] = { 0x0403, 0x0503, 0x0804, 0x0805, 0x0401, 0x0501, 0x0203, 0x0201 };
  size_t all = skip(w, 2);
  put_name(w, host);
  put(w, 10, 2);
  put(w, sizeof groups + 2, 2);
  put(w, sizeof groups, 2);
  for (size_t i = 0; i < sizeof groups / sizeof *groups; i++) put(w, groups[i], 2);
  put(w, 11, 2); /* ec_point_formats: uncompressed */
  put(w, 2, 2);
  put(w, 0x0100, 2);
  put(w, 13, 2);
  put(w, sizeof signatures + 2, 2);
  put(w, sizeof signatures, 2);
  for (size_t i = 0; i < sizeof signatures / sizeof *signatures; i++) put(w, signatures[i], 2);
  put_length(w, all, 2);
}

size_t tls_hello_write(unsigned flags, const char *host, uint8_t out[TLS_HELLO_ROOM]) {
  struct writing w = { out, 0 };
  bool ssl3 = flags & SMTP_ASK_SSL3;
  size_t count;
  const struct suite *suites = suites_of(flags, &count);
  put(&w, RECORD_HANDSHAKE, 1);
  put(&w, ssl3 ? SSL3 : 0x0301, 2);
  size_t record = skip(&w, 2);
  put(&w, 1, 1); /* ClientHello */
  size_t handshake = skip(&w, 3);
  put(&w, ssl3 ? SSL3 : TLS12, 2);
  if (RAND_bytes(out + w.at, RANDOM) != 1) memset(out + w.at, 7, RANDOM);
  w.at += RANDOM;
  put(&w, 0, 1); /* no session */
  put(&w, (unsigned)count * 2, 2);
  for (size_t i = 0; i < count; i++) put(&w, suites[i].number, 2);
  put(&w, 0x0100, 2); /* no compression */
  if (!ssl3 && strlen(host) < TLS_HELLO_ROOM / 2) put_extensions(&w, host);
  put_length(&w, handshake, 3);
  put_length(&w, record, 2);
  return w.at;
}

/* ---- reading ---- */

static unsigned get16(const uint8_t *bytes) { return (unsigned)bytes[0] << 8 | bytes[1]; }

enum tls_hello_answer tls_hello_read(unsigned flags, const uint8_t *bytes, size_t length, const char **out_version, const char **out_suite) {
  enum { VERSION_AT = RECORD_HEAD + HANDSHAKE_HEAD, SESSION_AT = VERSION_AT + 2 + RANDOM };
  if (length > 0 && bytes[0] != RECORD_HANDSHAKE) return TLS_HELLO_REFUSED;
  if (length <= RECORD_HEAD) return TLS_HELLO_MORE;
  if (bytes[RECORD_HEAD] != SERVER_HELLO) return TLS_HELLO_REFUSED;
  if (length <= SESSION_AT || length < SESSION_AT + 1u + bytes[SESSION_AT] + 2u) return TLS_HELLO_MORE;
  unsigned version = get16(bytes + VERSION_AT), number = get16(bytes + SESSION_AT + 1 + bytes[SESSION_AT]);
  bool ssl3 = flags & SMTP_ASK_SSL3;
  size_t count;
  const struct suite *suites = suites_of(flags, &count);
  if (ssl3 ? version != SSL3 : version < SSL3 || version > TLS12) return TLS_HELLO_REFUSED;
  for (size_t i = 0; i < count; i++) {
    if (suites[i].number != number) continue;
    *out_suite = suites[i].name;
    *out_version = version == SSL3 ? "SSLv3" : version == 0x0301 ? "TLSv1" : version == 0x0302 ? "TLSv1.1" : "TLSv1.2";
    return TLS_HELLO_TAKEN;
  }
  return TLS_HELLO_REFUSED;
}
