#ifndef PRACTICE_CERTIFICATES_H
#define PRACTICE_CERTIFICATES_H
#include <stdbool.h>
#include <openssl/ssl.h>
#include "src/base/buf.h"
#include "src/base/fault.h"
#include "src/practice/scenario.h"

/* The estate's own certificate authority (a root and an intermediate) and one that nobody trusts. Made at each start; keys never leave
 * the process. */
struct certificates;

struct certificates *certificates_new(struct fault *fault);
void certificates_free(struct certificates **certificates);
void certificates_root_pem(const struct certificates *certificates, struct buf *out);
/* The TLS server of one host. The caller frees with SSL_CTX_free. Null: OpenSSL refused. */
SSL_CTX *certificates_server(struct certificates *certificates, const char *host, const struct tls_manner *manner);
#endif
