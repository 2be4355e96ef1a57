#ifndef CHECKS_OBSERVE_DNS_WINDOW_H
#define CHECKS_OBSERVE_DNS_WINDOW_H
#include <stddef.h>
#include <stdint.h>

/* How many questions may be under way to the resolvers at once. Like TCP's congestion window it grows while answers come in time and shrinks on loss,
 * so that a slow or rate-limiting resolver makes the work slower instead of losing questions. It shrinks by half of the share that was lost (as
 * DCTCP does, RFC 8257 section 3.3): a line that loses one datagram in ten whatever is sent is no reason to send next to nothing. Pure: the caller
 * brings the time. */
struct dns_window {
  size_t room, grown;
  int64_t fastest_us;  /* the least round trip of late; 0: none yet */
  int64_t burst_ms;    /* when the burst began that is being counted */
  int64_t last_loss_ms;
  size_t answered, lost, grown_in_burst;
  int fast;            /* one more with every answer, until the first loss */
};

void dns_window_init(struct dns_window *window);
/* An answer to the first copy of a question came after `took_us`. */
void dns_window_answered(struct dns_window *window, int64_t took_us, int64_t now_ms);
/* So many copies of a question were lost: a repetition was answered. */
void dns_window_lost(struct dns_window *window, size_t copies, int64_t now_ms);
#endif
