/* The answer to a hello: the first octet says which hello it was. What is said of a beginning must not change with what follows. */
#include "checks/observe/tls_hello.h"

#include <stdlib.h>
#include <string.h>

#include "checks/store.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum tls_hello_answer read_exactly(unsigned flags, const uint8_t *bytes, size_t length, const char **version, const char **suite) {
  uint8_t *exact = malloc(length ? length : 1); /* so that a read past the end is seen */
  if (!exact) abort();
  if (length) memcpy(exact, bytes, length);
  enum tls_hello_answer answer = tls_hello_read(flags, exact, length, version, suite);
  free(exact);
  return answer;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static const unsigned kinds[] = { SMTP_ASK_SSL3, SMTP_ASK_3DES, SMTP_ASK_INSECURE };
  const char *version = "", *suite = "";
  if (size == 0) return 0;
  unsigned flags = kinds[data[0] % 3];
  enum tls_hello_answer before = TLS_HELLO_MORE, answer = read_exactly(flags, data + 1, size - 1, &version, &suite);
  if (answer == TLS_HELLO_TAKEN && (!*version || !*suite)) abort();
  for (size_t length = 0; length < size && length < 400; length++) {
    enum tls_hello_answer now = read_exactly(flags, data + 1, length, &version, &suite);
    if (before != TLS_HELLO_MORE && now != before) abort();
    before = now;
  }
  if (size - 1 < 400 && before != answer) abort();
  return 0;
}
