#ifndef CHECKS_OBSERVE_DNS_WINDOW_H
#define CHECKS_OBSERVE_DNS_WINDOW_H
#include <stddef.h>
#include <stdint.h>

/* How many questions may be under way to the resolvers at once. Like TCP's congestion window it grows while answers come in time and halves on loss,
 * so that a slow or rate-limiting resolver makes the work slower instead of losing questions. Pure: the caller brings the time. */
struct dns_window {
  size_t room, grown;
  int64_t fastest_us;  /* the least round trip of late; 0: none yet */
  int64_t last_loss_ms;
  int fast;            /* one more with every answer, until the first loss */
};

void dns_window_init(struct dns_window *window);
/* An answer to the first copy of a question came after `took_us`. */
void dns_window_answered(struct dns_window *window, int64_t took_us);
/* A copy was lost: its repetition was answered. Losses of one burst count once. */
void dns_window_lost(struct dns_window *window, int64_t now_ms);
#endif
