/* src/request: the change request made from a plan, and one file per export format. Pure. Output is safe against what is in the data,
 * and never replaces a whole zone. May use: src/base, checks, src/plan. */
#ifndef REQUEST_LIB_H
#define REQUEST_LIB_H
#include "src/base/buf.h"
#include "src/plan/lib.h"

struct request_details {
  const char *requester;   /* "" : left for the user to fill in */
  int64_t time;            /* wall ms */
  unsigned number;         /* of the day, for the reference */
  bool guidance_2020;
  bool practice;           /* made on the practice estate: say so at the top */
};

struct request {
  const struct plan *plan;
  const struct request_details *details;
  const char *reference;   /* "example.gov.uk-2026-11-23-1" */
};

typedef void request_writer(const struct request *request, struct buf *out);
request_writer request_text, request_json, request_zone, request_nsupdate, request_csv, request_markdown, request_html, request_route53, request_octodns, request_dnscontrol;

struct request_format { const char *name, *suffix; request_writer *write; };
const struct request_format *request_format_find(const char *name); /* null: no such format */
const struct request_format *request_format_at(size_t index);       /* null past the end */
struct request request_make(struct arena *arena, const struct plan *plan, const struct request_details *details);

/* Quoted character-strings of at most 255 octets each, parted by a space: the octets are split first, then escaped (RFC 1035 section 5.1). */
void request_quote(struct buf *out, const char *value, size_t length);
/* One value in zone-file form for its type. */
void request_zone_value(struct buf *out, uint16_t type, const char *value);
const char *request_host(struct arena *arena, const struct plan_change *change); /* relative: "_dmarc", "@" */
#endif
