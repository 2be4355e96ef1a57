#ifndef OBSERVE_TLS_FLIGHT_H
#define OBSERVE_TLS_FLIGHT_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The first flight of a TLS server up to version 1.2, from ServerHello to ServerHelloDone (RFC 5246 section 7.3): all that it says before the
 * client must do any work. A server that came so far has taken a version and a suite of the offer, has shown a certificate for it and signed its
 * part of the key exchange; what is left depends on the client. So this proves that an offer is taken, at the price of no cryptography. Pure. */

enum { TLS_FLIGHT_HELLO_ROOM = 76 }; /* a ServerHello up to its compression method, with the message's head */

enum tls_flight_state { TLS_FLIGHT_MORE, TLS_FLIGHT_WHOLE, TLS_FLIGHT_REFUSED };

struct tls_flight {              /* begins with all zero */
  enum tls_flight_state state;
  unsigned version, suite;       /* of the ServerHello */
  bool greeted;                  /* it came */
  unsigned alert;                /* the number of the fatal alert that ended it; 0: none */
  uint8_t head[5], alert_bytes[2], message[TLS_FLIGHT_HELLO_ROOM];
  size_t head_length, alert_length, record_left, message_length /* so far, its head too */, octets;
};

/* Takes bytes as they come, in pieces of any size; what follows the end of the flight is left alone. Warnings are passed over, as a client does. */
enum tls_flight_state tls_flight_feed(struct tls_flight *flight, const uint8_t *bytes, size_t length);
#endif
