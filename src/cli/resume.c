#include "src/cli/resume.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <uthash.h>

#include "src/base/intl.h"
#include "src/base/arena.h"
#include "src/base/json_read.h"
#include "src/base/mem.h"

struct done { UT_hash_handle hh; char name[]; };

struct resume {
  struct done *done;
  bool cut, is_output;
};

static void note(struct resume *resume, const char *name, size_t length) {
  struct done *found = NULL;
  HASH_FIND(hh, resume->done, name, length, found);
  if (found) return;
  found = mem_alloc(sizeof *found + length + 1);
  memcpy(found->name, name, length);
  found->name[length] = '\0';
  HASH_ADD_KEYPTR(hh, resume->done, found->name, length, found);
}

/* Our own lines begin so: a whole one needs no parser. */
static bool note_own_line(struct resume *resume, const char *line, size_t length) {
  static const char beginning[] = "{\"version\":1,\"domain\":\"";
  size_t head = sizeof beginning - 1;
  if (length < head + 2 || memcmp(line, beginning, head) != 0 || line[length - 1] != '}') return false;
  size_t size = strcspn(line + head, "\"\\");
  if (line[head + size] != '"') return false;
  note(resume, line + head, size);
  return true;
}

static void note_line(struct resume *resume, const char *line, size_t length) {
  if (note_own_line(resume, line, length)) return;
  struct arena *arena = arena_new();
  const char *name = value_text(json_read(arena, line, length, NULL), "domain", NULL);
  if (name) note(resume, name, strlen(name));
  arena_free(&arena);
}

static bool is_standard_output(FILE *file) {
  struct stat this, output;
  return fstat(fileno(file), &this) == 0 && fstat(STDOUT_FILENO, &output) == 0 && this.st_dev == output.st_dev && this.st_ino == output.st_ino;
}

struct resume *resume_read(const char *path, struct fault *fault) {
  FILE *file = fopen(path, "re");
  char *line = NULL;
  size_t room = 0;
  ssize_t length;
  if (!file) {
    fault_set(fault, _("%s, which --resume names, cannot be opened: %s"), path, strerror(errno));
    return NULL;
  }
  struct resume *resume = mem_zalloc(1, sizeof *resume);
  resume->is_output = is_standard_output(file);
  while ((length = getline(&line, &room, file)) > 0) {
    resume->cut = line[length - 1] != '\n';
    if (resume->cut) break;
    note_line(resume, line, (size_t)length - 1);
  }
  if (ferror(file)) {
    fault_set(fault, _("%s, which --resume names, cannot be read: %s"), path, strerror(errno));
    resume_free(&resume);
  }
  free(line);
  fclose(file);
  return resume;
}

bool resume_holds(const struct resume *resume, const char *domain) {
  struct done *found = NULL;
  if (resume) HASH_FIND(hh, resume->done, domain, strlen(domain), found);
  return found;
}

bool resume_cut_output(const struct resume *resume) { return resume && resume->cut && resume->is_output; }

void resume_free(struct resume **resume) {
  struct done *done, *next;
  if (!*resume) return;
  HASH_ITER(hh, (*resume)->done, done, next) {
    HASH_DEL((*resume)->done, done);
    free(done);
  }
  free(*resume);
  *resume = NULL;
}
