#include "tests/conformance/sessions.h"

#include <openssl/x509_vfy.h>
#include <stdlib.h>
#include <string.h>
#include "checks/observe/tls_client.h"
#include "checks/record/certificate.h"
#include "checks/record/tlsa.h"
#include "src/base/lib.h"
#include "tests/support/mint.h"

#define DAY_MS ((int64_t)86400 * 1000)
enum { MOST = 64, MOST_CHAIN = 8 };

struct line { char **words; size_t count; };
struct minted { const char *name; X509 *x509; EVP_PKEY *key; bool trusted; };

struct session_world {
  struct arena *arena;
  int64_t now;
  struct minted minted[MOST];
  struct line lines[MOST];
  size_t minted_count, line_count;
};

struct session_world *session_world_new(int64_t now) {
  struct session_world *world = mem_zalloc(1, sizeof *world);
  world->arena = arena_new();
  world->now = now;
  return world;
}

void session_world_free(struct session_world **world) {
  if (!*world) return;
  for (size_t i = 0; i < (*world)->minted_count; i++) {
    X509_free((*world)->minted[i].x509);
    EVP_PKEY_free((*world)->minted[i].key);
  }
  arena_free(&(*world)->arena);
  free(*world);
  *world = NULL;
}

bool session_world_knows(const char *word) { return strcmp(word, "certificate") == 0 || strcmp(word, "smtp") == 0 || strcmp(word, "https") == 0; }

/* The value of KEY=VALUE; "" for a bare KEY; null: not there. */
static const char *value(const struct line *line, const char *key) {
  size_t length = strlen(key);
  for (size_t i = 2; i < line->count; i++) {
    if (strncmp(line->words[i], key, length) != 0) continue;
    if (line->words[i][length] == '=') return line->words[i] + length + 1;
    if (line->words[i][length] == '\0') return "";
  }
  return NULL;
}

static const char *text_or(const struct line *line, const char *key, const char *otherwise) {
  const char *text = value(line, key);
  return text ? text : otherwise;
}

static long number_or(const struct line *line, const char *key, long otherwise) {
  const char *text = value(line, key);
  return text ? strtol(text, NULL, 10) : otherwise;
}

/* Is `word` one of the items between commas? */
static bool lists(const char *items, const char *word) {
  size_t length = strlen(word);
  for (const char *at = items; at && *at;) {
    size_t item = strcspn(at, ",");
    if (item == length && strncmp(at, word, length) == 0) return true;
    at += item + (at[item] == ',');
  }
  return false;
}

static const char *written(struct arena *arena, const char *text) {
  char *out = arena_strdup(arena, text), *to = out;
  for (const char *at = text; *at; at++) {
    if (at[0] == '\\' && at[1] == 'n') *to++ = '\n', at++;
    else if (at[0] == '\\' && at[1] == 'r') *to++ = '\r', at++;
    else if (at[0] == '\\' && at[1] == 'x' && hex_value(at[2]) >= 0 && hex_value(at[3]) >= 0) *to++ = (char)(hex_value(at[2]) << 4 | hex_value(at[3])), at += 3;
    else *to++ = *at == '~' ? ' ' : *at;
  }
  *to = '\0';
  return out;
}

/* ---- certificates ---- */

static const struct minted *find_minted(const struct session_world *world, const char *name, size_t length) {
  for (size_t i = 0; i < world->minted_count; i++)
    if (strlen(world->minted[i].name) == length && strncmp(world->minted[i].name, name, length) == 0) return &world->minted[i];
  return NULL;
}

static EVP_PKEY *key_named(const char *name) {
  if (strcmp(name, "rsa1024") == 0) return EVP_RSA_gen(1024);
  if (strcmp(name, "rsa2048") == 0) return EVP_RSA_gen(2048);
  if (strcmp(name, "p192") == 0) return EVP_EC_gen("P-192");
  if (strcmp(name, "p384") == 0) return EVP_EC_gen("P-384");
  if (strcmp(name, "ed25519") == 0) return EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
  return EVP_EC_gen("P-256");
}

