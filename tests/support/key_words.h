#ifndef SUPPORT_KEY_WORDS_H
#define SUPPORT_KEY_WORDS_H
#include "src/base/arena.h"

/* Stands in for keys in scenario lines, so that a row says "a 1024-bit key" and not four hundred letters of base64:
 *
 *   %rsa:BITS%  [:e=N] [:bare] [:roca] [:even] [:cut=N] [:other]   %ed25519%  %ed25519:spki%  %private%  %certificate%
 *
 * Only the numbers are right: nobody holds the private half. The same word gives the same key. Returns the line with the words replaced,
 * in the arena. */
const char *key_words_fill(struct arena *arena, const char *line);
#endif
