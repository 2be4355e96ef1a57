#ifndef OBSERVE_SMTP_SELF_H
#define OBSERVE_SMTP_SELF_H
#include <uv.h>
#include "src/base/name.h"

/* What this machine calls itself in EHLO: the name that was set, its own full name, or the address of the connection in brackets when it has
 * none (RFC 5321 section 4.1.3). */
void smtp_self_name(const char *set, const uv_tcp_t *tcp, char out[NAME_TEXT]);
#endif
