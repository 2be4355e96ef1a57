#include "checks/record/tlsa.h"

#include <string.h>
#include "src/base/buf.h"
#include "src/base/ctype.h"

static void note(struct tlsa_text *out, enum tlsa_fault fault, size_t position) {
  if (out->fault_count == TLSA_FAULTS_MOST) return;
  out->faults[out->fault_count].fault = fault;
  out->faults[out->fault_count++].position = position;
}

static bool is_gap(char c) { return is_space(c) || c == '(' || c == ')'; }

static size_t skip_gap(const char *text, size_t length, size_t at) {
  while (at < length && is_gap(text[at])) at++;
  return at;
}

/* One of the three numbers; returns the position after it. */
static size_t read_number(const char *text, size_t length, size_t at, uint8_t *out_value, struct tlsa_text *out) {
  at = skip_gap(text, length, at);
  size_t start = at;
  unsigned value = 0;
  bool digits = true, large = false;
  for (; at < length && !is_gap(text[at]); at++) {
    if (!is_digit(text[at])) { digits = false; continue; }
    value = value * 10 + (unsigned)(text[at] - '0');
    if (value > 255) { large = true; value = 255; }
  }
  if (at == start) note(out, TLSA_FAULT_FIELD_MISSING, start);
  else if (!digits) note(out, TLSA_FAULT_NOT_A_NUMBER, start);
  else if (large) note(out, TLSA_FAULT_NUMBER_TOO_LARGE, start);
  *out_value = (uint8_t)value;
  return at;
}

static void read_data(struct arena *arena, const char *text, size_t length, size_t at, struct tlsa_text *out) {
  size_t start = skip_gap(text, length, at), digits = 0, bad = SIZE_MAX;
  uint8_t *data = arena_zalloc(arena, (length - at) / 2 + 1, 1);
  for (size_t i = start; i < length; i++) {
    if (is_gap(text[i])) continue;
    int value = hex_value(text[i]);
    if (value < 0) {
      if (bad == SIZE_MAX) bad = i;
      continue;
    }
    data[digits / 2] = (uint8_t)(data[digits / 2] << 4 | value);
    digits++;
  }
  if (bad != SIZE_MAX) note(out, TLSA_FAULT_NOT_HEX, bad);
  else if (digits == 0) note(out, TLSA_FAULT_NO_DATA, start);
  else if (digits % 2) note(out, TLSA_FAULT_ODD_DIGITS, length);
  out->tlsa.data = data;
  out->tlsa.length = digits / 2;
}

bool tlsa_read(struct arena *arena, const char *text, size_t length, struct tlsa_text *out) {
  memset(out, 0, sizeof *out);
  size_t at = read_number(text, length, 0, &out->tlsa.usage, out);
  at = read_number(text, length, at, &out->tlsa.selector, out);
  at = read_number(text, length, at, &out->tlsa.matching, out);
  read_data(arena, text, length, at, out);
  return out->fault_count == 0;
}

char *tlsa_format(struct arena *arena, const struct tlsa *tlsa) {
  struct buf out = BUF_INIT(2 * CERTIFICATE_DER_MOST + 64);
  buf_printf(&out, "%u %u %u ", tlsa->usage, tlsa->selector, tlsa->matching);
  for (size_t i = 0; i < tlsa->length; i++) buf_printf(&out, "%02x", tlsa->data[i]);
  char *text = arena_strndup(arena, buf_string(&out), out.length);
  buf_release(&out);
  return text;
}

bool tlsa_parameters_known(const struct tlsa *tlsa) { return tlsa->usage <= TLSA_DANE_EE && tlsa->selector <= TLSA_SPKI && tlsa->matching <= TLSA_SHA512; }

bool tlsa_length_right(const struct tlsa *tlsa) {
  switch (tlsa->matching) {
    case TLSA_SHA256: return tlsa->length == 32;
    case TLSA_SHA512: return tlsa->length == 64;
    default: return tlsa->length > 0;
  }
}

bool tlsa_usable(const struct tlsa *tlsa) {
  return tlsa_parameters_known(tlsa) && (tlsa->usage == TLSA_DANE_TA || tlsa->usage == TLSA_DANE_EE) && tlsa_length_right(tlsa);
}

bool tlsa_matches(const struct tlsa *tlsa, const struct certificate *certificate) {
  if (!tlsa_parameters_known(tlsa) || !tlsa_length_right(tlsa)) return false;
  bool whole = tlsa->selector == TLSA_CERTIFICATE;
  if (tlsa->matching == TLSA_SHA256) return memcmp(tlsa->data, whole ? certificate->sha256 : certificate->spki_sha256, 32) == 0;
  if (tlsa->matching == TLSA_SHA512) return memcmp(tlsa->data, whole ? certificate->sha512 : certificate->spki_sha512, 64) == 0;
  const uint8_t *bytes = whole ? certificate->der : certificate->spki;
  size_t length = whole ? certificate->der_length : certificate->spki_length;
  return bytes && length == tlsa->length && memcmp(bytes, tlsa->data, length) == 0;
}

/* The record holds the whole anchor, which then need not be sent (RFC 7671 section 5.2.2): does its key sign the top of the path? */
static bool anchor_in_record(struct arena *arena, const struct tlsa *tlsa, const struct certificate_path *path) {
  if (tlsa->matching != TLSA_FULL) return false;
  const struct certificate *top = path->steps[path->length - 1];
  if (tlsa->selector == TLSA_SPKI) return certificate_signed_by_key(top, tlsa->data, tlsa->length);
  const struct certificate *anchor = certificate_read(arena, tlsa->data, tlsa->length);
  return anchor && certificate_signed_by(top, anchor);
}

/* The way from the leaf to the anchor at `step` is one that a sender follows (RFC 5280 section 6.1): signatures hold, and issuers may issue. Of the
 * anchor itself, a root of old may lack the extension that says so. */
static bool leads_up_to(const struct certificate_path *path, size_t step) {
  if (!path->signatures_good && path->bad_signature_at < step) return false;
  for (size_t i = 1; i <= step && i < path->length; i++)
    if (!certificate_path_may_issue(path, i) && !(i == step && path->steps[i]->self_signed && path->steps[i]->path_length < 0)) return false;
  return true;
}

enum tlsa_outcome tlsa_match_path(struct arena *arena, const struct tlsa *tlsa, const struct certificate_path *path, size_t *out_step) {
  size_t step = 0;
  bool matched = false;
  if (!tlsa_usable(tlsa) || path->length == 0) return TLSA_NO_MATCH;
  if (tlsa->usage == TLSA_DANE_EE) matched = tlsa_matches(tlsa, path->steps[0]);
  else {
    for (step = 1; step < path->length && !matched;) {
      matched = tlsa_matches(tlsa, path->steps[step]);
      if (!matched) step++;
    }
    if (!matched) matched = anchor_in_record(arena, tlsa, path);
    matched = matched && leads_up_to(path, step);
  }
  if (matched && out_step) *out_step = step;
  if (matched) return TLSA_MATCH;
  return tlsa->usage == TLSA_DANE_TA && !path->ends_self_signed ? TLSA_ANCHOR_NOT_SENT : TLSA_NO_MATCH;
}
