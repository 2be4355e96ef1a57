#include "src/base/ip.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include "src/base/ctype.h"
#include "src/base/mem.h"

static bool parse_ipv4(const char *text, struct ip *out) {
  for (int part = 0; part < 4; part++) {
    unsigned value = 0, digits = 0;
    const char *start = text;
    while (is_digit(*text) && digits < 4) {
      value = value * 10 + (unsigned)(*text++ - '0');
      digits++;
    }
    if (digits == 0 || digits > 3 || value > 255 || (digits > 1 && *start == '0')) return false;
    out->bytes[part] = (uint8_t)value;
    if (part < 3 && *text++ != '.') return false;
  }
  return *text == '\0';
}

bool ip_parse(const char *text, struct ip *out) {
  struct ip ip = { 0 };
  if (strchr(text, ':')) {
    ip.family = 6;
    if (inet_pton(AF_INET6, text, ip.bytes) != 1) return false;
  } else {
    ip.family = 4;
    if (!parse_ipv4(text, &ip)) return false;
  }
  *out = ip;
  return true;
}

bool ip_parse_n(const char *text, size_t length, struct ip *out) {
  char copy[IP_TEXT];
  if (length >= sizeof copy || memchr(text, '\0', length)) return false;
  memcpy(copy, text, length);
  copy[length] = '\0';
  return ip_parse(copy, out);
}

void ip_format(const struct ip *ip, char out[IP_TEXT]) {
  if (!inet_ntop(ip->family == 6 ? AF_INET6 : AF_INET, ip->bytes, out, IP_TEXT)) out[0] = '\0';
}

static unsigned bits_of(const struct ip *ip) { return ip->family == 6 ? 128 : 32; }

int ip_compare(const struct ip *a, const struct ip *b) {
  if (a->family != b->family) return a->family < b->family ? -1 : 1;
  return memcmp(a->bytes, b->bytes, bits_of(a) / 8);
}

bool ip_equal(const struct ip *a, const struct ip *b) { return ip_compare(a, b) == 0; }

struct ip ip_network(const struct ip *ip, unsigned length) {
  struct ip out = *ip;
  for (unsigned byte = 0; byte < bits_of(ip) / 8; byte++) {
    if (length >= (byte + 1) * 8) continue;
    unsigned keep = length > byte * 8 ? length - byte * 8 : 0;
    out.bytes[byte] = (uint8_t)(out.bytes[byte] & ~(0xffu >> keep));
  }
  return out;
}

bool ip_in_prefix(const struct ip *ip, const struct ip *network, unsigned length) {
  unsigned octets = length / 8, bits = length % 8;
  if (ip->family != network->family || length > bits_of(ip)) return false;
  return memcmp(ip->bytes, network->bytes, octets) == 0 && (bits == 0 || (ip->bytes[octets] ^ network->bytes[octets]) >> (8 - bits) == 0);
}

bool ip_host_bits_set(const struct ip *network, unsigned length) {
  struct ip base = ip_network(network, length);
  return !ip_equal(&base, network);
}

struct ip ip_backwards(const struct ip *ip) { return (struct ip){ .family = 4, .bytes = { ip->bytes[3], ip->bytes[2], ip->bytes[1], ip->bytes[0] } }; }

void ip_reverse_name(const struct ip *ip, char out[80]) {
  if (ip->family == 4) {
    const struct ip backwards = ip_backwards(ip);
    ip_format(&backwards, out);
    memcpy(out + strlen(out), ".in-addr.arpa", sizeof ".in-addr.arpa");
    return;
  }
  static const char hex[] = "0123456789abcdef";
  size_t at = 0;
  for (int i = 15; i >= 0; i--) {
    out[at++] = hex[ip->bytes[i] & 15];
    out[at++] = '.';
    out[at++] = hex[ip->bytes[i] >> 4];
    out[at++] = '.';
  }
  memcpy(out + at, "ip6.arpa", sizeof "ip6.arpa");
}

struct range {
  struct ip network;
  unsigned length;
};

static bool in_ranges(const struct ip *ip, unsigned length, const struct range *ranges, size_t count) {
  for (size_t i = 0; i < count; i++)
    if (length >= ranges[i].length && ip_in_prefix(ip, &ranges[i].network, ranges[i].length)) return true;
  return false;
}

#define V4(a, b, c, d) { .family = 4, .bytes = { a, b, c, d } }

