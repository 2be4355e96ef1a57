#include "checks/observe/tls_client.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/dh.h>
#include <openssl/err.h>
#include <openssl/ocsp.h>
#include <openssl/x509_vfy.h>
#include <stdlib.h>
#include <string.h>
#include "checks/observe/signature_memo.h"
#include "checks/record/certificate_x509.h"
#include "src/base/buf.h"
#include "src/base/clock.h"
#include "src/base/mem.h"
#include "src/base/text.h"

enum { CIPHER_TEXT_MOST = 8192, STAPLE_SLACK_S = 300 };
enum context_kind { CONTEXT_DEFAULT, CONTEXT_TLS10, CONTEXT_WEAK_FIRST, CONTEXT_TLS12, CONTEXT_FORWARD, CONTEXT_ALL, CONTEXT_COUNT };

struct tls_client {
  const char *ca_file;
  X509_STORE *trust;
  struct signature_memo *memo;
  SSL_CTX *contexts[CONTEXT_COUNT];
};

struct tls_client *tls_client_new(const char *ca_file) {
  struct tls_client *client = mem_zalloc(1, sizeof *client);
  client->ca_file = ca_file;
  client->memo = signature_memo_new();
  return client;
}

void tls_client_free(struct tls_client **client) {
  if (!*client) return;
  for (size_t i = 0; i < CONTEXT_COUNT; i++) SSL_CTX_free((*client)->contexts[i]);
  X509_STORE_free((*client)->trust);
  signature_memo_free(&(*client)->memo);
  free(*client);
  *client = NULL;
}

/* The system's certificates by their hashed names. X509_STORE_set_default_paths would also read the whole folder at every look-up. */
static void use_system_trust(X509_STORE *store) {
  X509_LOOKUP *file = X509_STORE_add_lookup(store, X509_LOOKUP_file()), *folder = X509_STORE_add_lookup(store, X509_LOOKUP_hash_dir());
  if (file) X509_LOOKUP_load_file(file, NULL, X509_FILETYPE_DEFAULT);
  if (folder) X509_LOOKUP_add_dir(folder, NULL, X509_FILETYPE_DEFAULT);
}

static X509_STORE *trust(struct tls_client *client) {
  if (client->trust) return client->trust;
  client->trust = X509_STORE_new();
  if (!client->trust) return NULL;
  if (client->ca_file) X509_STORE_load_file(client->trust, client->ca_file);
  else use_system_trust(client->trust);
  ERR_clear_error();
  return client->trust;
}

/* ---- contexts ---- */

static int accept_any(X509_STORE_CTX *context, void *argument) {
  (void)argument;
  X509_STORE_CTX_set_error(context, X509_V_OK);
  return 1;
}

static int no_client_certificate(SSL *ssl, X509 **x509, EVP_PKEY **key) {
  (void)x509;
  (void)key;
  struct tls_notes *notes = SSL_get_app_data(ssl);
  if (!notes) notes = SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl));
  if (notes) notes->client_certificate_requested = true;
  return 0;
}

static void note_alert(const SSL *ssl, int where, int code) {
  if (!(where & SSL_CB_READ) || !(where & SSL_CB_ALERT) || (code & 0xff) == SSL_AD_CLOSE_NOTIFY) return;
  struct tls_notes *notes = SSL_get_app_data(ssl);
  if (!notes) notes = SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl));
  if (!notes || notes->alert[0]) return;
  struct buf text = BUF_INIT(sizeof notes->alert - 1);
  buf_text(&text, SSL_alert_desc_string_long(code));
  memcpy(notes->alert, buf_string(&text), text.length + 1);
  buf_release(&text);
}

/* Security level 0: what is weak is to be seen and judged, not refused here. */
void tls_client_prepare(SSL_CTX *context, struct tls_notes *notes) {
  SSL_CTX_set_app_data(context, notes);
  SSL_CTX_set_security_level(context, 0);
  SSL_CTX_set_options(context, SSL_OP_LEGACY_SERVER_CONNECT);
  SSL_CTX_set_cert_verify_callback(context, accept_any, NULL);
  SSL_CTX_set_client_cert_cb(context, no_client_certificate);
  SSL_CTX_set_info_callback(context, note_alert);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS); /* hundreds of conversations wait at once */
  SSL_CTX_set_tlsext_status_type(context, TLSEXT_STATUSTYPE_ocsp);
}

