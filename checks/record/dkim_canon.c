#include "checks/record/dkim_canon.h"

#include <openssl/evp.h>
#include <string.h>

#include "src/base/ctype.h"

/* ---- hashing ---- */

struct sink {
  EVP_MD_CTX *context;
  uint64_t octets, most;  /* given so far; as many as count */
  bool good;
};

static const EVP_MD *hash_of(const struct dkim_signature *signature) { return signature->algorithm == DKIM_RSA_SHA1 ? EVP_sha1() : EVP_sha256(); }

static void sink_init(struct sink *sink, const struct dkim_signature *signature, uint64_t most) {
  *sink = (struct sink){ .context = EVP_MD_CTX_new(), .most = most };
  sink->good = sink->context && EVP_DigestInit_ex(sink->context, hash_of(signature), NULL) == 1;
}

static void put(struct sink *sink, const char *bytes, size_t length) {
  size_t counts = sink->octets >= sink->most ? 0 : sink->most - sink->octets < length ? (size_t)(sink->most - sink->octets) : length;
  sink->octets += length;
  if (counts && sink->good) sink->good = EVP_DigestUpdate(sink->context, bytes, counts) == 1;
}

static bool digest_so_far(const struct sink *sink, struct dkim_digest *out) {
  EVP_MD_CTX *copy = EVP_MD_CTX_new();
  bool good = sink->good && copy && EVP_MD_CTX_copy_ex(copy, sink->context) == 1 && EVP_DigestFinal_ex(copy, out->octets, &out->length) == 1;
  EVP_MD_CTX_free(copy);
  return good;
}

static bool sink_end(struct sink *sink, struct dkim_digest *out) {
  bool good = digest_so_far(sink, out);
  EVP_MD_CTX_free(sink->context);
  return good;
}

/* ---- white space ---- */

/* Runs of white space become one space, those at the end are left out. `pending`: one is due before the next octet. */
static void put_relaxed(struct sink *sink, const char *text, size_t length, bool *pending) {
  size_t at = 0;
  while (at < length) {
    size_t start = at;
    while (at < length && is_wsp(text[at])) at++;
    *pending = *pending || at > start;
    for (start = at; at < length && !is_wsp(text[at]);) at++;
    if (at == start) break;
    if (*pending) put(sink, " ", 1);
    *pending = false;
    put(sink, text + start, at - start);
  }
}

/* A line without its end; where the next begins. */
static const char *take_line(const char *at, const char *end, size_t *out_length) {
  const char *feed = memchr(at, '\n', (size_t)(end - at));
  size_t length = (size_t)((feed ? feed : end) - at);
  if (feed && length && at[length - 1] == '\r') length--;
  *out_length = length;
  return feed ? feed + 1 : end;
}

/* ---- body ---- */

static bool is_blank(const char *line, size_t length) {
  while (length && is_wsp(line[length - 1])) length--;
  return length == 0;
}

static bool is_wanted(const struct sink *sink, const struct dkim_signature *signature) {
  struct dkim_digest digest;
  return digest_so_far(sink, &digest) && digest.length == signature->body_hash_length && memcmp(digest.octets, signature->body_hash, digest.length) == 0;
}

/* Empty lines at the end do not count (section 3.4.3 and 3.4.4); of a body that has nothing else, simple keeps one. */
static void put_body(struct sink *sink, const struct message *message, const struct dkim_signature *signature, bool *out_lengthened) {
  enum { MOST_LOOKS = 100000 };
  const char *at = message->body, *end = at + message->body_length;
  size_t empty = 0, lines = 0;
  bool was_wanted = false;
  while (at < end) {
    size_t length;
    const char *line = at;
    at = take_line(at, end, &length);
    if (signature->relaxed_body ? is_blank(line, length) : length == 0) {
      empty++;
      continue;
    }
    *out_lengthened = *out_lengthened || was_wanted;
    for (; empty; empty--) put(sink, "\r\n", 2);
    bool pending = false;
    if (signature->relaxed_body) put_relaxed(sink, line, length, &pending);
    else put(sink, line, length);
    put(sink, "\r\n", 2);
    was_wanted = !signature->partial && ++lines < MOST_LOOKS && is_wanted(sink, signature);
  }
  if (sink->octets == 0 && !signature->relaxed_body) put(sink, "\r\n", 2);
}

