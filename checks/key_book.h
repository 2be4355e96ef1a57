#ifndef CHECKS_KEY_BOOK_H
#define CHECKS_KEY_BOOK_H
#include "checks/store.h"

/* The DKIM keys that a run has seen, over all its domains: for telling that two domains share one. Keeps a digest of each key and where it was
 * seen first; of very many the latest. */
struct key_book;

struct key_book *key_book_new(void);
void key_book_free(struct key_book **book);
/* A key that had stood alone at `first` stands at `later` too, which is registered apart from it. Both are names of records, borrowed for the call. */
typedef void key_book_met(const char *first, const char *later, void *context);
/* Notes the keys that stand below _domainkey of the domain itself; one that a CNAME leads to is its provider's affair. True: key_book_find finds one
 * of them. `met`, which may be null, is called the first time that a key is met again. */
bool key_book_note(struct key_book *book, const struct store *store, const char *domain, key_book_met *met, void *context);
/* Where the key ("p" of a record) was seen at a domain that is registered apart from this one: "s1._domainkey.other.example", borrowed until the next
 * note. Null: nowhere. `book` may be null. */
const char *key_book_find(const struct key_book *book, const char *p, const char *domain);
#endif
