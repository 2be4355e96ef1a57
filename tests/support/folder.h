#ifndef TESTS_SUPPORT_FOLDER_H
#define TESTS_SUPPORT_FOLDER_H
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A folder of its own for a test, taken away with all in it when the test program ends. At most a hundred a program; null: none could be made. */
enum { MOST_FOLDERS = 100 };
static struct { char paths[MOST_FOLDERS][64]; size_t count; pid_t owner; } test_folders;

static inline int remove_entry(const char *path, const struct stat *info, int kind, struct FTW *place) {
  (void)info, (void)kind, (void)place;
  return remove(path);
}

static inline void remove_folders(void) {
  if (getpid() != test_folders.owner) return; /* a child that was forked ends: its parent still needs them */
  for (size_t i = 0; i < test_folders.count; i++) nftw(test_folders.paths[i], remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

static inline const char *test_folder(void) {
  if (test_folders.count == MOST_FOLDERS) return NULL;
  char *path = test_folders.paths[test_folders.count];
  memcpy(path, "/tmp/mailstead-test-XXXXXX", sizeof "/tmp/mailstead-test-XXXXXX");
  if (!mkdtemp(path)) return NULL;
  if (test_folders.count++ == 0) {
    test_folders.owner = getpid();
    atexit(remove_folders);
  }
  return path;
}
#endif