static bool read_certificate(struct session_world *world, const struct line *line, struct fault *fault) {
  const char *issuer_name = value(line, "issuer"), *names = value(line, "names");
  const struct minted *issuer = issuer_name ? find_minted(world, issuer_name, strlen(issuer_name)) : NULL;
  if (world->minted_count == MOST || (issuer_name && !issuer)) {
    fault_set(fault, "certificate %s: no certificate %s before it", line->words[1], issuer_name ? issuer_name : "");
    return false;
  }
  struct minted *out = &world->minted[world->minted_count++];
  char *spaced = names ? arena_strdup(world->arena, names) : NULL;
  for (char *at = spaced; at && *at; at++)
    if (*at == ',') *at = ' ';
  out->name = line->words[1];
  out->key = key_named(text_or(line, "key", "p256"));
  out->trusted = value(line, "trusted") != NULL;
  out->x509 = mint(&(struct mint_request){ .common_name = text_or(line, "cn", line->words[1]), .names = spaced, .from = world->now + number_or(line, "from", -30) * DAY_MS,
    .until = world->now + number_or(line, "until", 60) * DAY_MS, .key = out->key, .hash = value(line, "hash"), .issuer = issuer ? issuer->x509 : NULL,
    .issuer_key = issuer ? issuer->key : NULL, .ca = value(line, "ca") != NULL, .path_length = value(line, "pathlen") ? (int)number_or(line, "pathlen", 0) + 1 : 0,
    .key_usage = value(line, "usage"), .extended_usage = value(line, "extended"), .must_staple = value(line, "staple") != NULL, .name_constraints = value(line, "constraints"),
    .critical_unknown = value(line, "critical") != NULL, .break_signature = value(line, "broken") != NULL, .version1 = value(line, "version1") != NULL });
  return true;
}

static void show_chain(struct session_world *world, struct arena *arena, const char *names, struct tls_session *tls) {
  const struct certificate **chain = ARENA_ARRAY(arena, const struct certificate *, MOST_CHAIN);
  size_t count = 0;
  STACK_OF(X509) *sent = sk_X509_new_null();
  for (const char *at = names; at && *at && count < MOST_CHAIN;) {
    size_t length = strcspn(at, ",");
    const struct minted *minted = find_minted(world, at, length);
    at += length + (at[length] == ',');
    if (!minted) continue;
    unsigned char *der = NULL;
    size_t der_length = mint_der(minted->x509, &der);
    chain[count++] = certificate_read(arena, der, der_length);
    sk_X509_push(sent, minted->x509);
    OPENSSL_free(der);
  }
  tls_session_set_chain(tls, arena, chain, count, NULL);
  X509_STORE *trust = X509_STORE_new();
  for (size_t i = 0; i < world->minted_count; i++)
    if (world->minted[i].trusted) X509_STORE_add_cert(trust, world->minted[i].x509);
  if (sk_X509_num(sent) > 0) tls_verify(NULL, trust, arena, sk_X509_value(sent, 0), sent, world->now, tls);
  X509_STORE_free(trust);
  sk_X509_free(sent);
}

const char *session_world_tlsa(const struct session_world *world, struct arena *arena, const char *name, unsigned selector, unsigned matching) {
  const struct minted *minted = find_minted(world, name, strlen(name));
  unsigned char *der = NULL;
  if (!minted) return NULL;
  size_t length = mint_der(minted->x509, &der);
  const struct certificate *c = certificate_read(arena, der, length);
  OPENSSL_free(der);
  struct tlsa tlsa = { .usage = 3, .selector = (uint8_t)selector, .matching = (uint8_t)matching };
  bool spki = selector == 1;
  tlsa.data = matching == 1 ? (spki ? c->spki_sha256 : c->sha256) : matching == 2 ? (spki ? c->spki_sha512 : c->sha512) : spki ? c->spki : c->der;
  tlsa.length = matching == 1 ? 32 : matching == 2 ? 64 : spki ? c->spki_length : c->der_length;
  const char *text = tlsa_format(arena, &tlsa);
  return strrchr(text, ' ') + 1;
}

