#include <stdlib.h>
#include <string.h>

#include "checks/record/certificate.h"
#include "src/cli/lib.h"

/* "servers" of the line of check: each conversation with a mail or web server, as it went. With it somebody whose other tool says otherwise can see why:
 * which address, when, what was offered, what was negotiated, and the chain as it was sent. */

enum { NAMES_MOST = 20, TEXT_MOST = 500, OCTETS_MOST = 4 << 20 };

static void put_member(struct buf *out, const char *key, const char *value) {
  buf_printf(out, ",\"%s\":", key);
  json_put_text(out, value);
}

/* Words of the network, cut where they are long. */
static void put_said(struct buf *out, const char *key, const char *bytes) {
  size_t length = strlen(bytes);
  buf_printf(out, ",\"%s\":", key);
  json_put_bytes(out, bytes, length < TEXT_MOST ? length : TEXT_MOST);
}

static void put_flag(struct buf *out, const char *key, bool flag) { buf_printf(out, ",\"%s\":%s", key, flag ? "true" : "false"); }

static void put_time(struct buf *out, const char *key, int64_t time) {
  char when[32];
  clock_format_utc(time, when);
  put_member(out, key, when);
}

static void put_digest(struct buf *out, const char *key, const uint8_t digest[32]) {
  buf_printf(out, ",\"%s\":\"", key);
  for (size_t i = 0; i < 32; i++) buf_printf(out, "%02x", digest[i]);
  buf_char(out, '"');
}

/* ---- TLS ---- */

static void put_certificate(struct buf *out, struct arena *arena, const struct certificate *certificate) {
  buf_text(out, "{\"subject\":");
  json_put_text(out, certificate->subject);
  put_member(out, "issuer", certificate->issuer);
  put_member(out, "serial", certificate->serial);
  buf_text(out, ",\"names\":[");
  for (size_t i = 0; i < certificate->name_count && i < NAMES_MOST; i++) {
    if (i) buf_char(out, ',');
    json_put_text(out, certificate->names[i]);
  }
  buf_printf(out, "],\"name_count\":%zu", certificate->name_count);
  put_time(out, "not_before", certificate->not_before);
  put_time(out, "not_after", certificate->not_after);
  put_member(out, "key", certificate_key_text(arena, certificate));
  put_member(out, "signature", certificate->signature);
  put_digest(out, "sha256", certificate->sha256);
  put_digest(out, "spki_sha256", certificate->spki_sha256);
  buf_char(out, '}');
}

static void put_tls(struct buf *out, struct arena *arena, const struct tls_session *tls) {
  static const char *const staples[] = { [STAPLE_NONE] = "none", [STAPLE_UNKNOWN] = "unknown", [STAPLE_GOOD] = "good", [STAPLE_REVOKED] = "revoked" };
  buf_printf(out, ",\"tls\":{\"established\":%s", tls->established ? "true" : "false");
  put_flag(out, "answered_hello", tls->answered_hello);
  put_member(out, "version", tls->version);
  put_member(out, "suite", tls->cipher);
  put_member(out, "group", tls->group);
  buf_printf(out, ",\"group_bits\":%u", tls->group_bits);
  put_member(out, "signature_hash", tls->signature_hash);
  put_flag(out, "secure_renegotiation", tls->secure_renegotiation);
  put_flag(out, "client_certificate_requested", tls->client_certificate_requested);
  put_member(out, "stapled_status", staples[tls->staple]);
  put_member(out, "alert", tls->alert);
  put_flag(out, "trusted", tls->certificates > 0 && tls->verify == 0);
  put_member(out, "trust_error", tls->verify_text);
  put_member(out, "outdated_issuer", tls->outdated ? tls->outdated->subject : "");
  buf_text(out, ",\"chain\":[");
  for (size_t i = 0; i < tls->certificates; i++) {
    if (i) buf_char(out, ',');
    put_certificate(out, arena, tls->chain[i]);
  }
  buf_text(out, "]}");
}

/* ---- conversations ---- */

static const char *connect_word(enum connect_outcome outcome) {
  static const char *const words[] = { [CONNECT_OK] = "ok", [CONNECT_REFUSED] = "refused", [CONNECT_TIMEOUT] = "timeout", [CONNECT_NO_ROUTE] = "no-route",
    [CONNECT_PROHIBITED] = "prohibited", [CONNECT_NO_FAMILY] = "no-ipv6", [CONNECT_OTHER] = "failed", [CONNECT_NOT_TRIED] = "not-tried" };
  return words[outcome];
}

/* What this conversation offered; the usual one offers TLS 1.2 and 1.3 with the library's suites. */
static const char *offer_word(unsigned flags) {
  static const struct { unsigned flag; const char *word; } words[] = {
    { SMTP_ASK_TLS10, "tls-1.0-and-1.1" }, { SMTP_ASK_WEAK_FIRST, "tls-1.2-worst-first" }, { SMTP_ASK_TLS12, "tls-1.2" }, { SMTP_ASK_ALL, "everything" },
    { SMTP_ASK_FORWARD, "tls-1.2-forward-secrecy" }, { SMTP_ASK_NO_SNI, "no-server-name" }, { SMTP_ASK_INJECT, "noop-before-tls" }, { SMTP_ASK_SSL3, "ssl-3.0" },
    { SMTP_ASK_3DES, "3des" }, { SMTP_ASK_INSECURE, "insecure-suites" }, { SMTP_ASK_SSL2, "ssl-2.0" },
  };
  for (size_t i = 0; i < MEM_COUNT(words); i++)
    if (flags & words[i].flag) return words[i].word;
  return "usual";
}

