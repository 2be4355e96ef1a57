/* Feeds every file of the folders given to one fuzz target: the corpora run as tests. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/file.h"
#include "src/base/mem.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static unsigned feed_folder(const char *folder) {
  DIR *directory = opendir(folder);
  unsigned count = 0;
  for (struct dirent *entry; directory && (entry = readdir(directory));) {
    struct fault ignored;
    size_t length;
    if (entry->d_name[0] == '.') continue;
    char *path = mem_printf("%s/%s", folder, entry->d_name);
    char *data = file_read(path, 1 << 20, &length, &ignored);
    if (data) {
      char *exact = mem_alloc(length); /* so that a read past the end is seen */
      memcpy(exact, data, length);
      LLVMFuzzerTestOneInput((const uint8_t *)exact, length);
      for (size_t cut = 0; cut < length; cut += 1 + length / 16) LLVMFuzzerTestOneInput((const uint8_t *)exact, cut);
      free(exact);
      count++;
    }
    free(data);
    free(path);
  }
  if (directory) closedir(directory);
  return count;
}

int main(int argc, char **argv) {
  const char *name = strrchr(argv[0], '/'), *root = getenv("srcdir");
  unsigned count = 0;
  char *usual = mem_printf("%s/tests/fuzz/corpus/%s", root ? root : ".", name ? name + 1 : argv[0]);
  if (argc == 1) count = feed_folder(usual);
  for (int i = 1; i < argc; i++) count += feed_folder(argv[i]);
  free(usual);
  printf("%u inputs\n", count);
  return count == 0;
}