/* ---- SMTP ---- */

static enum connect_outcome connect_named(const char *name) {
  static const struct { const char *name; enum connect_outcome outcome; } rows[] = {
    { "refused", CONNECT_REFUSED }, { "timeout", CONNECT_TIMEOUT }, { "no-route", CONNECT_NO_ROUTE }, { "prohibited", CONNECT_PROHIBITED }, { "no-ipv6", CONNECT_NO_FAMILY },
    { "not-tried", CONNECT_NOT_TRIED },
  };
  for (size_t i = 0; i < MEM_COUNT(rows); i++)
    if (strcmp(name, rows[i].name) == 0) return rows[i].outcome;
  return CONNECT_OTHER;
}

static bool set_ending(struct smtp_session *s, const char *name) {
  static const struct { const char *name; enum smtp_stage stage; enum smtp_ending ending; int banner, ehlo, helo, starttls; const char *text; } rows[] = {
    { "silent", SMTP_AT_BANNER, SMTP_TIMED_OUT, 0, 0, 0, 0, "" }, { "silent-ehlo", SMTP_AT_EHLO, SMTP_TIMED_OUT, 220, 0, 0, 0, "mx" },
    { "closed", SMTP_AT_BANNER, SMTP_CLOSED, 0, 0, 0, 0, "" }, { "closed-ehlo", SMTP_AT_EHLO, SMTP_CLOSED, 220, 0, 0, 0, "mx" },
    { "garbage", SMTP_AT_BANNER, SMTP_INVALID_REPLY, 0, 0, 0, 0, "SSH-2.0" }, { "554", SMTP_AT_BANNER, SMTP_REJECTED_5XX, 554, 0, 0, 0, "no service here" },
    { "blocked", SMTP_AT_BANNER, SMTP_REJECTED_5XX, 554, 0, 0, 0, "your address is on a block list" }, { "421", SMTP_AT_BANNER, SMTP_REJECTED_4XX, 421, 0, 0, 0, "later" },
    { "ehlo-502", SMTP_AT_EHLO, SMTP_REJECTED_5XX, 220, 502, 502, 0, "mx" }, { "helo-only", SMTP_AT_EHLO, SMTP_REJECTED_5XX, 220, 502, 250, 0, "mx" },
    { "no-starttls", SMTP_AT_EHLO, SMTP_NO_STARTTLS, 220, 250, 0, 0, "mx" }, { "masked", SMTP_AT_EHLO, SMTP_NO_STARTTLS, 220, 250, 0, 0, "mx" },
    { "454", SMTP_AT_STARTTLS, SMTP_REJECTED_4XX, 220, 250, 0, 454, "mx" }, { "broken", SMTP_AT_HANDSHAKE, SMTP_INVALID_REPLY, 220, 250, 0, 220, "mx" },
    { "closed-starttls", SMTP_AT_STARTTLS, SMTP_CLOSED, 220, 250, 0, 0, "mx" }, { "silent-starttls", SMTP_AT_STARTTLS, SMTP_TIMED_OUT, 220, 250, 0, 0, "mx" },
    { "502-starttls", SMTP_AT_STARTTLS, SMTP_REJECTED_5XX, 220, 250, 0, 502, "mx" }, { "closed-handshake", SMTP_AT_HANDSHAKE, SMTP_CLOSED, 220, 250, 0, 220, "mx" },
    { "stalled", SMTP_AT_HANDSHAKE, SMTP_TIMED_OUT, 220, 250, 0, 220, "mx" }, { "421-ehlo", SMTP_AT_EHLO, SMTP_REJECTED_4XX, 220, 421, 0, 0, "mx" },
    { "garbage-ehlo", SMTP_AT_EHLO, SMTP_INVALID_REPLY, 220, 0, 0, 0, "mx" },
    { "no-tls", SMTP_AT_HANDSHAKE, SMTP_TLS_FAILED, 220, 250, 0, 220, "mx" }, { "client-certificate", SMTP_AT_HANDSHAKE, SMTP_TLS_FAILED, 220, 250, 0, 220, "mx" },
  };
  for (size_t i = 0; i < MEM_COUNT(rows); i++) {
    if (strcmp(name, rows[i].name) != 0) continue;
    s->stage = rows[i].stage;
    s->ending = rows[i].ending;
    s->banner_code = rows[i].banner;
    s->ehlo_code = rows[i].ehlo;
    s->helo_code = rows[i].helo;
    s->starttls_code = rows[i].starttls;
    s->banner = rows[i].text;
    s->starttls_masked = strcmp(name, "masked") == 0;
    if (s->stage == SMTP_AT_HANDSHAKE && s->ending == SMTP_TLS_FAILED) s->tls.alert = "handshake failure";
    s->tls.client_certificate_requested = strcmp(name, "client-certificate") == 0;
    return true;
  }
  return false;
}

