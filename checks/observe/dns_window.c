#include "checks/observe/dns_window.h"

#include <stdbool.h>

enum { FIRST = 64, LEAST = 4, MOST_FAST = 1024, MOST = 2048, BURST_MS = 400, MOST_GROWTH = 16 /* in a burst, once something was lost */,
       SLACK_US = 2000, FORGETTING = 1024 };

void dns_window_init(struct dns_window *window) { *window = (struct dns_window){ .room = FIRST, .last_loss_ms = INT64_MIN / 2, .fast = 1 }; }

/* The least round trip, which rises again slowly: a route or a server may become slower for good. */
static void note_round_trip(struct dns_window *window, int64_t took_us) {
  if (window->fastest_us == 0 || took_us < window->fastest_us) window->fastest_us = took_us ? took_us : 1;
  else window->fastest_us += (took_us - window->fastest_us) / FORGETTING;
}

/* Answers that come later than they could have waited in somebody's queue: more at once would fill it until it spills. */
static bool is_queueing(const struct dns_window *window, int64_t took_us) { return took_us > window->fastest_us + window->fastest_us / 2 + SLACK_US; }

/* At the end of a burst it is known what share of it was lost. */
static void end_burst(struct dns_window *window, int64_t now_ms) {
  if (now_ms - window->burst_ms < BURST_MS) return;
  size_t all = window->answered + window->lost, less = all ? window->room * window->lost / all / 2 : 0;
  window->room = window->room - less < LEAST ? LEAST : window->room - less;
  window->burst_ms = now_ms;
  window->answered = window->lost = window->grown_in_burst = 0;
}

/* So many answers make room for one more: a whole window of them when they queue, else an eighth of it, so that what random loss takes is soon regained. */
static size_t share_for_one(const struct dns_window *window, int64_t took_us) { return is_queueing(window, took_us) ? window->room : window->room / 8; }

void dns_window_answered(struct dns_window *window, int64_t took_us, int64_t now_ms) {
  note_round_trip(window, took_us);
  end_burst(window, now_ms);
  window->answered++;
  if (window->room >= MOST) return;
  if (window->fast && window->room < MOST_FAST && !is_queueing(window, took_us)) {
    window->room++;
  } else if (++window->grown >= share_for_one(window, took_us) && (window->fast || window->grown_in_burst < MOST_GROWTH)) {
    window->grown = 0;
    window->grown_in_burst++;
    window->room++;
  }
}

void dns_window_lost(struct dns_window *window, size_t copies, int64_t now_ms) {
  window->fast = 0;
  window->last_loss_ms = now_ms;
  window->lost += copies;
  end_burst(window, now_ms);
}
