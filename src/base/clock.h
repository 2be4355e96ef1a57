#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H
#include <stddef.h>
#include <stdint.h>

/* The only place that reads the clock. Elsewhere time is a parameter. */
int64_t clock_wall_ms(void);      /* milliseconds since 1970-01-01T00:00:00Z; fixed by MAILSTEAD_NOW (RFC 3339, UTC) in tests */
int64_t clock_monotonic_ms(void); /* for deadlines */

/* RFC 3339 in UTC: "2026-11-23T10:00:00Z". `out` holds at least 21 bytes. */
void clock_format_utc(int64_t wall_ms, char out[32]);
/* Reads that form; -1 when the text is not of it. */
int64_t clock_parse_utc(const char *text);
/* Local time for people: "14:02" or "7 April 2026" are made by the caller from these. */
struct clock_date { int year, month, day, hour, minute, second; };
struct clock_date clock_local(int64_t wall_ms);
int64_t clock_days_between(int64_t since_ms, int64_t now_ms); /* midnights between, by the local calendar: from yesterday evening 1; 0 when `since` is not before */
struct clock_date clock_utc(int64_t wall_ms);
#endif
