#include "checks/store_private.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "checks/record/certificate.h"
#include "src/base/json.h"
#include "src/base/mem.h"

/* SMTP and HTTPS observations as JSON and back. Texts from outside are byte strings; certificates are kept as DER in base64. */

static void put_text(json_t *object, const char *key, const char *text) {
  if (*text) json_object_set_new(object, key, json_bytes(text, strlen(text)));
}

static void put_number(json_t *object, const char *key, int64_t number) {
  if (number) json_object_set_new(object, key, json_integer(number));
}

static void put_flag(json_t *object, const char *key, bool flag) {
  if (flag) json_object_set_new(object, key, json_true());
}

static const char *get_bytes(struct arena *arena, const struct value *object, const char *key, size_t cap, size_t *out_length) {
  size_t length = 0;
  const struct value *value = value_get(object, key);
  const char *text = value ? value_bytes(arena, value, &length) : NULL;
  if (length > cap) length = 0, text = NULL;
  if (out_length) *out_length = length;
  return text ? text : "";
}

static const char *get_text(struct arena *arena, const struct value *object, const char *key) { return get_bytes(arena, object, key, 65536, NULL); }

/* A number of an enumeration whose last member is `most`; what lies outside becomes `otherwise`. */
static int get_member(const struct value *object, const char *key, int most, int otherwise) {
  int64_t number = value_number(object, key, 0);
  return number >= 0 && number <= most ? (int)number : otherwise;
}

static uint32_t get_count(const struct value *object, const char *key) {
  int64_t number = value_number(object, key, 0);
  return number > 0 && number <= UINT32_MAX ? (uint32_t)number : 0;
}

/* ---- TLS ---- */

static void put_certificate(json_t *array, const struct certificate *certificate) {
  size_t room = (certificate->der_length + 2) / 3 * 4 + 1;
  unsigned char *text = mem_alloc(room);
  int length = EVP_EncodeBlock(text, certificate->der, (int)certificate->der_length);
  json_array_append_new(array, json_stringn((const char *)text, (size_t)length));
  free(text);
}

static const struct certificate *get_certificate(struct arena *arena, const struct value *value) {
  const char *text = value_string(value, NULL);
  size_t length = text ? value->count : 0;
  if (!text || length == 0 || length % 4 || length > (size_t)CERTIFICATE_DER_MOST * 2) return NULL;
  unsigned char *der = mem_alloc(length);
  int octets = EVP_DecodeBlock(der, (const unsigned char *)text, (int)length);
  size_t padding = (size_t)(text[length - 1] == '=') + (size_t)(text[length - 2] == '=');
  const struct certificate *certificate = octets > (int)padding ? certificate_read(arena, der, (size_t)octets - padding) : NULL;
  free(der);
  return certificate;
}

static json_t *tls_to_json(const struct tls_session *tls) {
  json_t *object = json_object();
  put_flag(object, "established", tls->established);
  put_text(object, "version", tls->version);
  put_text(object, "cipher", tls->cipher);
  put_text(object, "group", tls->group);
  put_number(object, "group_bits", tls->group_bits);
  put_text(object, "signature_hash", tls->signature_hash);
  put_flag(object, "compression", tls->compression);
  put_flag(object, "secure_renegotiation", tls->secure_renegotiation);
  put_flag(object, "client_certificate_requested", tls->client_certificate_requested);
  put_flag(object, "answered_hello", tls->answered_hello);
  put_number(object, "staple", tls->staple);
  put_text(object, "alert", tls->alert);
  put_number(object, "verify", tls->verify);
  put_text(object, "verify_text", tls->verify_text);
  json_t *chain = json_array();
  for (size_t i = 0; i < tls->certificates; i++) put_certificate(chain, tls->chain[i]);
  json_object_set_new(object, "chain", chain);
  if (!tls->outdated) return object;
  chain = json_array();
  put_certificate(chain, tls->outdated);
  json_object_set_new(object, "outdated", chain);
  return object;
}

static void tls_from_json(struct arena *arena, const struct value *object, struct tls_session *tls) {
  tls->established = value_flag(object, "established", false);
  tls->version = get_text(arena, object, "version");
  tls->cipher = get_text(arena, object, "cipher");
  tls->group = get_text(arena, object, "group");
  tls->group_bits = get_count(object, "group_bits");
  tls->signature_hash = get_text(arena, object, "signature_hash");
  tls->compression = value_flag(object, "compression", false);
  tls->secure_renegotiation = value_flag(object, "secure_renegotiation", false);
  tls->client_certificate_requested = value_flag(object, "client_certificate_requested", false);
  tls->answered_hello = value_flag(object, "answered_hello", false);
  tls->staple = (enum staple_status)get_member(object, "staple", STAPLE_REVOKED, STAPLE_UNKNOWN);
  tls->alert = get_text(arena, object, "alert");
  tls->verify = get_member(object, "verify", 1000, 1);
  tls->verify_text = get_text(arena, object, "verify_text");
  const struct value *chain = value_get(object, "chain");
  const struct certificate **certificates = ARENA_ARRAY(arena, const struct certificate *, CERTIFICATE_CHAIN_MOST);
  size_t count = 0;
  VALUE_EACH(one, chain) {
    const struct certificate *certificate = count < CERTIFICATE_CHAIN_MOST ? get_certificate(arena, one) : NULL;
    if (!certificate && one == chain->first) break; /* without its leaf a chain says nothing */
    if (certificate) certificates[count++] = certificate;
  }
  tls_session_set_chain(tls, arena, certificates, count, NULL);
  tls->outdated = get_certificate(arena, value_at(value_get(object, "outdated"), 0));
}