/* The highest version that both sides have; null: none. */
static const char *version_of(const char *versions, unsigned flags) {
  static const struct { const char *number, *name; bool old, newest; } rows[] = { { "1.3", "TLSv1.3", false, true }, { "1.2", "TLSv1.2", false, false }, { "1.1", "TLSv1.1", true, false }, { "1.0", "TLSv1", true, false } };
  for (size_t i = 0; i < MEM_COUNT(rows); i++) {
    bool offered = flags & SMTP_ASK_ALL ? true : flags & SMTP_ASK_TLS10 ? rows[i].old : flags & (SMTP_ASK_TLS12 | SMTP_ASK_WEAK_FIRST | SMTP_ASK_FORWARD) ? !rows[i].old && !rows[i].newest : !rows[i].old;
    if (offered && lists(versions, rows[i].number)) return rows[i].name;
  }
  return NULL;
}

static enum staple_status staple_named(const char *name) {
  static const char *const names[] = { [STAPLE_NONE] = "", [STAPLE_UNKNOWN] = "unknown", [STAPLE_GOOD] = "good", [STAPLE_REVOKED] = "revoked" };
  for (size_t i = 0; i < MEM_COUNT(names); i++)
    if (strcmp(names[i], name) == 0) return (enum staple_status)i;
  return STAPLE_UNKNOWN;
}

/* Offers that this host does not take, and old ones, which it takes when the line says so. */
static bool refuses(const struct line *line, struct smtp_session *s) {
  unsigned flags = s->seen.question.flags;
  const char *takes = text_or(line, "takes", "");
  bool hello = (flags & SMTP_ASK_SSL3 && lists(takes, "ssl3")) || (flags & SMTP_ASK_3DES && lists(takes, "3des")) || (flags & SMTP_ASK_INSECURE && lists(takes, "rc4")) ||
               (flags & SMTP_ASK_SSL2 && lists(takes, "ssl2"));
  bool forward = flags & SMTP_ASK_FORWARD && value(line, "no-forward-secrecy"), no_sni = flags & SMTP_ASK_NO_SNI && value(line, "needs-sni");
  if (!(flags & SMTP_ASK_HELLO) && !forward && !no_sni) return false;
  set_ending(s, "no-tls");
  s->tls.answered_hello = hello;
  s->tls.cipher = hello ? flags & SMTP_ASK_3DES ? "TLS_RSA_WITH_3DES_EDE_CBC_SHA" : "TLS_RSA_WITH_RC4_128_SHA" : "";
  return true;
}

/* Handshakes of these kinds only take too long. */
static bool stalls(const struct line *line, struct smtp_session *s) {
  static const struct { const char *name; unsigned flag; } kinds[] = { { "tls12", SMTP_ASK_TLS12 }, { "forward", SMTP_ASK_FORWARD }, { "no-sni", SMTP_ASK_NO_SNI } };
  for (size_t i = 0; i < MEM_COUNT(kinds); i++)
    if (s->seen.question.flags & kinds[i].flag && lists(text_or(line, "stalls", ""), kinds[i].name)) return set_ending(s, "stalled");
  return false;
}