bool dkim_hash_body(const struct message *message, const struct dkim_signature *signature, struct dkim_body *out) {
  struct sink sink;
  out->lengthened = false;
  sink_init(&sink, signature, signature->partial ? signature->octets : UINT64_MAX);
  put_body(&sink, message, signature, &out->lengthened);
  out->octets = sink.octets;
  return sink_end(&sink, &out->digest);
}

/* ---- header ---- */

/* Lines of a field with CRLF between them, its last line end left off (section 3.4.1). */
static void put_simple(struct sink *sink, const char *text, size_t length) {
  const char *end = text + length;
  bool first = true;
  for (const char *at = text; at < end; first = false) {
    size_t size;
    const char *line = at;
    at = take_line(at, end, &size);
    if (!first) put(sink, "\r\n", 2);
    put(sink, line, size);
  }
}

/* Unfolded; `*pending` null at the start of a value, where white space is left out (section 3.4.2). */
static void put_unfolded(struct sink *sink, const char *text, size_t length, bool *pending, bool *begun) {
  const char *end = text + length;
  for (const char *at = text; at < end;) {
    size_t size;
    const char *line = at;
    at = take_line(at, end, &size);
    while (!*begun && size && is_wsp(*line)) line++, size--;
    if (size) *begun = true;
    put_relaxed(sink, line, size, pending);
  }
}

static void put_name(struct sink *sink, const struct message_field *field) {
  for (size_t i = 0; i < field->name_length; i++) put(sink, &(char){ to_lower(field->name[i]) }, 1);
  put(sink, ":", 1);
}

/* A whole field, or one with a gap: the value of b. */
static void put_field(struct sink *sink, const struct message_field *field, bool relaxed, size_t gap_start, size_t gap_end) {
  bool pending = false, begun = false;
  if (relaxed) {
    put_name(sink, field);
    put_unfolded(sink, field->whole + field->value, gap_start - field->value, &pending, &begun);
    put_unfolded(sink, field->whole + gap_end, field->length - gap_end, &pending, &begun);
  } else {
    put_simple(sink, field->whole, gap_start);
    put_simple(sink, field->whole + gap_end, field->length - gap_end);
  }
}

/* How often the name stands in h before this place. */
static size_t named_before(const struct dkim_signature *signature, size_t place) {
  size_t count = 0;
  for (size_t i = 0; i < place; i++) count += strcmp(signature->headers[i], signature->headers[place]) == 0;
  return count;
}

/* The field that h means there. The signature itself is never meant (section 3.5, h=). */
static const struct message_field *selected(const struct message *message, const struct dkim_signature *signature, size_t place) {
  size_t skip = named_before(signature, place);
  if (strcmp(signature->headers[place], "dkim-signature") != 0) return message_field_from_end(message, signature->headers[place], skip);
  for (size_t i = message->field_count; i > 0; i--) {
    const struct message_field *field = &message->fields[i - 1];
    if (field != signature->field && message_field_is(field, "dkim-signature") && skip-- == 0) return field;
  }
  return NULL;
}

bool dkim_hash_header(const struct message *message, const struct dkim_signature *signature, struct dkim_digest *out) {
  struct sink sink;
  sink_init(&sink, signature, UINT64_MAX);
  for (size_t i = 0; i < signature->header_count; i++) {
    const struct message_field *field = selected(message, signature, i);
    if (!field) continue;
    put_field(&sink, field, signature->relaxed_header, field->length, field->length);
    put(&sink, "\r\n", 2);
  }
  put_field(&sink, signature->field, signature->relaxed_header, signature->b_start, signature->b_end);
  return sink_end(&sink, out);
}
