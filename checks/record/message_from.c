/* Whose message it is: the addresses in From (RFC 5322 sections 3.4, 3.6.2 and 4.4). */
#include <string.h>

#include "checks/record/dkim_message.h"
#include "src/base/ctype.h"
#include "src/base/intl.h"
#include "src/base/name.h"

/* Goes over one character, or over a comment or quoted string, which it makes blank (RFC 5322 section 3.2). */
static char *blank_one(char *at) {
  char open = *at;
  size_t depth = 1;
  if (open != '(' && open != '"') return at + 1;
  for (*at++ = ' '; *at && depth; *at++ = ' ') {
    if (*at == '\\' && at[1]) *at++ = ' ';
    else if (open == '"') depth -= *at == '"';
    else depth += *at == '(' ? 1 : *at == ')' ? (size_t)-1 : 0;
  }
  return at;
}

/* The end of the mailbox that begins at `at`: a comma, or the semicolon of a group, outside of angle brackets. */
static char *mailbox_end(char *at) {
  bool inside = false;
  for (; *at && (inside || !strchr(",;", *at)); at++) inside = *at == '<' || (inside && *at != '>');
  return at;
}

/* The address in a mailbox: within angle brackets, behind an obsolete route; without them, behind the name of a group. */
static char *address_of(char *mailbox) {
  char *angle = strchr(mailbox, '<'), *address = angle ? angle + 1 : mailbox;
  if (angle) address[strcspn(address, ">")] = '\0';
  char *colon = !angle || *address == '@' ? strrchr(address, ':') : NULL;
  return colon ? colon + 1 : address;
}

/* Takes out the white space around dots, which the obsolete form allows (section 4.4), and at both ends. */
static void squeeze(char *host) {
  char *put = host;
  for (char *at = host; *at; at++) {
    const char *next = at;
    while (is_space(*next)) next++;
    if (is_space(*at) && (put == host || put[-1] == '.' || *next == '.' || !*next)) continue;
    *put++ = *at;
  }
  *put = '\0';
}

/* Null: nothing that can be a domain. */
static const char *domain_of(struct arena *arena, char *host) {
  struct fault ignored;
  squeeze(host);
  if (strpbrk(host, " \t\r\n/:[>")) return NULL;
  return name_from_user(arena, host, &ignored);
}

/* Of the domains of the addresses in From, canonical, in the arena: that of the first address, and one that differs from it. Null: none; both are null
 * when an address has nothing that can be a domain. */
struct author { const char *domain, *other; };

/* A part without "@" is no address: "Smith, John <john@example.org>" is such a slip. */
static struct author author_of(struct arena *arena, const struct message *message) {
  const struct message_field *from = message_field_from_end(message, "from", 0);
  struct author author = { .domain = NULL };
  if (!from) return author;
  char *text = arena_strndup(arena, from->whole + from->value, from->length - from->value);
  for (char *at = text; *at;) at = blank_one(at);
  for (char *at = text, *end; at; at = end) {
    end = mailbox_end(at);
    end = *end ? (*end = '\0', end + 1) : NULL;
    char *sign = strrchr(address_of(at), '@');
    if (!sign) continue;
    const char *domain = domain_of(arena, sign + 1);
    if (!domain) return (struct author){ .domain = NULL };
    if (!author.domain) author.domain = domain;
    else if (!author.other && !name_equal(domain, author.domain)) author.other = domain;
  }
  return author;
}

const char *message_from_domain(struct arena *arena, const struct message *message) { return author_of(arena, message).domain; }

const char *message_sender(struct arena *arena, const struct message *message, struct fault *fault) {
  size_t count = message_count_fields(message, "from");
  struct author author = author_of(arena, message);
  if (count != 1) fault_set(fault, _("The message has %zu From fields, and must have one: receivers refuse such messages"), count);
  else if (!author.domain) fault_set(fault, _("The address in the From field of the message has no domain"));
  else if (author.other) fault_set(fault, _("The From field of the message has addresses at %s and at %s: DMARC needs one domain"), author.domain, author.other);
  return count == 1 && !author.other ? author.domain : NULL;
}
