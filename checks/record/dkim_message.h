#ifndef CHECKS_RECORD_DKIM_MESSAGE_H
#define CHECKS_RECORD_DKIM_MESSAGE_H
#include <stdbool.h>
#include <stddef.h>
#include "src/base/arena.h"
#include "src/base/fault.h"

/* A message as DKIM sees it: header fields and a body (RFC 5322 section 2.1). Octets stay as they came, lines end in CRLF or LF. */

enum { MESSAGE_MOST_OCTETS = 50 << 20, MESSAGE_MOST_FIELDS = 2000, MESSAGE_MOST_HEADER = 1 << 20 };

struct message_field {
  const char *name; size_t name_length;   /* up to the colon, white space before it left off */
  const char *whole; size_t length;       /* from the name to the end of its last line, line end included */
  size_t value;                           /* where, in `whole`, what stands behind the colon begins */
};

struct message {
  struct message_field *fields; size_t field_count;
  const char *body; size_t body_length;
};

/* Splits; everything points into `bytes`, which must live as long. An mbox's "From " line before the header is passed over. Null and a fault: no
 * message, or one beyond the limits. */
struct message *message_parse(struct arena *arena, const char *bytes, size_t length, struct fault *fault);
bool message_field_is(const struct message_field *field, const char *name); /* without case */
/* The field of that name that stands `skip` such fields above the last one; null: none. */
const struct message_field *message_field_from_end(const struct message *message, const char *name, size_t skip);
size_t message_count_fields(const struct message *message, const char *name);

/* The domain of the first address in From, canonical, in the arena; null: none, or nothing that can be a domain. */
const char *message_from_domain(struct arena *arena, const struct message *message);
/* The same of a message that may be judged by it. Null, and a fault: it has not one From field, no domain in it, or several domains (RFC
 * 9989 section 5.3.1). */
const char *message_sender(struct arena *arena, const struct message *message, struct fault *fault);
#endif
