#include "checks/record/certificate.h"

#include <string.h>
#include "src/base/ctype.h"
#include "src/base/name.h"
#include "src/base/suffix.h"

/* Length of `name` without a final dot, which some certificates carry. */
static size_t name_length(const char *name) {
  size_t length = strlen(name);
  return length > 1 && name[length - 1] == '.' ? length - 1 : length;
}

static bool same_host(const char *name, size_t length, const char *host) { return strlen(host) == length && text_equal_n(name, host, length); }

/* `base` stands after "*."; does it end the host, and after how many labels? 0: it does not. */
static size_t labels_before(const char *host, const char *base, size_t length) {
  size_t host_length = strlen(host);
  if (length == 0 || host_length <= length + 1) return 0;
  const char *tail = host + host_length - length;
  if (tail[-1] != '.' || !text_equal_n(tail, base, length)) return 0;
  size_t labels = 1;
  for (const char *at = host; at < tail - 1; at++) labels += *at == '.';
  return labels;
}

/* CA/Browser Forum baseline requirements, section 3.2.2.6: the registry-controlled part of the list alone forbids a wildcard. */
static bool before_public_suffix(const char *base, size_t length) {
  char name[NAME_TEXT];
  if (length >= sizeof name) return false;
  for (size_t i = 0; i < length; i++) name[i] = to_lower(base[i]);
  name[length] = '\0';
  return !strchr(name, '.') || suffix_is_registry(name);
}

/* "m*.example.org" and "a.*.example.org" are no wildcards; told apart only when the shape would fit the host. */
static bool partial_fits(const char *name, size_t length, const char *host) {
  const char *star = memchr(name, '*', length);
  if (!star || memchr(star + 1, '*', length - (size_t)(star - name) - 1)) return false;
  size_t head = (size_t)(star - name), tail = length - head - 1, host_length = strlen(host);
  if (host_length < head + tail || !text_equal_n(name, host, head) || !text_equal_n(star + 1, host + host_length - tail, tail)) return false;
  return !memchr(host + head, '.', host_length - head - tail);
}

static enum certificate_match match_name(const char *name, const char *host) {
  size_t length = name_length(name);
  if (same_host(name, length, host)) return CERTIFICATE_MATCH_NAME;
  if (!memchr(name, '*', length)) return CERTIFICATE_MATCH_NONE;
  if (length < 3 || name[0] != '*' || name[1] != '.' || memchr(name + 1, '*', length - 1))
    return partial_fits(name, length, host) ? CERTIFICATE_MATCH_WILDCARD_PARTIAL : CERTIFICATE_MATCH_NONE;
  size_t labels = labels_before(host, name + 2, length - 2);
  if (labels == 0) return CERTIFICATE_MATCH_NONE;
  if (labels > 1) return CERTIFICATE_MATCH_WILDCARD_DEEP;
  return before_public_suffix(name + 2, length - 2) ? CERTIFICATE_MATCH_WILDCARD_SUFFIX : CERTIFICATE_MATCH_WILDCARD;
}

enum certificate_match certificate_matches(const struct certificate *certificate, const char *host, const char **out_name) {
  enum certificate_match best = CERTIFICATE_MATCH_NONE;
  const char *which = "";
  for (size_t i = 0; i < certificate->name_count; i++) {
    enum certificate_match match = match_name(certificate->names[i], host);
    if (match >= best) continue;
    best = match;
    which = certificate->names[i];
  }
  if (certificate->name_count == 0 && *certificate->common_name) {
    best = match_name(certificate->common_name, host);
    which = certificate->common_name;
    if (certificate_match_holds(best)) best = CERTIFICATE_MATCH_COMMON_NAME;
  }
  if (out_name) *out_name = which;
  return best;
}