/* The same suites, in reverse: does the server keep its own order? */
static void set_weak_first(SSL_CTX *context) {
  struct buf list = BUF_INIT(CIPHER_TEXT_MOST);
  STACK_OF(SSL_CIPHER) *ciphers = SSL_CTX_get_ciphers(context);
  for (int i = sk_SSL_CIPHER_num(ciphers) - 1; i >= 0; i--) {
    const SSL_CIPHER *cipher = sk_SSL_CIPHER_value(ciphers, i);
    if (strcmp(SSL_CIPHER_get_version(cipher), "TLSv1.3") == 0) continue;
    if (list.length) buf_char(&list, ':');
    buf_text(&list, SSL_CIPHER_get_name(cipher));
  }
  buf_text(&list, ":@SECLEVEL=0");
  SSL_CTX_set_cipher_list(context, buf_string(&list));
  buf_release(&list);
}

static SSL_CTX *make_context(enum context_kind kind) {
  SSL_CTX *context = SSL_CTX_new(TLS_client_method());
  if (!context) return NULL;
  tls_client_prepare(context, NULL);
  bool legacy = kind == CONTEXT_TLS10 || kind == CONTEXT_ALL;
  SSL_CTX_set_min_proto_version(context, legacy ? TLS1_VERSION : TLS1_2_VERSION);
  SSL_CTX_set_max_proto_version(context, kind == CONTEXT_TLS10 ? TLS1_1_VERSION : kind == CONTEXT_TLS12 || kind == CONTEXT_WEAK_FIRST || kind == CONTEXT_FORWARD ? TLS1_2_VERSION : 0);
  SSL_CTX_set_cipher_list(context, kind == CONTEXT_ALL ? "ALL:COMPLEMENTOFALL:COMPLEMENTOFDEFAULT:@SECLEVEL=0" : "DEFAULT:@SECLEVEL=0");
  if (kind == CONTEXT_FORWARD) SSL_CTX_set_cipher_list(context, "kECDHE:kDHE:@SECLEVEL=0");
  if (kind == CONTEXT_WEAK_FIRST) set_weak_first(context);
  if (kind != CONTEXT_DEFAULT) SSL_CTX_set_options(context, SSL_OP_NO_TICKET);
  return context;
}

static enum context_kind kind_of(unsigned flags) {
  if (flags & SMTP_ASK_ALL) return CONTEXT_ALL;
  if (flags & SMTP_ASK_TLS10) return CONTEXT_TLS10;
  if (flags & SMTP_ASK_WEAK_FIRST) return CONTEXT_WEAK_FIRST;
  if (flags & SMTP_ASK_FORWARD) return CONTEXT_FORWARD;
  return flags & SMTP_ASK_TLS12 ? CONTEXT_TLS12 : CONTEXT_DEFAULT;
}

/* The trust store is loaded here, by the loop's thread: what a handshake shows is described by others. */
SSL *tls_client_connection(struct tls_client *client, unsigned flags, const char *host, struct tls_notes *notes) {
  SSL_CTX **context = &client->contexts[kind_of(flags)];
  if (!*context) *context = make_context(kind_of(flags));
  SSL *ssl = *context && trust(client) ? SSL_new(*context) : NULL;
  BIO *in = BIO_new(BIO_s_mem()), *out = BIO_new(BIO_s_mem());
  if (!ssl || !in || !out) {
    SSL_free(ssl);
    BIO_free(in);
    BIO_free(out);
    return NULL;
  }
  BIO_set_mem_eof_return(in, -1);
  SSL_set_bio(ssl, in, out);
  SSL_set_app_data(ssl, notes);
  if (!(flags & SMTP_ASK_NO_SNI)) SSL_set_tlsext_host_name(ssl, host);
  SSL_set_connect_state(ssl);
  return ssl;
}

const char *tls_client_suite(SSL *ssl, unsigned number) {
  const unsigned char bytes[2] = { (unsigned char)(number >> 8), (unsigned char)number };
  const SSL_CIPHER *cipher = SSL_CIPHER_find(ssl, bytes);
  if (!cipher || sk_SSL_CIPHER_find(SSL_get_ciphers(ssl), cipher) < 0 || strcmp(SSL_CIPHER_get_version(cipher), "TLSv1.3") == 0) return NULL;
  const char *name = SSL_CIPHER_standard_name(cipher);
  return name ? name : SSL_CIPHER_get_name(cipher);
}

/* ---- what a handshake showed ---- */

/* Only the way that was followed counts: servers also send old cross-signatures that nobody needs. */
static const struct certificate *outdated_issuer(struct arena *arena, const STACK_OF(X509) *path, int64_t now_ms) {
  time_t now = (time_t)(now_ms / 1000);
  for (int i = 1; i < sk_X509_num(path); i++) {
    X509 *x509 = sk_X509_value(path, i);
    if (X509_cmp_time(X509_get0_notBefore(x509), &now) > 0 || X509_cmp_time(X509_get0_notAfter(x509), &now) < 0) return certificate_of_x509(arena, x509);
  }
  return NULL;
}

