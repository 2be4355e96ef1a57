#ifndef CHECKS_OBSERVE_DNS_SERVERS_H
#define CHECKS_OBSERVE_DNS_SERVERS_H
#include <stdint.h>
#include "src/base/fault.h"
#include "src/base/ip.h"

/* Which resolvers are asked: those of `list` ("127.0.0.1:5353,192.0.2.1"), or the system's when it is null. */
enum { MOST_RESOLVERS = 8 };

struct dns_endpoint { struct ip address; uint16_t port; };

/* How many; 0 with the fault set when the list cannot be read or there is none. */
size_t dns_servers_read(const char *list, struct dns_endpoint out[MOST_RESOLVERS], struct fault *fault);
#endif
