#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <string.h>

#include "checks/record/dkim.h"
#include "src/cli/lib.h"

static EVP_PKEY *make_key(const char *type) {
  if (strcmp(type, "ed25519") == 0) return EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
  return EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)(strcmp(type, "rsa4096") == 0 ? 4096 : 2048));
}

/* p= is the SubjectPublicKeyInfo of an RSA key, or the 32 octets of an Ed25519 key themselves (RFC 8463 section 4). */
static const char *public_part(struct arena *arena, EVP_PKEY *key, bool ed25519) {
  unsigned char raw[32], *der = NULL;
  size_t size = sizeof raw;
  int length = ed25519 ? (EVP_PKEY_get_raw_public_key(key, raw, &size) == 1 ? (int)size : 0) : i2d_PUBKEY(key, &der);
  if (length <= 0) return NULL;
  unsigned char *text = arena_alloc(arena, (size_t)length * 2 + 8);
  EVP_EncodeBlock(text, ed25519 ? raw : der, length);
  OPENSSL_free(der);
  return (const char *)text;
}

static bool write_private(EVP_PKEY *key, const char *path, struct fault *fault) {
  BIO *bio = BIO_new(BIO_s_mem());
  char *data = NULL;
  bool good = bio && PEM_write_bio_PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL) == 1;
  long length = good ? BIO_get_mem_data(bio, &data) : 0;
  good = good && file_create(path, data, (size_t)length, 0600, fault);
  if (data) OPENSSL_cleanse(data, (size_t)length);
  BIO_free(bio);
  return good;
}

struct made_key { const char *domain, *selector, *type, *path, *name, *value; };

static bool is_selector(struct arena *arena, const char *selector, const char *domain) {
  const char *name = arena_printf(arena, "%s._domainkey.%s", selector, domain);
  return name_is_host(arena_printf(arena, "%s.x", selector)) && name_is_valid(name) && !strstr(selector, "..");
}

/* What will be published is read back as a verifier reads it, before the private half is written anywhere. */
static bool make_pair(struct cli *cli, struct made_key *made, struct fault *fault) {
  bool ed25519 = strcmp(made->type, "ed25519") == 0;
  EVP_PKEY *key = make_key(made->type);
  const char *encoded = key ? public_part(cli->arena, key, ed25519) : NULL;
  made->value = encoded ? arena_printf(cli->arena, "v=DKIM1; k=%s; p=%s", ed25519 ? "ed25519" : "rsa", encoded) : "";
  bool good = encoded && dkim_usable(dkim_parse(cli->arena, made->value, strlen(made->value))) && write_private(key, made->path, fault);
  EVP_PKEY_free(key);
  if (!good && !*fault->text) fault_set(fault, _("The key could not be made"));
  return good;
}

static json_t *strings_json(const char *value) {
  json_t *list = json_array();
  for (size_t at = 0, length = strlen(value); at < length; at += 255) json_array_append_new(list, json_stringn(value + at, length - at > 255 ? 255 : length - at));
  return list;
}

static void put_json(const struct made_key *made) {
  print_json_line(json_pack("{s:i, s:s, s:s, s:s, s:s, s:s, s:s, s:o}", "version", 1, "domain", made->domain, "selector", made->selector, "private_key", made->path, "name", made->name, "type", "TXT", "value",
                            made->value, "strings", strings_json(made->value)));
}

static void put_text(const struct made_key *made) {
  struct buf quoted = BUF_INIT(65536);
  zone_text_split(&quoted, made->value, strlen(made->value));
  printf(_("Private key: %s (keep it on the signing server; it is never part of a request)\n\n"), made->path);
  printf(_("Type:  TXT\nHost:  %s._domainkey   (full name: %s)\nValue: %s\n\nZone-file form:\n%s. 300 IN TXT %s\n"), made->selector, made->name, made->value, made->name, buf_string(&quoted));
  buf_release(&quoted);
}

int cli_dkim_key(struct cli *cli) {
  struct fault fault = { "" };
  struct clock_date today = clock_utc(clock_wall_ms());
  struct made_key made = { .type = cli->key_type ? cli->key_type : "rsa2048", .selector = cli->selector_name ? cli->selector_name : arena_printf(cli->arena, "s%04d%02d", today.year, today.month) };
  bool json = cli->format && strcmp(cli->format, "json") == 0;
  made.domain = cli->word_count ? name_from_user(cli->arena, cli->words[0], &fault) : NULL;
  if (!made.domain && !*fault.text) fault_set(&fault, _("Give a domain: mailstead dkim-key --selector s2026 example.gov.uk"));
  else if (made.domain && !is_selector(cli->arena, made.selector, made.domain)) fault_set(&fault, _("\"%.60s\" is no selector: use letters, digits and hyphens"), made.selector);
  if (*fault.text) return cli_refuse(&fault);
  made.path = cli->output ? cli->output : arena_printf(cli->arena, "%s.%s.private", made.selector, made.domain);
  made.name = arena_printf(cli->arena, "%s._domainkey.%s", made.selector, made.domain);
  if (!make_pair(cli, &made, &fault)) return cli_refuse(&fault);
  if (json) put_json(&made);
  else put_text(&made);
  return EXIT_NOTHING_FAILED;
}
