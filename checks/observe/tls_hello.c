#include "checks/observe/tls_hello.h"

#include <openssl/rand.h>
#include <string.h>

#include "checks/store.h"
#include "src/base/mem.h"

struct suite { uint32_t number; const char *name; };

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

enum { RECORD_HANDSHAKE = 22, CLIENT_HELLO = 1, RANDOM = 32, SSL3 = 0x0300, TLS12 = 0x0303 };

static unsigned get16(const uint8_t *bytes) { return (unsigned)bytes[0] << 8 | bytes[1]; }

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
  put(&w, CLIENT_HELLO, 1);
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

const char *tls_hello_suite(unsigned flags, unsigned number) {
  size_t count;
  const struct suite *suites = suites_of(flags, &count);
  for (size_t i = 0; i < count; i++)
    if (suites[i].number == number) return suites[i].name;
  return NULL;
}

const char *tls_version_name(unsigned number) {
  static const char *const names[] = { "SSLv3", "TLSv1", "TLSv1.1", "TLSv1.2" };
  return number >= SSL3 && number <= TLS12 ? names[number - SSL3] : NULL;
}

/* ---- SSL 2.0 ---- */

static const struct suite of_ssl2[] = {
  { 0x010080, "SSL_CK_RC4_128_WITH_MD5" },      { 0x020080, "SSL_CK_RC4_128_EXPORT40_WITH_MD5" },   { 0x030080, "SSL_CK_RC2_128_CBC_WITH_MD5" },
  { 0x040080, "SSL_CK_RC2_128_CBC_EXPORT40_WITH_MD5" }, { 0x050080, "SSL_CK_IDEA_128_CBC_WITH_MD5" }, { 0x060040, "SSL_CK_DES_64_CBC_WITH_MD5" },
  { 0x0700c0, "SSL_CK_DES_192_EDE3_CBC_WITH_MD5" },
};
enum { SSL2_CLIENT_HELLO = 1, SSL2_SERVER_HELLO = 4, SSL2 = 2, SSL2_CHALLENGE = 16, SSL2_LONG_HEAD = 0x80, SSL2_SPECS_AT = 2 + 11 };

size_t tls_hello_write_ssl2(uint8_t out[TLS_HELLO_ROOM]) {
  struct writing w = { out, 0 };
  size_t record = skip(&w, 2);
  put(&w, SSL2_CLIENT_HELLO, 1);
  put(&w, SSL2, 2);
  put(&w, MEM_COUNT(of_ssl2) * 3, 2);
  put(&w, 0, 2); /* no session */
  put(&w, SSL2_CHALLENGE, 2);
  for (size_t i = 0; i < MEM_COUNT(of_ssl2); i++) put(&w, of_ssl2[i].number, 3);
  if (RAND_bytes(out + w.at, SSL2_CHALLENGE) != 1) memset(out + w.at, 7, SSL2_CHALLENGE);
  w.at += SSL2_CHALLENGE;
  put_length(&w, record, 2);
  out[record] |= SSL2_LONG_HEAD; /* a head of two octets */
  return w.at;
}

enum tls_flight_state tls_hello_read_ssl2(const uint8_t *bytes, size_t length, const char **out_suite) {
  if (length > 0 && !(bytes[0] & SSL2_LONG_HEAD)) return TLS_FLIGHT_REFUSED;
  if (length > 2 && bytes[2] != SSL2_SERVER_HELLO) return TLS_FLIGHT_REFUSED;
  if (length < SSL2_SPECS_AT) return TLS_FLIGHT_MORE;
  size_t whole = 2 + ((size_t)(bytes[0] & 0x7f) << 8 | bytes[1]), certificate = get16(bytes + 7), specs = get16(bytes + 9);
  const uint8_t *spec = bytes + SSL2_SPECS_AT + certificate;
  if (get16(bytes + 5) != SSL2 || specs < 3 || SSL2_SPECS_AT + certificate + specs > whole || whole > TLS_HELLO_ANSWER_ROOM) return TLS_FLIGHT_REFUSED;
  if (length < whole) return TLS_FLIGHT_MORE;
  for (size_t i = 0; i < MEM_COUNT(of_ssl2); i++) {
    if (of_ssl2[i].number != ((uint32_t)spec[0] << 16 | get16(spec + 1))) continue;
    *out_suite = of_ssl2[i].name;
    return TLS_FLIGHT_WHOLE;
  }
  return TLS_FLIGHT_REFUSED;
}