/* RFC 6890 and what else no public receiver ever sees; IPv4-mapped IPv6 too. */
static const struct range private_ranges[] = {
  { V4(10, 0, 0, 0), 8 },    { V4(172, 16, 0, 0), 12 },  { V4(192, 168, 0, 0), 16 }, { V4(127, 0, 0, 0), 8 },
  { V4(169, 254, 0, 0), 16 }, { V4(100, 64, 0, 0), 10 }, { V4(0, 0, 0, 0), 8 },
  { { .family = 6, .bytes = { [15] = 1 } }, 128 },       { { .family = 6, .bytes = { 0xfc } }, 7 },
  { { .family = 6, .bytes = { 0xfe, 0x80 } }, 10 },      { { .family = 6, .bytes = { 0 } }, 128 },
  { { .family = 6, .bytes = { [10] = 0xff, [11] = 0xff } }, 96 },
};
static const struct range documentation_ranges[] = {
  { V4(192, 0, 2, 0), 24 }, { V4(198, 51, 100, 0), 24 }, { V4(203, 0, 113, 0), 24 },
  { { .family = 6, .bytes = { 0x20, 0x01, 0x0d, 0xb8 } }, 32 },
};

bool ip_range_is_private(const struct ip *network, unsigned length) { return in_ranges(network, length, private_ranges, MEM_COUNT(private_ranges)); }
bool ip_range_is_documentation(const struct ip *network, unsigned length) { return in_ranges(network, length, documentation_ranges, MEM_COUNT(documentation_ranges)); }
bool ip_is_private(const struct ip *ip) { return ip_range_is_private(ip, bits_of(ip)); }
bool ip_is_documentation(const struct ip *ip) { return ip_range_is_documentation(ip, bits_of(ip)); }

bool ip_is_loopback(const struct ip *ip) {
  static const struct range loopback[] = { { V4(127, 0, 0, 0), 8 }, { { .family = 6, .bytes = { [15] = 1 } }, 128 } };
  return in_ranges(ip, bits_of(ip), loopback, MEM_COUNT(loopback));
}

void ip_to_sockaddr(const struct ip *ip, uint16_t port, struct sockaddr_storage *out, socklen_t *out_length) {
  memset(out, 0, sizeof *out);
  if (ip->family == 6) {
    struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)out;
    in6->sin6_family = AF_INET6;
    in6->sin6_port = htons(port);
    memcpy(&in6->sin6_addr, ip->bytes, 16);
    *out_length = sizeof *in6;
  } else {
    struct sockaddr_in *in = (struct sockaddr_in *)out;
    in->sin_family = AF_INET;
    in->sin_port = htons(port);
    memcpy(&in->sin_addr, ip->bytes, 4);
    *out_length = sizeof *in;
  }
}

bool ip_from_sockaddr(const struct sockaddr *address, struct ip *out, uint16_t *out_port) {
  *out = (struct ip){ 0 };
  if (address->sa_family == AF_INET) {
    const struct sockaddr_in *in = (const struct sockaddr_in *)(const void *)address;
    out->family = 4;
    memcpy(out->bytes, &in->sin_addr, 4);
    if (out_port) *out_port = ntohs(in->sin_port);
    return true;
  }
  if (address->sa_family == AF_INET6) {
    const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)(const void *)address;
    out->family = 6;
    memcpy(out->bytes, &in6->sin6_addr, 16);
    if (out_port) *out_port = ntohs(in6->sin6_port);
    return true;
  }
  return false;
}

static bool parse_port(const char *text, uint16_t *port) {
  unsigned value = 0;
  if (!is_digit(*text)) return false;
  while (is_digit(*text) && value <= 65535) value = value * 10 + (unsigned)(*text++ - '0');
  if (*text || value == 0 || value > 65535) return false;
  *port = (uint16_t)value;
  return true;
}

bool ip_parse_endpoint(const char *text, struct ip *out, uint16_t *port) {
  if (*text == '[') {
    const char *close = strchr(text, ']');
    if (!close || !ip_parse_n(text + 1, (size_t)(close - text - 1), out)) return false;
    return close[1] == '\0' || (close[1] == ':' && parse_port(close + 2, port));
  }
  const char *colon = strchr(text, ':');
  if (!colon || strchr(colon + 1, ':')) return ip_parse(text, out);
  return ip_parse_n(text, (size_t)(colon - text), out) && parse_port(colon + 1, port);
}
