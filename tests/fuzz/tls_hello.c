/* What a server answers to an offer that is not carried through. The first octet: SSL 2.0's hello, or a flight, and into pieces of what size that
 * comes. What is said must not depend on how it comes, nor change with what follows. */
#include "checks/observe/tls_hello.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum tls_flight_state read_ssl2(const uint8_t *bytes, size_t length) {
  const char *suite = "";
  uint8_t *exact = malloc(length ? length : 1); /* so that a read past the end is seen */
  if (!exact) abort();
  if (length) memcpy(exact, bytes, length);
  enum tls_flight_state state = tls_hello_read_ssl2(exact, length, &suite);
  if (state == TLS_FLIGHT_WHOLE && !*suite) abort();
  free(exact);
  return state;
}

static void try_ssl2(const uint8_t *bytes, size_t length) {
  enum tls_flight_state before = TLS_FLIGHT_MORE;
  for (size_t most = 0; most <= length && most < 400; most++) {
    enum tls_flight_state now = read_ssl2(bytes, most);
    if (before != TLS_FLIGHT_MORE && now != before) abort();
    before = now;
  }
  read_ssl2(bytes, length);
}

static void try_flight(const uint8_t *bytes, size_t length, size_t piece) {
  struct tls_flight whole = { 0 }, pieces = { 0 };
  tls_flight_feed(&whole, bytes, length);
  for (size_t at = 0; at < length; at += piece) tls_flight_feed(&pieces, bytes + at, piece < length - at ? piece : length - at);
  if (whole.state != pieces.state || whole.version != pieces.version || whole.suite != pieces.suite || whole.alert != pieces.alert) abort();
  if (whole.state == TLS_FLIGHT_WHOLE && !whole.greeted) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size == 0) return 0;
  if (data[0] == 0) try_ssl2(data + 1, size - 1);
  else try_flight(data + 1, size - 1, data[0]);
  return 0;
}
