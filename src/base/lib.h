/* src/base: support that knows nothing of email.
 *
 * Capped buffer, read cursor, arena, safe text, own ctype, clock, names, addresses, DNS wire format, files, JSON helpers.
 * May use: the C library, jansson, libidn2, libpsl, libunistring. May not use any other room. */
#ifndef BASE_LIB_H
#define BASE_LIB_H
#include "src/base/arena.h"
#include "src/base/buf.h"
#include "src/base/clock.h"
#include "src/base/ctype.h"
#include "src/base/cursor.h"
#include "src/base/dnswire.h"
#include "src/base/fault.h"
#include "src/base/file.h"
#include "src/base/intl.h"
#include "src/base/ip.h"
#include "src/base/json.h"
#include "src/base/json_read.h"
#include "src/base/json_write.h"
#include "src/base/mem.h"
#include "src/base/name.h"
#include "src/base/suffix.h"
#include "src/base/text.h"
#include "src/base/zonetext.h"
#endif
