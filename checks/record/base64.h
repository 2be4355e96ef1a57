#ifndef CHECKS_RECORD_BASE64_H
#define CHECKS_RECORD_BASE64_H
#include <stdbool.h>
#include <stddef.h>

/* Base64 (RFC 4648 section 4) as DKIM has it: white space inside does not count (RFC 6376 section 2.10), all else must be right. `out` has room for
 * length / 4 * 3 + 3 octets. False: not base64, or nothing. */
bool base64_read(const char *text, size_t length, unsigned char *out, size_t *out_length);
#endif
