#ifndef PRACTICE_ANSWER_H
#define PRACTICE_ANSWER_H
#include "src/practice/scenario.h"

/* What a DNS server of the estate says: a function of the scenario, the server's address and the query. No sockets here. */

enum { ANSWER_MOST_UDP = 4096, ANSWER_MOST_TCP = 65535 };

struct dns_reply {
  bool send;            /* false: silence */
  uint32_t delay_ms;
};

/* Answers the query in `wire` as the server at `address`; `resolver`: as the estate's resolver, which knows every zone and follows aliases. The
 * answer's bytes go to `out`. */
struct dns_reply answer_query(const struct scenario *scenario, const struct ip *address, bool resolver, bool tcp, const uint8_t *wire, size_t length,
                              struct buf *out);
#endif
