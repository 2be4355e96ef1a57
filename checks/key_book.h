#ifndef CHECKS_KEY_BOOK_H
#define CHECKS_KEY_BOOK_H
#include "checks/store.h"

/* The DKIM keys that a run has seen, over all its domains: for telling that two domains share one. Keeps a digest of each key and where it was
 * seen first; of very many the latest. */
struct key_book;

struct key_book *key_book_new(void);
void key_book_free(struct key_book **book);
/* Notes the keys that stand below _domainkey of the domain itself; one that a CNAME leads to is its provider's affair. True: key_book_find finds one
 * of them. */
bool key_book_note(struct key_book *book, const struct store *store, const char *domain);
/* Where the key ("p" of a record) was seen at a domain that is registered apart from this one: "s1._domainkey.other.example", borrowed until the next
 * note. Null: nowhere. `book` may be null. */
const char *key_book_find(const struct key_book *book, const char *p, const char *domain);
#endif
