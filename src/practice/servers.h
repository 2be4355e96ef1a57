#ifndef PRACTICE_SERVERS_H
#define PRACTICE_SERVERS_H
#include <uv.h>
#include "src/practice/certificates.h"
#include "src/practice/scenario.h"

/* The servers that run in the estate's process. Their sockets are bound and listening before; the process ends with them, so they are
 * never freed. */

struct socket_pair { struct ip address; int udp, tcp; }; /* -1: none */

/* Binds every address to one free port number, for TCP and with `udp` also for UDP. */
bool sockets_bind(struct socket_pair *pairs, size_t count, bool udp, uint16_t *port, struct fault *fault);
void sockets_close(struct socket_pair *pairs, size_t count);

/* The first pair is the resolver's; the others are those of name servers. */
void dns_servers_start(uv_loop_t *loop, const struct scenario *scenario, struct socket_pair *pairs, size_t count);
/* One pair for each host of the scenario, in its order. */
void smtp_servers_start(uv_loop_t *loop, const struct scenario *scenario, struct socket_pair *pairs, struct certificates *certificates);
void https_servers_start(uv_loop_t *loop, const struct scenario *scenario, struct socket_pair *pairs, struct certificates *certificates);
#endif
