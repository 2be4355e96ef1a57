#ifndef BASE_IP_H
#define BASE_IP_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

/* An IPv4 or IPv6 address. */
struct ip {
  uint8_t family;    /* 4 or 6; 0: none */
  uint8_t bytes[16]; /* network order; IPv4 uses the first four */
};

#define IP_TEXT 46 /* room for any address with its NUL */

bool ip_parse(const char *text, struct ip *out);  /* strict: four decimal numbers without leading zeros, or RFC 4291 section 2.2 without zone */
bool ip_parse_n(const char *text, size_t length, struct ip *out);
void ip_format(const struct ip *ip, char out[IP_TEXT]); /* RFC 5952 */
bool ip_equal(const struct ip *a, const struct ip *b);
int ip_compare(const struct ip *a, const struct ip *b);
bool ip_in_prefix(const struct ip *ip, const struct ip *network, unsigned length); /* false when the families differ */
bool ip_host_bits_set(const struct ip *network, unsigned length);
struct ip ip_backwards(const struct ip *ip);           /* of IPv4, the octets as they stand in a reverse name */
struct ip ip_network(const struct ip *ip, unsigned length); /* host bits cleared */
void ip_reverse_name(const struct ip *ip, char out[80]);    /* 4.3.2.1.in-addr.arpa or …ip6.arpa, no final dot */
bool ip_is_loopback(const struct ip *ip);
bool ip_is_private(const struct ip *ip);       /* RFC 6890: not reachable from the public internet (loopback and link-local too) */
bool ip_is_documentation(const struct ip *ip); /* RFC 5737, RFC 3849 */
/* Does the whole network lie inside one such range? */
bool ip_range_is_private(const struct ip *network, unsigned length);
bool ip_range_is_documentation(const struct ip *network, unsigned length);
void ip_to_sockaddr(const struct ip *ip, uint16_t port, struct sockaddr_storage *out, socklen_t *out_length);
bool ip_from_sockaddr(const struct sockaddr *address, struct ip *out, uint16_t *out_port);
/* "192.0.2.1", "192.0.2.1:53", "[2001:db8::1]:53", "2001:db8::1". The port stays as it was when none is given. */
bool ip_parse_endpoint(const char *text, struct ip *out, uint16_t *port);
#endif