/* An authority whose extended key usage leaves servers out issues no certificate for one (RFC 5280 section 4.2.1.12, as senders' libraries read it). */
static bool issuers_serve(const STACK_OF(X509) *path) {
  for (int i = 1; i < sk_X509_num(path); i++)
    if (X509_check_purpose(sk_X509_value(path, i), X509_PURPOSE_SSL_SERVER, 1) == 0) return false;
  return true;
}

/* What verifies the signatures of a chain that was found: the library's own function, unless all of them are known to hold. */
struct chain_verifier {
  struct signature_memo *memo;
  X509_STORE_CTX_verify_fn library;
};

static int verify_chain(X509_STORE_CTX *context) {
  const struct chain_verifier *verifier = X509_STORE_CTX_get_app_data(context);
  const STACK_OF(X509) *chain = X509_STORE_CTX_get0_chain(context);
  int count = sk_X509_num(chain);
  bool good = count > 1;
  for (int i = 0; i + 1 < count && good; i++) {
    X509 *child = sk_X509_value(chain, i), *issuer = sk_X509_value(chain, i + 1);
    good = X509_check_issued(issuer, child) == X509_V_OK && signature_memo_verifies(verifier->memo, child, issuer);
  }
  return good ? 1 : verifier->library(context);
}

void tls_verify(struct signature_memo *memo, X509_STORE *trusted, struct arena *arena, X509 *leaf, STACK_OF(X509) *sent, int64_t now_ms, struct tls_session *out) {
  X509_STORE_CTX *context = X509_STORE_CTX_new();
  struct chain_verifier verifier = { .memo = memo };
  out->verify = X509_V_ERR_UNSPECIFIED;
  if (context && trusted && X509_STORE_CTX_init(context, trusted, leaf, sent) == 1) {
    X509_VERIFY_PARAM *param = X509_STORE_CTX_get0_param(context);
    X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_NO_CHECK_TIME | X509_V_FLAG_TRUSTED_FIRST);
    X509_VERIFY_PARAM_set_auth_level(param, 0);
    X509_VERIFY_PARAM_set_depth(param, (int)CERTIFICATE_CHAIN_MOST);
    verifier.library = X509_STORE_CTX_get_verify(context);
    X509_STORE_CTX_set_app_data(context, &verifier);
    X509_STORE_CTX_set_verify(context, verify_chain);
    out->verify = X509_verify_cert(context) == 1 ? X509_V_OK : X509_STORE_CTX_get_error(context);
    if (out->verify == X509_V_OK && !issuers_serve(X509_STORE_CTX_get0_chain(context))) out->verify = X509_V_ERR_INVALID_PURPOSE;
    if (out->verify == X509_V_OK) out->outdated = outdated_issuer(arena, X509_STORE_CTX_get0_chain(context), now_ms);
  }
  if (out->verify != X509_V_OK) out->verify_text = arena_strdup(arena, X509_verify_cert_error_string(out->verify));
  X509_STORE_CTX_free(context);
  ERR_clear_error();
}

static void describe_chain(struct tls_client *client, struct arena *arena, SSL *ssl, struct tls_session *out) {
  STACK_OF(X509) *sent = SSL_get_peer_cert_chain(ssl);
  int count = sk_X509_num(sent);
  if (count <= 0) return;
  if (count > (int)CERTIFICATE_CHAIN_MOST) count = (int)CERTIFICATE_CHAIN_MOST;
  const struct certificate **chain = ARENA_ARRAY(arena, const struct certificate *, (size_t)count);
  X509 *x509[CERTIFICATE_CHAIN_MOST];
  size_t read = 0;
  for (int i = 0; i < count; i++) {
    const struct certificate *certificate = certificate_of_x509(arena, sk_X509_value(sent, i));
    if (!certificate && i == 0) return; /* larger than what is read: without its leaf a chain says nothing */
    if (!certificate) continue;
    x509[read] = sk_X509_value(sent, i);
    chain[read++] = certificate;
  }
  struct certificate_path *path = ARENA_NEW(arena, struct certificate_path);
  certificate_path_x509(chain, x509, read, signature_memo_verifies, client->memo, path);
  tls_session_set_chain(out, arena, chain, read, path);
  tls_verify(client->memo, trust(client), arena, sk_X509_value(sent, 0), sent, clock_wall_ms(), out);
}

