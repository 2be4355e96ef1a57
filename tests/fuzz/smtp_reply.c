#include "checks/observe/smtp_reply.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "src/base/mem.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The pieces in which bytes come in must not matter. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct smtp_reply *whole = mem_zalloc(1, sizeof *whole), *pieces = mem_zalloc(1, sizeof *pieces);
  smtp_reply_init(whole);
  smtp_reply_init(pieces);
  size_t one = smtp_reply_feed(whole, (const char *)data, size), other = 0;
  for (size_t at = 0; at < size; at++) other += smtp_reply_feed(pieces, (const char *)data + at, 1);
  if (one != other || whole->code != pieces->code || whole->complete != pieces->complete || whole->fault != pieces->fault) abort();
  if (strcmp(buf_string(&whole->text), buf_string(&pieces->text)) != 0 || strlen(buf_string(&whole->text)) != whole->text.length) abort();
  smtp_reply_has_keyword(buf_string(&whole->text), "STARTTLS");
  smtp_reply_has_mask(buf_string(&whole->text));
  smtp_reply_release(whole);
  smtp_reply_release(pieces);
  free(whole);
  free(pieces);
  return 0;
}