static void set_handshake(struct session_world *world, const struct line *line, struct smtp_session *s) {
  struct tls_session *tls = &s->tls;
  unsigned flags = s->seen.question.flags;
  if (stalls(line, s) || refuses(line, s)) return;
  tls->version = version_of(text_or(line, "versions", "1.2,1.3"), flags);
  bool newest = tls->version && strcmp(tls->version, "TLSv1.3") == 0;
  const char *suite = text_or(line, "suite", newest ? "TLS_AES_256_GCM_SHA384" : "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384");
  if (!tls->version || (strstr(suite, "_anon_") && !(flags & SMTP_ASK_ALL))) { /* a usual hello offers no anonymous suite */
    set_ending(s, "no-tls");
    tls->version = "";
    return;
  }
  if (flags & SMTP_ASK_FLIGHT) {
    set_ending(s, "no-tls");
    tls->answered_hello = true;
    tls->alert = "";
    tls->cipher = flags & SMTP_ASK_WEAK_FIRST ? text_or(line, "weak-suite", suite) : suite;
    return;
  }
  s->stage = SMTP_AT_QUIT;
  s->ending = SMTP_DONE;
  s->banner_code = 220;
  s->ehlo_code = 250;
  s->starttls_code = 220;
  s->banner = "mx";
  s->ehlo_complete = s->starttls_offered = tls->established = true;
  tls->cipher = suite;
  tls->group = text_or(line, "group", "X25519");
  tls->group_bits = (unsigned)number_or(line, "bits", 253);
  tls->signature_hash = text_or(line, "signature", "SHA256");
  tls->compression = value(line, "compression") != NULL;
  tls->secure_renegotiation = value(line, "no-renegotiation") == NULL;
  tls->client_certificate_requested = value(line, "asks-certificate") != NULL;
  tls->staple = staple_named(text_or(line, "staple", ""));
  s->starttls_again = value(line, "starttls-again") != NULL;
  if (value(line, "turns-away")) {
    s->stage = SMTP_AT_EHLO_TLS;
    s->ending = SMTP_REJECTED_4XX;
    s->tls_ehlo_code = 421;
    s->tls_ehlo = "no client certificate presented";
  }
  s->injected = flags & SMTP_ASK_INJECT && value(line, "injected");
  show_chain(world, s->seen.arena, flags & SMTP_ASK_NO_SNI && value(line, "default-chain") ? value(line, "default-chain") : value(line, "chain"), tls);
}

static struct observation *observe_smtp(struct session_world *world, const struct line *line, const struct question *question) {
  struct smtp_session *s = smtp_session_new(question);
  s->seen.time = world->now;
  const char *connect = line ? value(line, "connect") : "timeout", *end = line ? value(line, "end") : NULL;
  s->connect = connect ? connect_named(connect) : CONNECT_OK;
  if (connect) {
    s->ending = SMTP_CONNECT_FAILED;
    return &s->seen;
  }
  s->seen.server = arena_strdup(s->seen.arena, question->server);
  bool taken = end && refuses(line, s) && s->tls.answered_hello; /* of a host that comes to nothing else */
  if (!taken && (!end || !set_ending(s, end))) set_handshake(world, line, s);
  s->banner_ms = lists(text_or(line, "slow", ""), "banner") ? 1500 : 5;
  s->ehlo_ms = lists(text_or(line, "slow", ""), "ehlo") ? 1500 : 5;
  s->starttls_ms = lists(text_or(line, "slow", ""), "starttls") ? 1500 : 5;
  s->bare_lf = value(line, "bare-lf") != NULL;
  if (value(line, "said")) s->banner = written(s->seen.arena, value(line, "said"));
  const char *name = value(line, "name"); /* by which the host calls itself */
  if (name && s->banner_code) s->banner = arena_printf(s->seen.arena, "%s ESMTP", name);
  if (name && s->ehlo_code) s->ehlo = arena_strdup(s->seen.arena, name);
  return &s->seen;
}

