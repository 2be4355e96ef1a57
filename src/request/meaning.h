#ifndef REQUEST_MEANING_H
#define REQUEST_MEANING_H
#include <stdbool.h>
#include <stddef.h>

/* Do two TXT values say the same to every receiver? Only what the records' own standards allow is overlooked: spaces between SPF terms (RFC
 * 7208 section 4.6.1), white space around the separators of tag lists (RFC 6376 section 3.2, RFC 9989 section 4.8, RFC 8460 section 3, RFC 8461
 * section 3.1), white space inside a DKIM key (RFC 6376 section 3.6.1), the order of tags after the first, and a last semicolon. Anything else,
 * and any text of no known kind, must be the same octet for octet. */
bool same_meaning(const char *a, size_t a_length, const char *b, size_t b_length, bool is_dkim_name);

/* What kind of record a text is meant to be, however mangled: "v=spf1", "v=dmarc1", "v=tlsrptv1", "v=stsv1", "v=dkim1"; null: none. */
const char *text_kind(const char *text, size_t length);
#endif
