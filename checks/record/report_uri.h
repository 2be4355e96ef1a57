#ifndef CHECKS_RECORD_REPORT_URI_H
#define CHECKS_RECORD_REPORT_URI_H
#include <stdbool.h>
#include <stddef.h>
#include "src/base/arena.h"

/* Lists of report addresses: rua and ruf of DMARC (RFC 9989 section 4.6), rua of TLS-RPT (RFC 8460 section 3). */

enum report_scheme { REPORT_MAILTO, REPORT_HTTPS, REPORT_OTHER, REPORT_NONE };
enum report_fault { REPORT_FAULT_NONE, REPORT_FAULT_EMPTY, REPORT_FAULT_INVALID, REPORT_FAULT_SEPARATOR, REPORT_FAULT_UNESCAPED };

struct report_uri {
  const char *text;          /* as written */
  size_t position;           /* octets from the start of the value */
  enum report_scheme scheme;
  const char *address;       /* mailto: "name@host", decoded; https: the whole URI */
  const char *host;          /* canonical; "" when there is none */
  bool host_is_address;      /* https: an IP address in place of a name */
  bool has_size;             /* "!10m" */
  enum report_fault fault;
};

struct report_uris {
  struct report_uri *all;
  size_t count;
};

struct report_uris *report_uris_parse(struct arena *arena, const char *value);
#endif
