#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <string.h>

#include "src/cli/lib.h"
#include "src/request/lib.h"

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

int cli_dkim_key(struct cli *cli) {
  struct fault fault = { "" };
  const char *type = cli->key_type ? cli->key_type : "rsa2048", *selector = cli->selector_name;
  const char *domain = cli->word_count ? name_from_user(cli->arena, cli->words[0], &fault) : NULL;
  if (!domain) {
    if (!*fault.text) fault_set(&fault, _("Give a domain: mailstead dkim-key --selector s2026 example.gov.uk"));
    return cli_refuse(&fault);
  }
  struct clock_date today = clock_utc(clock_wall_ms());
  if (!selector) selector = arena_printf(cli->arena, "s%04d%02d", today.year, today.month);
  bool ed25519 = strcmp(type, "ed25519") == 0;
  const char *path = cli->output ? cli->output : arena_printf(cli->arena, "%s.%s.private", selector, domain);
  EVP_PKEY *key = make_key(type);
  const char *encoded = key ? public_part(cli->arena, key, ed25519) : NULL;
  bool good = encoded && write_private(key, path, &fault);
  EVP_PKEY_free(key);
  if (!good) {
    if (!*fault.text) fault_set(&fault, _("The key could not be made"));
    return cli_refuse(&fault);
  }
  const char *value = arena_printf(cli->arena, "v=DKIM1; k=%s; p=%s", ed25519 ? "ed25519" : "rsa", encoded);
  struct buf quoted = BUF_INIT(65536);
  zone_text_split(&quoted, value, strlen(value));
  printf(_("Private key: %s (keep it on the signing server; it is never part of a request)\n\n"), path);
  printf(_("Type:  TXT\nHost:  %s._domainkey   (full name: %s._domainkey.%s)\nValue: %s\n\nZone-file form:\n%s._domainkey.%s. 300 IN TXT %s\n"), selector, selector, domain, value, selector, domain, buf_string(&quoted));
  buf_release(&quoted);
  return EXIT_NOTHING_FAILED;
}
