#ifndef CHECKS_OBSERVE_DNS_CHANNEL_H
#define CHECKS_OBSERVE_DNS_CHANNEL_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>
#include "src/base/ip.h"

/* One c-ares channel that speaks to exactly one server in one way, so that every answer has a server's name to it. It repeats what gets
 * lost over UDP, and leaves everything else (truncation, other servers) to dns.c. */

struct dns_channel;

/* EDNS: over UDP, for questions with an OPT record of DNS_UDP_SIZE; when a server answers FORMERR without OPT, c-ares asks it again without EDNS, and
 * from then on cuts every answer on this channel to 512 octets. PLAIN: over UDP without EDNS. TCP: with or without. */
enum dns_channel_mode { CHANNEL_EDNS, CHANNEL_PLAIN, CHANNEL_TCP };
enum { DNS_UDP_SIZE = 1232 };

enum dns_channel_status { CHANNEL_ANSWERED, CHANNEL_TIMEOUT, CHANNEL_UNREACHABLE, CHANNEL_MALFORMED, CHANNEL_FAILED, CHANNEL_CLOSED };

/* `repeats`: how often the question was sent again before. `wire` is null unless answered. Called exactly once for each question sent, also from inside
 * dns_channel_send and, with CHANNEL_CLOSED, from inside dns_channel_free. */
typedef void dns_channel_answered(void *context, enum dns_channel_status status, unsigned repeats, const uint8_t *wire, size_t length);

/* Over UDP each try is twice as long as the one before: first_try_ms, 2 first_try_ms, …; over TCP all is one try. Null: the library could not be started. */
struct dns_channel *dns_channel_new(uv_loop_t *loop, const struct ip *address, uint16_t port, enum dns_channel_mode mode, unsigned tries, uint32_t first_try_ms,
                                    dns_channel_answered *answered);
void dns_channel_send(struct dns_channel *channel, const void *wire, size_t length, void *context);
void dns_channel_tick(struct dns_channel *channel); /* looks for what has timed out; to be called every few milliseconds */
void dns_channel_free(struct dns_channel *channel); /* not from inside a callback of the channel */

bool dns_channel_is(const struct dns_channel *channel, const struct ip *address, uint16_t port, enum dns_channel_mode mode);
size_t dns_channel_under_way(const struct dns_channel *channel);
const char *dns_channel_server(const struct dns_channel *channel); /* as shown: "192.0.2.53", "[2001:db8::1]:5353" */
#endif
