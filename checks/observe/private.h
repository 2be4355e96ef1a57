#ifndef CHECKS_OBSERVE_PRIVATE_H
#define CHECKS_OBSERVE_PRIVATE_H
#include "checks/observe/lib.h"

/* What the observers of this room share. Each kind has: _new, _ask (calls back exactly once, never from inside), _free (drops what is
 * under way without a call). */

typedef void observer_answered(void *owner, uint64_t ticket, struct observation *observation);

struct dns_observer;
struct dns_observer *dns_observer_new(uv_loop_t *loop, const struct observe_options *options, observer_answered *answered, void *owner, struct fault *fault);
/* The strings of the question must live until the answer or dns_observer_free. */
void dns_observer_ask(struct dns_observer *observer, uint64_t ticket, const struct question *question);
void dns_observer_free(struct dns_observer **observer);
void dns_observer_be_patient(struct dns_observer *observer); /* for batches: what is lost while others are answered is asked again */
bool dns_observer_has_room(const struct dns_observer *observer);             /* the window is not full, and nothing waits for it */
bool dns_observer_loopback_only(const struct dns_observer *observer);        /* every resolver is a loopback address */

/* Trust store and certificate helpers of SMTP and HTTPS. Loaded at the first TLS handshake: start-up does not pay for it. */
struct smtp_observer;
struct smtp_observer *smtp_observer_new(uv_loop_t *loop, const struct observe_options *options, observer_answered *answered, void *owner, struct fault *fault);
void smtp_observer_ask(struct smtp_observer *observer, uint64_t ticket, const struct question *question);
bool smtp_observer_reachable(const struct smtp_observer *observer);
void smtp_observer_free(struct smtp_observer **observer);

/* `resolve` gives the addresses of a host from the run's own resolver (never the C library's): see https.c. */
struct https_observer;
struct https_observer *https_observer_new(uv_loop_t *loop, const struct observe_options *options, struct observers *observers, observer_answered *answered, void *owner, struct fault *fault);
void https_observer_ask(struct https_observer *observer, uint64_t ticket, const struct question *question);
bool https_observer_reachable(const struct https_observer *observer);
void https_observer_free(struct https_observer **observer);

/* Where to connect for a host: options->connect_to if it names the host, else the address and port as given. */
void observe_redirect(const struct observe_options *options, const char *host, const char **address, uint16_t *port);
#endif
