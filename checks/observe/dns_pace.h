#ifndef CHECKS_OBSERVE_DNS_PACE_H
#define CHECKS_OBSERVE_DNS_PACE_H
#include <stdbool.h>
#include <stdint.h>

/* How many questions a second a resolver takes. One that answers at once and turns away what is too much (REFUSED, SERVFAIL) cannot be met by a
 * window: what it answered a second ago is then what it is asked, a little more with each second in which nothing is turned away. Pure: the caller
 * brings the time. */
struct dns_pace {
  uint32_t rate;               /* a second; 0: no limit is known */
  uint32_t answered, earlier;  /* in this second and in the one before */
  int64_t second, refused_ms, lowered_ms, limited_ms, spent_ms;
  uint32_t allowance;          /* thousandths of a question */
};

void dns_pace_init(struct dns_pace *pace);
void dns_pace_answered(struct dns_pace *pace, int64_t now_ms);
/* A question that had been turned away at `refused_ms` was answered when it was asked again: there is a limit. What was turned away before the last
 * lowering says nothing about the pace since. */
void dns_pace_limited(struct dns_pace *pace, int64_t refused_ms, int64_t now_ms);
/* May one more be sent now? If so it is counted. */
bool dns_pace_take(struct dns_pace *pace, int64_t now_ms);
/* Has the limit shown of late? Then what is turned away is worth asking for many times. */
bool dns_pace_is_limited(const struct dns_pace *pace, int64_t now_ms);
#endif
