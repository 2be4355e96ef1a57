#include "checks/record/dkim_message.h"

#include <string.h>

#include "src/base/ctype.h"
#include "src/base/intl.h"

/* ---- splitting ---- */

static size_t line_length(const char *at, const char *end) {
  const char *feed = memchr(at, '\n', (size_t)(end - at));
  return feed ? (size_t)(feed + 1 - at) : (size_t)(end - at);
}

static bool is_empty_line(const char *at, size_t length) {
  return (length == 1 && at[0] == '\n') || (length == 2 && at[0] == '\r' && at[1] == '\n');
}

/* ftext = printable but for ":" (RFC 5322 section 3.6.8); white space before the colon as in section 4.5. 0: the line begins no field. */
static size_t name_length(const char *line, size_t length, size_t *out_value) {
  size_t name = 0, at;
  while (name < length && line[name] > ' ' && line[name] <= '~' && line[name] != ':') name++;
  for (at = name; at < length && is_wsp(line[at]); at++) {}
  if (at == length || line[at] != ':') return 0;
  *out_value = at + 1;
  return name;
}

static bool add_line(struct arena *arena, struct message *message, const char *line, size_t length, struct fault *fault) {
  size_t value = 0, name = name_length(line, length, &value);
  if (message->field_count && is_wsp(*line)) {
    message->fields[message->field_count - 1].length += length;
    return true;
  }
  if (!name) {
    fault_set(fault, _("This is not a message as it was sent: a line of its header is no header field"));
    return false;
  }
  if (message->field_count == MESSAGE_MOST_FIELDS) {
    fault_set(fault, _("The message has more than %d header fields"), MESSAGE_MOST_FIELDS);
    return false;
  }
  message->fields = arena_grow(arena, message->fields, message->field_count, sizeof *message->fields);
  message->fields[message->field_count++] = (struct message_field){ .name = line, .name_length = name, .whole = line, .length = length, .value = value };
  return true;
}

struct message *message_parse(struct arena *arena, const char *bytes, size_t length, struct fault *fault) {
  struct message *message = ARENA_NEW(arena, struct message);
  const char *at = bytes, *end = bytes + length;
  if (length > MESSAGE_MOST_OCTETS) {
    fault_set(fault, _("The message is larger than %d MiB"), MESSAGE_MOST_OCTETS >> 20);
    return NULL;
  }
  if (length > 5 && memcmp(at, "From ", 5) == 0) at += line_length(at, end);
  while (at < end) {
    size_t size = line_length(at, end);
    if (is_empty_line(at, size)) {
      at += size;
      break;
    }
    if (at + size - bytes > MESSAGE_MOST_HEADER) {
      fault_set(fault, _("The header of the message is larger than %d MiB"), MESSAGE_MOST_HEADER >> 20);
      return NULL;
    }
    if (!add_line(arena, message, at, size, fault)) return NULL;
    at += size;
  }
  if (!message->field_count) {
    fault_set(fault, _("The message is empty"));
    return NULL;
  }
  message->body = at;
  message->body_length = (size_t)(end - at);
  return message;
}

/* ---- fields ---- */

bool message_field_is(const struct message_field *field, const char *name) {
  return strlen(name) == field->name_length && text_equal_n(field->name, name, field->name_length);
}

const struct message_field *message_field_from_end(const struct message *message, const char *name, size_t skip) {
  for (size_t i = message->field_count; i > 0; i--)
    if (message_field_is(&message->fields[i - 1], name) && skip-- == 0) return &message->fields[i - 1];
  return NULL;
}

size_t message_count_fields(const struct message *message, const char *name) {
  size_t count = 0;
  for (size_t i = 0; i < message->field_count; i++) count += message_field_is(&message->fields[i], name);
  return count;
}
