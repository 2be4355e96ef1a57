#include "checks/observe/dns_window.h"

enum { FIRST = 64, LEAST = 4, MOST_FAST = 1024, MOST = 2048, BURST_MS = 400, SLACK_US = 2000, FORGETTING = 1024 };

void dns_window_init(struct dns_window *window) { *window = (struct dns_window){ .room = FIRST, .last_loss_ms = -BURST_MS, .fast = 1 }; }

/* The least round trip, which rises again slowly: a route or a server may become slower for good. */
static void note_round_trip(struct dns_window *window, int64_t took_us) {
  if (window->fastest_us == 0 || took_us < window->fastest_us) window->fastest_us = took_us ? took_us : 1;
  else window->fastest_us += (took_us - window->fastest_us) / FORGETTING;
}

/* Answers that come later than they could have waited in somebody's queue: more at once would fill it until it spills. */
static int is_queueing(const struct dns_window *window, int64_t took_us) { return took_us > window->fastest_us + window->fastest_us / 2 + SLACK_US; }

void dns_window_answered(struct dns_window *window, int64_t took_us) {
  note_round_trip(window, took_us);
  if (window->room >= MOST) return;
  if (window->fast && window->room < MOST_FAST && !is_queueing(window, took_us)) {
    window->room++;
  } else if (++window->grown >= window->room) {
    window->grown = 0;
    window->room++;
  }
}

void dns_window_lost(struct dns_window *window, int64_t now_ms) {
  window->fast = 0;
  if (now_ms - window->last_loss_ms < BURST_MS) return;
  window->last_loss_ms = now_ms;
  window->room = window->room / 2 < LEAST ? LEAST : window->room / 2;
}
