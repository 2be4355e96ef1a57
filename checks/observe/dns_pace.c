#include "checks/observe/dns_pace.h"

enum { LEAST_RATE = 10, SECOND_MS = 1000, OF_LATE_MS = 30000, AT_ONCE = 10 /* tenths of a second's questions may leave together */, GROWTH = 16,
       FREE = 8 /* times what is asked for: no limit then */ };

void dns_pace_init(struct dns_pace *pace) { *pace = (struct dns_pace){ .limited_ms = -OF_LATE_MS }; }

/* Each second without a refusal gives a sixteenth more, until the limit is far above what is wanted. */
static void begin_second(struct dns_pace *pace, int64_t now_ms) {
  int64_t second = now_ms / SECOND_MS;
  if (second == pace->second) return;
  pace->earlier = second == pace->second + 1 ? pace->answered : 0;
  pace->answered = 0;
  pace->second = second;
  if (!pace->rate || now_ms - pace->refused_ms < SECOND_MS) return;
  pace->rate += pace->rate / GROWTH + 1;
  if (pace->earlier && pace->rate > pace->earlier * FREE) pace->rate = 0;
}

void dns_pace_answered(struct dns_pace *pace, int64_t now_ms) {
  begin_second(pace, now_ms);
  pace->answered++;
}

void dns_pace_limited(struct dns_pace *pace, int64_t refused_ms, int64_t now_ms) {
  begin_second(pace, now_ms);
  pace->limited_ms = now_ms;
  if (refused_ms > pace->refused_ms) pace->refused_ms = refused_ms;
  if (pace->rate && refused_ms - pace->lowered_ms < SECOND_MS) return;
  uint32_t answered = pace->earlier > pace->answered ? pace->earlier : pace->answered, rate = answered - answered / 8;
  if (pace->rate && pace->rate - pace->rate / 8 < rate) rate = pace->rate - pace->rate / 8;
  pace->rate = rate < LEAST_RATE ? LEAST_RATE : rate;
  pace->lowered_ms = now_ms;
}

bool dns_pace_take(struct dns_pace *pace, int64_t now_ms) {
  if (!pace->rate) return true;
  int64_t passed = now_ms - pace->spent_ms, most = (int64_t)pace->rate * SECOND_MS / AT_ONCE + SECOND_MS;
  int64_t allowance = pace->allowance + (passed > SECOND_MS ? SECOND_MS : passed) * pace->rate;
  pace->spent_ms = now_ms;
  pace->allowance = (uint32_t)(allowance > most ? most : allowance);
  if (pace->allowance < SECOND_MS) return false;
  pace->allowance -= SECOND_MS;
  return true;
}

bool dns_pace_is_limited(const struct dns_pace *pace, int64_t now_ms) { return now_ms - pace->limited_ms < OF_LATE_MS; }