/* The library gives no name to the one 1024-bit prime that many servers share (RFC 2409 section 6.2). */
static bool is_shared_prime(EVP_PKEY *key) {
  BIGNUM *prime = NULL, *shared = BN_get_rfc2409_prime_1024(NULL);
  bool same = shared && EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_FFC_P, &prime) == 1 && BN_cmp(prime, shared) == 0;
  BN_free(prime);
  BN_free(shared);
  return same;
}

static void describe_key_exchange(struct arena *arena, SSL *ssl, struct tls_session *out) {
  EVP_PKEY *key = NULL;
  if (SSL_get_peer_tmp_key(ssl, &key) == 1 && key) {
    char name[64] = "";
    int bits = EVP_PKEY_get_bits(key);
    out->group_bits = bits > 0 ? (unsigned)bits : 0;
    if (is_shared_prime(key)) out->group = "modp_1024";
    else if (EVP_PKEY_get_group_name(key, name, sizeof name, NULL) == 1 && name[0]) out->group = arena_strdup(arena, name);
    else if (EVP_PKEY_get0_type_name(key)) out->group = arena_strdup(arena, EVP_PKEY_get0_type_name(key));
    EVP_PKEY_free(key);
  }
  int hash = NID_undef;
  if (SSL_get_peer_signature_nid(ssl, &hash) == 1 && hash != NID_undef) out->signature_hash = arena_strdup(arena, OBJ_nid2sn(hash));
}

/* ---- stapled status ---- */

static enum staple_status status_in(OCSP_BASICRESP *basic, X509 *leaf, X509 *issuer) {
  int status = V_OCSP_CERTSTATUS_UNKNOWN, reason;
  ASN1_GENERALIZEDTIME *revoked, *from, *until;
  OCSP_CERTID *id = OCSP_cert_to_id(NULL, leaf, issuer);
  bool found = id && OCSP_resp_find_status(basic, id, &status, &reason, &revoked, &from, &until) == 1;
  OCSP_CERTID_free(id);
  if (!found || status == V_OCSP_CERTSTATUS_UNKNOWN) return STAPLE_UNKNOWN;
  if (status == V_OCSP_CERTSTATUS_REVOKED) return STAPLE_REVOKED; /* for good */
  return OCSP_check_validity(from, until, STAPLE_SLACK_S, -1) == 1 ? STAPLE_GOOD : STAPLE_UNKNOWN; /* RFC 6960 section 4.2.2.1 */
}

/* Believed only when its signature holds against the run's trust store. */
static enum staple_status staple_of(struct tls_client *client, SSL *ssl) {
  const unsigned char *bytes = NULL;
  long length = SSL_get_tlsext_status_ocsp_resp(ssl, &bytes);
  if (length <= 0 || !bytes) return STAPLE_NONE;
  OCSP_RESPONSE *response = d2i_OCSP_RESPONSE(NULL, &bytes, length);
  OCSP_BASICRESP *basic = response ? OCSP_response_get1_basic(response) : NULL;
  STACK_OF(X509) *chain = SSL_get_peer_cert_chain(ssl);
  enum staple_status status = STAPLE_UNKNOWN;
  if (basic && chain && sk_X509_num(chain) > 1 && trust(client) && OCSP_basic_verify(basic, chain, trust(client), 0) == 1)
    status = status_in(basic, sk_X509_value(chain, 0), sk_X509_value(chain, 1));
  OCSP_BASICRESP_free(basic);
  OCSP_RESPONSE_free(response);
  ERR_clear_error();
  return status;
}

void tls_client_describe(struct tls_client *client, struct arena *arena, SSL *ssl, const struct tls_notes *notes, struct tls_session *out) {
  unsigned long error = ERR_peek_error();
  const char *reason = error ? ERR_reason_error_string(error) : NULL;
  out->established = SSL_is_init_finished(ssl) == 1;
  out->client_certificate_requested = notes->client_certificate_requested;
  const char *alert = notes->alert[0] ? notes->alert : reason && !out->established ? reason : "";
  out->alert = text_safe_string(arena, alert);
  ERR_clear_error();
  describe_chain(client, arena, ssl, out);
  if (!out->established) return;
  out->version = arena_strdup(arena, SSL_get_version(ssl));
  const char *cipher = SSL_CIPHER_standard_name(SSL_get_current_cipher(ssl));
  out->cipher = arena_strdup(arena, cipher ? cipher : SSL_CIPHER_get_name(SSL_get_current_cipher(ssl)));
  describe_key_exchange(arena, ssl, out);
  out->compression = SSL_get_current_compression(ssl) != NULL;
  out->secure_renegotiation = SSL_get_secure_renegotiation_support(ssl) == 1;
  out->staple = staple_of(client, ssl);
}
