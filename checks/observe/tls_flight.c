#include "checks/observe/tls_flight.h"

enum { RECORD_ALERT = 21, RECORD_HANDSHAKE = 22, RECORD_MOST = 16384 + 2048, FLIGHT_MOST = 256 * 1024 };
enum { HELLO_REQUEST = 0, SERVER_HELLO = 2, SERVER_HELLO_DONE = 14, MESSAGE_HEAD = 4, RANDOM = 32, SESSION_MOST = 32 };
enum { VERSION_AT = MESSAGE_HEAD, SESSION_AT = VERSION_AT + 2 + RANDOM, ALERT_WARNING = 1, ALERT_CLOSE = 0 };

static unsigned get(const uint8_t *bytes, size_t octets) {
  unsigned value = 0;
  while (octets-- > 0) value = value << 8 | *bytes++;
  return value;
}

static void refuse(struct tls_flight *flight) { flight->state = TLS_FLIGHT_REFUSED; }

/* ---- messages ---- */

static size_t message_whole(const struct tls_flight *flight) { return MESSAGE_HEAD + (size_t)get(flight->message + 1, 3); }

static void take_hello(struct tls_flight *flight) {
  size_t length = message_whole(flight), session = flight->message[SESSION_AT];
  if (length < SESSION_AT + 4 || session > SESSION_MOST || length < SESSION_AT + 4 + session) {
    refuse(flight);
    return;
  }
  const uint8_t *after = flight->message + SESSION_AT + 1 + session;
  if (after[2] != 0) refuse(flight); /* compression, which was not offered */
  flight->version = get(flight->message + VERSION_AT, 2);
  flight->suite = get(after, 2);
  flight->greeted = true;
}

static void end_message(struct tls_flight *flight) {
  unsigned type = flight->message[0];
  if (type == HELLO_REQUEST) return; /* ignored by a client that is at it (RFC 5246 section 7.4.1.1) */
  if (type == SERVER_HELLO && !flight->greeted) take_hello(flight);
  else if (type == SERVER_HELLO || !flight->greeted) refuse(flight);
  else if (type == SERVER_HELLO_DONE) flight->state = TLS_FLIGHT_WHOLE;
}

static void take_message_byte(struct tls_flight *flight, uint8_t byte) {
  if (flight->message_length < sizeof flight->message) flight->message[flight->message_length] = byte;
  flight->message_length++;
  if (flight->message_length < MESSAGE_HEAD || flight->message_length < message_whole(flight)) return;
  end_message(flight);
  flight->message_length = 0;
}

/* ---- records ---- */

static void take_alert_byte(struct tls_flight *flight, uint8_t byte) {
  flight->alert_bytes[flight->alert_length++] = byte;
  if (flight->alert_length < 2) return;
  flight->alert_length = 0;
  if (flight->alert_bytes[0] == ALERT_WARNING && flight->alert_bytes[1] != ALERT_CLOSE) return; /* unrecognized_name, of old servers */
  flight->alert = flight->alert_bytes[1];
  refuse(flight);
}

static void take_head_byte(struct tls_flight *flight, uint8_t byte) {
  flight->head[flight->head_length++] = byte;
  if (flight->head_length < sizeof flight->head) return;
  flight->record_left = get(flight->head + 3, 2);
  bool known = flight->head[0] == RECORD_ALERT || flight->head[0] == RECORD_HANDSHAKE;
  if (!known || flight->head[1] != 3 || flight->record_left > RECORD_MOST) refuse(flight);
  if (flight->record_left == 0) flight->head_length = 0;
}

static void take_byte(struct tls_flight *flight, uint8_t byte) {
  if (flight->record_left == 0) {
    take_head_byte(flight, byte);
    return;
  }
  if (flight->head[0] == RECORD_ALERT) take_alert_byte(flight, byte);
  else take_message_byte(flight, byte);
  if (--flight->record_left == 0) flight->head_length = 0;
}

enum tls_flight_state tls_flight_feed(struct tls_flight *flight, const uint8_t *bytes, size_t length) {
  for (size_t i = 0; i < length && flight->state == TLS_FLIGHT_MORE; i++) {
    take_byte(flight, bytes[i]);
    if (++flight->octets > FLIGHT_MOST && flight->state == TLS_FLIGHT_MORE) refuse(flight);
  }
  return flight->state;
}
