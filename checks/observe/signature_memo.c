#include "checks/observe/signature_memo.h"

#include <openssl/err.h>
#include <openssl/sha.h>
#include <stdlib.h>
#include <uthash.h>
#include <uv.h>
#include "src/base/mem.h"

enum { MOST_KEPT = 8192, KEY = 2 * SHA256_DIGEST_LENGTH };

struct link {
  unsigned char key[KEY]; /* of the child, of the issuer */
  bool good;
  UT_hash_handle hh;
};

struct signature_memo {
  uv_mutex_t lock;
  struct link *links;
};

struct signature_memo *signature_memo_new(void) {
  struct signature_memo *memo = mem_zalloc(1, sizeof *memo);
  if (uv_mutex_init(&memo->lock) != 0) abort();
  return memo;
}

static void forget_all(struct signature_memo *memo) {
  struct link *link, *next;
  HASH_ITER(hh, memo->links, link, next) {
    HASH_DEL(memo->links, link);
    free(link);
  }
}

void signature_memo_free(struct signature_memo **handle) {
  struct signature_memo *memo = *handle;
  if (!memo) return;
  *handle = NULL;
  forget_all(memo);
  uv_mutex_destroy(&memo->lock);
  free(memo);
}

static bool find(struct signature_memo *memo, const unsigned char key[KEY], bool *out_good) {
  struct link *link = NULL;
  uv_mutex_lock(&memo->lock);
  HASH_FIND(hh, memo->links, key, KEY, link);
  if (link) *out_good = link->good;
  uv_mutex_unlock(&memo->lock);
  return link != NULL;
}

/* Two threads may have verified the same one meanwhile: the first to come is kept. */
static void keep(struct signature_memo *memo, const unsigned char key[KEY], bool good) {
  struct link *link = NULL;
  uv_mutex_lock(&memo->lock);
  HASH_FIND(hh, memo->links, key, KEY, link);
  if (!link) {
    if (HASH_COUNT(memo->links) >= MOST_KEPT) forget_all(memo);
    link = mem_zalloc(1, sizeof *link);
    memcpy(link->key, key, KEY);
    link->good = good;
    HASH_ADD(hh, memo->links, key, KEY, link);
  }
  uv_mutex_unlock(&memo->lock);
}

static bool verify(X509 *child, X509 *issuer) {
  EVP_PKEY *key = X509_get0_pubkey(issuer);
  bool good = key && X509_verify(child, key) == 1;
  ERR_clear_error();
  return good;
}

bool signature_memo_verifies(void *handle, X509 *child, X509 *issuer) {
  struct signature_memo *memo = handle;
  unsigned char key[KEY];
  bool good = false;
  if (!memo || X509_digest(child, EVP_sha256(), key, NULL) != 1 || X509_digest(issuer, EVP_sha256(), key + SHA256_DIGEST_LENGTH, NULL) != 1) return verify(child, issuer);
  if (find(memo, key, &good)) return good;
  good = verify(child, issuer);
  keep(memo, key, good);
  return good;
}