/* ---- HTTPS ---- */

static struct observation *observe_https(struct session_world *world, const struct line *line, const struct question *question) {
  static const struct { const char *name; enum https_ending ending; enum connect_outcome connect; } rows[] = {
    { "refused", HTTPS_CONNECT_FAILED, CONNECT_REFUSED }, { "timeout", HTTPS_CONNECT_FAILED, CONNECT_TIMEOUT }, { "no-route", HTTPS_CONNECT_FAILED, CONNECT_NO_ROUTE },
    { "stalled", HTTPS_TIMED_OUT, CONNECT_OK }, { "tls-failed", HTTPS_TLS_FAILED, CONNECT_OK }, { "too-large", HTTPS_TOO_LARGE, CONNECT_OK }, { "no-address", HTTPS_NO_ADDRESS, CONNECT_NO_ROUTE },
  };
  struct https_reply *reply = https_reply_new(question);
  const char *end = line ? value(line, "end") : "timeout";
  reply->seen.time = world->now;
  for (size_t i = 0; end && i < MEM_COUNT(rows); i++) {
    if (strcmp(end, rows[i].name) != 0) continue;
    reply->ending = rows[i].ending;
    reply->connect = rows[i].connect;
  }
  if (!line || (end && reply->ending != HTTPS_TOO_LARGE)) return &reply->seen;
  reply->status = (int)number_or(line, "status", 200);
  reply->content_type = written(reply->seen.arena, text_or(line, "type", "text/plain"));
  reply->location = written(reply->seen.arena, text_or(line, "location", ""));
  reply->body = written(reply->seen.arena, text_or(line, "body", ""));
  reply->body_length = strlen(reply->body);
  reply->tls.established = true;
  reply->tls.version = "TLSv1.3";
  show_chain(world, reply->seen.arena, value(line, "chain"), &reply->tls);
  return &reply->seen;
}

/* ---- lines ---- */

bool session_world_read(struct session_world *world, char **words, size_t count, struct fault *fault) {
  bool certificate = count > 0 && strcmp(words[0], "certificate") == 0;
  if (count < (certificate ? 2u : 3u) || world->line_count == MOST) {
    fault_set(fault, "%s: words are missing", count ? words[0] : "");
    return false;
  }
  struct line line = { ARENA_ARRAY(world->arena, char *, count), count };
  for (size_t i = 0; i < count; i++) line.words[i] = arena_strdup(world->arena, words[i]);
  if (certificate) return read_certificate(world, &line, fault);
  world->lines[world->line_count++] = line;
  return true;
}

/* A line for one address goes before one for all of the host's. */
static bool fits_https(const struct line *line, const struct question *question, bool exact) {
  const char *at = value(line, "at");
  if (strcmp(line->words[2], question->path) != 0 || (value(line, "plain") != NULL) != ((question->flags & HTTPS_ASK_PLAIN) != 0)) return false;
  return exact ? at && strcmp(at, question->server) == 0 : !at;
}

struct observation *session_world_observe(struct session_world *world, const struct question *question) {
  bool smtp = question->kind == QUESTION_SMTP;
  const struct line *found = NULL;
  for (unsigned turn = 0; turn < 2 && !found; turn++)
    for (size_t i = 0; i < world->line_count && !found; i++) {
      const struct line *line = &world->lines[i];
      if (strcmp(line->words[0], smtp ? "smtp" : "https") != 0 || strcmp(line->words[1], question->name) != 0) continue;
      if (smtp ? strcmp(line->words[2], question->server) == 0 : fits_https(line, question, turn == 0)) found = line;
    }
  return smtp ? observe_smtp(world, found, question) : observe_https(world, found, question);
}