/* ---- SMTP ---- */

void smtp_session_to_json(json_t *object, const struct smtp_session *session) {
  put_number(object, "connect", session->connect);
  put_text(object, "connect_error", session->connect_error);
  put_number(object, "stage", session->stage);
  put_number(object, "ending", session->ending);
  put_flag(object, "retried", session->retried);
  put_number(object, "banner_code", session->banner_code);
  put_number(object, "ehlo_code", session->ehlo_code);
  put_number(object, "helo_code", session->helo_code);
  put_number(object, "starttls_code", session->starttls_code);
  put_number(object, "tls_ehlo_code", session->tls_ehlo_code);
  put_text(object, "banner", session->banner);
  put_text(object, "ehlo", session->ehlo);
  put_text(object, "starttls", session->starttls);
  put_text(object, "tls_ehlo", session->tls_ehlo);
  put_flag(object, "ehlo_complete", session->ehlo_complete);
  put_flag(object, "starttls_offered", session->starttls_offered);
  put_flag(object, "starttls_masked", session->starttls_masked);
  put_flag(object, "bare_lf", session->bare_lf);
  put_flag(object, "starttls_again", session->starttls_again);
  put_flag(object, "injected", session->injected);
  put_number(object, "connect_ms", session->connect_ms);
  put_number(object, "banner_ms", session->banner_ms);
  put_number(object, "ehlo_ms", session->ehlo_ms);
  put_number(object, "starttls_ms", session->starttls_ms);
  put_number(object, "handshake_ms", session->handshake_ms);
  json_object_set_new(object, "tls", tls_to_json(&session->tls));
}

struct observation *smtp_session_from_json(const struct question *question, const struct value *object) {
  struct smtp_session *session = smtp_session_new(question);
  struct arena *arena = session->seen.arena;
  session->connect = (enum connect_outcome)get_member(object, "connect", CONNECT_NOT_TRIED, CONNECT_OTHER);
  session->connect_error = get_text(arena, object, "connect_error");
  session->stage = (enum smtp_stage)get_member(object, "stage", SMTP_AT_QUIT, SMTP_AT_CONNECT);
  session->ending = (enum smtp_ending)get_member(object, "ending", SMTP_CONNECT_FAILED, SMTP_CONNECT_FAILED);
  session->retried = value_flag(object, "retried", false);
  session->banner_code = get_member(object, "banner_code", 999, 0);
  session->ehlo_code = get_member(object, "ehlo_code", 999, 0);
  session->helo_code = get_member(object, "helo_code", 999, 0);
  session->starttls_code = get_member(object, "starttls_code", 999, 0);
  session->tls_ehlo_code = get_member(object, "tls_ehlo_code", 999, 0);
  session->banner = get_text(arena, object, "banner");
  session->ehlo = get_text(arena, object, "ehlo");
  session->starttls = get_text(arena, object, "starttls");
  session->tls_ehlo = get_text(arena, object, "tls_ehlo");
  session->ehlo_complete = value_flag(object, "ehlo_complete", false);
  session->starttls_offered = value_flag(object, "starttls_offered", false);
  session->starttls_masked = value_flag(object, "starttls_masked", false);
  session->bare_lf = value_flag(object, "bare_lf", false);
  session->starttls_again = value_flag(object, "starttls_again", false);
  session->injected = value_flag(object, "injected", false);
  session->connect_ms = get_count(object, "connect_ms");
  session->banner_ms = get_count(object, "banner_ms");
  session->ehlo_ms = get_count(object, "ehlo_ms");
  session->starttls_ms = get_count(object, "starttls_ms");
  session->handshake_ms = get_count(object, "handshake_ms");
  tls_from_json(arena, value_get(object, "tls"), &session->tls);
  return &session->seen;
}

/* ---- HTTPS ---- */

void https_reply_to_json(json_t *object, const struct https_reply *reply) {
  put_number(object, "ending", reply->ending);
  put_number(object, "connect", reply->connect);
  put_text(object, "error", reply->error);
  put_number(object, "status", reply->status);
  put_text(object, "content_type", reply->content_type);
  put_text(object, "location", reply->location);
  json_object_set_new(object, "body", json_bytes(reply->body, reply->body_length));
  json_object_set_new(object, "tls", tls_to_json(&reply->tls));
}

struct observation *https_reply_from_json(const struct question *question, const struct value *object) {
  struct https_reply *reply = https_reply_new(question);
  struct arena *arena = reply->seen.arena;
  reply->ending = (enum https_ending)get_member(object, "ending", HTTPS_BROKEN, HTTPS_BROKEN);
  reply->connect = (enum connect_outcome)get_member(object, "connect", CONNECT_OTHER, CONNECT_OTHER);
  reply->error = get_text(arena, object, "error");
  reply->status = get_member(object, "status", 999, 0);
  reply->content_type = get_text(arena, object, "content_type");
  reply->location = get_text(arena, object, "location");
  reply->body = get_bytes(arena, object, "body", https_body_most(question->flags), &reply->body_length);
  tls_from_json(arena, value_get(object, "tls"), &reply->tls);
  return &reply->seen;
}
