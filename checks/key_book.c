#include "checks/key_book.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

/* A digest is spread well already. */
#define HASH_FUNCTION(digest, size, hash) memcpy(&(hash), (digest), sizeof(hash))
#include <uthash.h>

#include "checks/record/dkim.h"
#include "src/base/mem.h"
#include "src/base/name.h"
#include "src/base/suffix.h"

enum { DIGEST = 16, MOST_KEYS = 16384 };

struct key_row {
  unsigned char digest[DIGEST]; /* of the decoded key */
  bool met;                     /* again, at another domain */
  UT_hash_handle hh;
  char name[];                  /* of its record */
};

struct key_book { struct key_row *rows; };

struct key_book *key_book_new(void) { return mem_zalloc(1, sizeof(struct key_book)); }

void key_book_free(struct key_book **book) {
  struct key_row *row, *next;
  if (!*book) return;
  HASH_ITER(hh, (*book)->rows, row, next) {
    HASH_DEL((*book)->rows, row);
    free(row);
  }
  free(*book);
  *book = NULL;
}

/* False: the text is no key. */
static bool digest_of(const char *p, unsigned char out[DIGEST]) {
  unsigned char octets[DKIM_LONGEST_KEY], whole[EVP_MAX_MD_SIZE];
  const struct dkim_record record = { .p = p };
  size_t length;
  if (!dkim_key_octets(&record, octets, &length) || EVP_Digest(octets, length, whole, NULL, EVP_sha256(), NULL) != 1) return false;
  memcpy(out, whole, DIGEST);
  return true;
}

static struct key_row *find_row(const struct key_book *book, const unsigned char digest[DIGEST]) {
  struct key_row *row = NULL;
  HASH_FIND(hh, book->rows, digest, DIGEST, row);
  return row;
}

/* uthash walks in the order of adding: the first is the oldest. */
static void add(struct key_book *book, const unsigned char digest[DIGEST], const char *name) {
  if (HASH_COUNT(book->rows) >= MOST_KEYS) {
    struct key_row *oldest = book->rows;
    HASH_DEL(book->rows, oldest);
    free(oldest);
  }
  struct key_row *row = mem_alloc(sizeof *row + strlen(name) + 1);
  row->met = false;
  memcpy(row->digest, digest, DIGEST);
  memcpy(row->name, name, strlen(name) + 1);
  HASH_ADD(hh, book->rows, digest, DIGEST, row);
}

struct search { struct key_book *book; const char *domain, *above; bool shared; key_book_met *met; void *context; };

static void note_key(struct search *search, const unsigned char digest[DIGEST], const char *name) {
  struct key_row *row = find_row(search->book, digest);
  if (!row) {
    add(search->book, digest, name);
  } else if (!suffix_same(row->name, search->domain)) {
    search->shared = true;
    if (!row->met && search->met) search->met(row->name, name, search->context);
    row->met = true;
  }
}

static void note(const struct observation *seen, void *context) {
  struct search *search = context;
  const struct question *question = &seen->question;
  const struct dns_answer *answer = (const struct dns_answer *)(const void *)seen;
  unsigned char digest[DIGEST];
  if (question->kind != QUESTION_DNS || question->type != DNS_TYPE_TXT || *question->server || !name_is_below(question->name, search->above)) return;
  if (answer->count != 1 || answer->links) return;
  struct arena *arena = arena_new();
  const struct dkim_record *record = dkim_parse(arena, answer->records[0].txt.bytes, answer->records[0].txt.length);
  if (dkim_usable(record) && digest_of(record->p, digest)) note_key(search, digest, question->name);
  arena_free(&arena);
}

bool key_book_note(struct key_book *book, const struct store *store, const char *domain, key_book_met *met, void *context) {
  struct arena *arena = arena_new();
  struct search search = { .book = book, .domain = domain, .above = name_join(arena, "_domainkey", domain), .met = met, .context = context };
  store_visit(store, note, &search);
  arena_free(&arena);
  return search.shared;
}

const char *key_book_find(const struct key_book *book, const char *p, const char *domain) {
  unsigned char digest[DIGEST];
  if (!book || !digest_of(p, digest)) return NULL;
  const struct key_row *row = find_row(book, digest);
  return row && !suffix_same(row->name, domain) ? row->name : NULL;
}
