#include "src/base/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "src/base/ctype.h"

int64_t clock_wall_ms(void) {
  const char *fixed = getenv("MAILSTEAD_NOW");
  if (fixed) {
    int64_t at = clock_parse_utc(fixed);
    if (at >= 0) return at;
  }
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t clock_monotonic_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static struct clock_date date_of(const struct tm *tm) {
  return (struct clock_date){ tm->tm_year + 1900, tm->tm_mon + 1, tm->tm_mday, tm->tm_hour, tm->tm_min, tm->tm_sec };
}

struct clock_date clock_utc(int64_t wall_ms) {
  time_t seconds = (time_t)(wall_ms / 1000);
  struct tm tm = { 0 };
  gmtime_r(&seconds, &tm);
  return date_of(&tm);
}

struct clock_date clock_local(int64_t wall_ms) {
  time_t seconds = (time_t)(wall_ms / 1000);
  struct tm tm = { 0 };
  localtime_r(&seconds, &tm);
  return date_of(&tm);
}

static int64_t day_number(int64_t wall_ms) {
  struct clock_date d = clock_local(wall_ms);
  struct tm tm = { .tm_year = d.year - 1900, .tm_mon = d.month - 1, .tm_mday = d.day };
  return (int64_t)timegm(&tm) / 86400;
}

int64_t clock_days_between(int64_t since_ms, int64_t now_ms) { return now_ms > since_ms ? day_number(now_ms) - day_number(since_ms) : 0; }

void clock_format_utc(int64_t wall_ms, char out[32]) {
  struct clock_date d = clock_utc(wall_ms < 0 ? 0 : wall_ms);
  snprintf(out, 32, "%04d-%02d-%02dT%02d:%02d:%02dZ", d.year % 10000, d.month, d.day, d.hour, d.minute, d.second);
}

int64_t clock_parse_utc(const char *text) {
  static const char form[] = "0000-00-00T00:00:00Z";
  if (strlen(text) != sizeof form - 1) return -1;
  for (size_t i = 0; i < sizeof form - 1; i++)
    if (form[i] == '0' ? !is_digit(text[i]) : text[i] != form[i]) return -1;
  int field[6];
  static const unsigned char at[6] = { 0, 5, 8, 11, 14, 17 };
  for (size_t i = 0; i < 6; i++) {
    field[i] = 0;
    for (size_t n = 0; n < (i == 0 ? 4u : 2u); n++) field[i] = field[i] * 10 + (text[at[i] + n] - '0');
  }
  struct tm tm = { .tm_year = field[0] - 1900, .tm_mon = field[1] - 1, .tm_mday = field[2], .tm_hour = field[3], .tm_min = field[4], .tm_sec = field[5] };
  if (field[1] < 1 || field[1] > 12 || field[2] < 1 || field[2] > 31 || field[3] > 23 || field[4] > 59 || field[5] > 60) return -1;
  time_t seconds = timegm(&tm);
  return seconds < 0 ? -1 : (int64_t)seconds * 1000;
}