static void put_smtp(struct buf *out, struct arena *arena, const struct smtp_session *session) {
  static const char *const stages[] = { [SMTP_AT_CONNECT] = "connect", [SMTP_AT_BANNER] = "greeting", [SMTP_AT_EHLO] = "ehlo", [SMTP_AT_STARTTLS] = "starttls",
    [SMTP_AT_HANDSHAKE] = "handshake", [SMTP_AT_EHLO_TLS] = "ehlo-within-tls", [SMTP_AT_QUIT] = "quit" };
  static const char *const endings[] = { [SMTP_DONE] = "done", [SMTP_TIMED_OUT] = "timed-out", [SMTP_CLOSED] = "closed", [SMTP_INVALID_REPLY] = "invalid-reply",
    [SMTP_REJECTED_4XX] = "rejected-for-now", [SMTP_REJECTED_5XX] = "rejected", [SMTP_NO_STARTTLS] = "no-starttls", [SMTP_TLS_FAILED] = "tls-failed", [SMTP_CONNECT_FAILED] = "not-connected" };
  put_member(out, "offered", offer_word(session->seen.question.flags));
  put_member(out, "connect", connect_word(session->connect));
  put_member(out, "reached", stages[session->stage]);
  put_member(out, "ended", endings[session->ending]);
  put_flag(out, "second_try", session->retried);
  buf_printf(out, ",\"codes\":{\"greeting\":%d,\"ehlo\":%d,\"helo\":%d,\"starttls\":%d,\"ehlo_within_tls\":%d}", session->banner_code, session->ehlo_code, session->helo_code,
             session->starttls_code, session->tls_ehlo_code);
  put_said(out, "greeting", session->banner);
  put_said(out, "extensions", session->ehlo);
  put_tls(out, arena, &session->tls);
}

static void put_https(struct buf *out, struct arena *arena, const struct https_reply *reply) {
  static const char *const endings[] = { [HTTPS_DONE] = "done", [HTTPS_NO_ADDRESS] = "no-address", [HTTPS_CONNECT_FAILED] = "not-connected", [HTTPS_TLS_FAILED] = "tls-failed",
    [HTTPS_TIMED_OUT] = "timed-out", [HTTPS_TOO_LARGE] = "too-large", [HTTPS_BROKEN] = "broken" };
  put_member(out, "path", reply->seen.question.path);
  put_member(out, "connect", connect_word(reply->connect));
  put_member(out, "ended", endings[reply->ending]);
  buf_printf(out, ",\"status\":%d,\"octets\":%zu", reply->status, reply->body_length);
  put_said(out, "content_type", reply->content_type);
  put_said(out, "location", reply->location);
  put_said(out, "error", reply->error);
  put_tls(out, arena, &reply->tls);
}

struct found { struct arena *arena; const struct observation **all; size_t count; };

static void note_server(const struct observation *seen, void *context) {
  struct found *found = context;
  bool registry = seen->question.kind == QUESTION_HTTPS && seen->question.flags & HTTPS_ASK_REGISTRY;
  if (seen->question.kind == QUESTION_DNS || registry) return;
  found->all = arena_grow(found->arena, found->all, found->count, sizeof *found->all);
  found->all[found->count++] = seen;
}

static int by_question(const void *a, const void *b) {
  return question_order(&(*(const struct observation *const *)a)->question, &(*(const struct observation *const *)b)->question);
}

static void put_server(struct buf *out, struct arena *arena, const struct observation *seen) {
  const struct question *question = &seen->question;
  bool smtp = question->kind == QUESTION_SMTP;
  buf_printf(out, "{\"service\":\"%s\"", smtp ? "smtp" : question->flags & HTTPS_ASK_PLAIN ? "http" : "https");
  put_said(out, "host", question->name);
  put_member(out, "address", *question->server ? question->server : seen->server);
  put_time(out, "time", seen->time);
  buf_printf(out, ",\"elapsed_ms\":%u", seen->elapsed_ms);
  if (smtp) put_smtp(out, arena, (const struct smtp_session *)(const void *)seen);
  else put_https(out, arena, (const struct https_reply *)(const void *)seen);
  buf_char(out, '}');
}

void report_servers_json(struct buf *out, const struct store *store) {
  struct arena *arena = arena_new();
  struct found found = { .arena = arena };
  size_t begun = out->length, put = 0;
  store_visit(store, note_server, &found);
  if (found.count) qsort(found.all, found.count, sizeof *found.all, by_question);
  buf_text(out, "\"servers\":[");
  for (; put < found.count && out->length - begun < OCTETS_MOST; put++) {
    if (put) buf_char(out, ',');
    put_server(out, arena, found.all[put]);
  }
  buf_printf(out, "],\"servers_left_out\":%zu", found.count - put);
  arena_free(&arena);
}
