#include "src/cli/name_set.h"

#include <openssl/evp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/mem.h"

enum { FIRST_ROOM = 1024 }; /* a power of two, as all that follow it */

/* Half of SHA-256: that two names share it is out of the question, also for who would like them to. All zero: an empty place. */
struct digest { uint64_t first, second; };

struct name_set {
  struct digest *places;
  size_t room, count;
};

struct name_set *name_set_new(void) {
  struct name_set *set = mem_zalloc(1, sizeof *set);
  set->room = FIRST_ROOM;
  set->places = mem_zalloc(set->room, sizeof *set->places);
  return set;
}

void name_set_free(struct name_set **set) {
  if (!*set) return;
  free((*set)->places);
  free(*set);
  *set = NULL;
}

static struct digest digest_of(const char *name, size_t length) {
  unsigned char whole[EVP_MAX_MD_SIZE];
  struct digest digest;
  if (EVP_Digest(name, length, whole, NULL, EVP_sha256(), NULL) != 1) abort();
  memcpy(&digest, whole, sizeof digest);
  digest.first |= 1;
  return digest;
}

/* The place of the digest, or the empty one where it would stand. */
static struct digest *place_of(const struct name_set *set, const struct digest *digest) {
  size_t at = (size_t)digest->second & (set->room - 1);
  while (set->places[at].first && memcmp(&set->places[at], digest, sizeof *digest) != 0) at = (at + 1) & (set->room - 1);
  return &set->places[at];
}

static void make_room(struct name_set *set) {
  struct name_set larger = { .room = set->room * 2, .count = set->count };
  larger.places = mem_zalloc(larger.room, sizeof *larger.places);
  for (size_t i = 0; i < set->room; i++)
    if (set->places[i].first) *place_of(&larger, &set->places[i]) = set->places[i];
  free(set->places);
  *set = larger;
}

bool name_set_add(struct name_set *set, const char *name, size_t length) {
  struct digest digest = digest_of(name, length);
  struct digest *place = place_of(set, &digest);
  if (place->first) return false;
  *place = digest;
  if (++set->count > set->room / 4 * 3) make_room(set);
  return true;
}

bool name_set_holds(const struct name_set *set, const char *name, size_t length) {
  struct digest digest = digest_of(name, length);
  return place_of(set, &digest)->first != 0;
}
