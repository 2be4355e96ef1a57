/* checks/observe: the only room that touches the network. DNS by c-ares, SMTP with STARTTLS by OpenSSL, HTTPS by libcurl, all on one
 * libuv loop. Each observer takes a question and calls back once with an observation, in time, whatever the other side does.
 * May use: src/base, checks/record, checks/store.h. */
#ifndef CHECKS_OBSERVE_LIB_H
#define CHECKS_OBSERVE_LIB_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <uv.h>
#include "checks/store.h"
#include "src/base/fault.h"

struct connect_to { const char *host; const char *address; uint16_t port; }; /* port 0: the usual one. host "" : every host */

struct observe_options {                 /* strings are borrowed for the observers' life */
  const char *resolvers;                 /* "127.0.0.1:5353,192.0.2.1"; null: the system's */
  uint16_t dns_port;                     /* of authoritative servers that are asked directly: 53 */
  uint16_t smtp_port, https_port;        /* 25, 443 */
  const struct connect_to *connect_to; size_t connect_to_count;
  const char *ca_file;                   /* null: the system's trust store */
  uint32_t timeout_ms;                   /* for one question: 5000. A conversation by SMTP or HTTPS takes up to twice that, all with one mail host up to three times */
  const char *ehlo_name;                 /* null: this machine's full name, or its address in brackets */
  bool no_smtp, no_https;                /* by setting: questions are answered with CONNECT_PROHIBITED at once */
  bool connect_direct_servers;           /* test networks: connect_to also redirects DNS questions to one server */
};

struct observers;

struct observers *observers_new(uv_loop_t *loop, const struct observe_options *options, struct fault *fault);
/* Closes everything; outstanding questions are dropped without a call. Run the loop afterwards until it is empty. */
void observers_free(struct observers **observers);

typedef void observed_function(struct observation *observation, void *context); /* hands over one reference */

/* Asks. The same question asked twice while under way is sent once. With sharing on (batches), an earlier answer serves. Never calls
 * back from inside. True: a question goes out for this asker; false: one under way, or an answer that is kept, serves. */
bool observers_ask(struct observers *observers, const struct question *question, observed_function *observed, void *context);
void observers_forget(struct observers *observers, void *context); /* no more calls with this context */
void observers_share(struct observers *observers, size_t answers); /* keep up to that many answers for other domains of this run */

bool observers_have_room(const struct observers *observers);       /* more DNS questions could be under way than are: a batch may begin another domain */

bool observers_test_network(const struct observers *observers);    /* all resolvers were given, and all are loopback addresses */
bool observers_smtp_reachable(const struct observers *observers);  /* some SMTP host sent a byte */
bool observers_https_reachable(const struct observers *observers);
/* The version of libcurl, loaded for that: "7.88.1". Null: it is not installed. The library stays loaded. */
const char *observe_curl_version(void);
/* The list of IANA, or a server whose name (in lower case) says that it speaks RDAP. */
static inline bool observe_is_registry(const char *host) { return strncmp(host, "rdap.", 5) == 0 || strcmp(host, "data.iana.org") == 0; }
/* May registries be asked by RDAP? Not on a test network, unless connect_to leads to one by name; nor when HTTPS is switched off. */
bool observers_ask_registry(const struct observers *observers);
#endif
