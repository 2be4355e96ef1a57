#include "src/cli/resume.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "checks/finding.h"
#include "src/base/ctype.h"
#include "src/base/intl.h"
#include "src/base/arena.h"
#include "src/base/json_read.h"
#include "src/base/mem.h"
#include "src/cli/name_set.h"

struct resume {
  struct name_set *names;
  unsigned topics;               /* that a line has a verdict on */
  size_t lines, reports;         /* whole lines; those that were understood */
  off_t cut_at;                  /* where the last line begins that was cut; negative: none was */
  bool is_output;
};

static void note(struct resume *resume, const char *name, size_t length) {
  name_set_add(resume->names, name, length);
  resume->reports++;
}

/* The topics that a line of ours says something of. */
static unsigned topics_in(const char *line) {
  const char *at = strstr(line, "\"topics\":{"), *end = at ? strchr(at, '}') : NULL;
  unsigned topics = 0;
  for (unsigned i = 0; end && i < TOPIC_COUNT; i++) {
    char key[32];
    snprintf(key, sizeof key, "\"%s\":\"", topic_name((enum topic)i));
    const char *value = strstr(at, key);
    if (value && value < end && !text_starts(value + strlen(key), severity_name(SEVERITY_SKIPPED))) topics |= 1u << i;
  }
  return topics;
}

/* Our own lines begin so: a whole one needs no parser. */
static bool note_own_line(struct resume *resume, const char *line, size_t length) {
  static const char beginning[] = "{\"version\":1,\"domain\":\"";
  size_t head = sizeof beginning - 1;
  if (length < head + 2 || memcmp(line, beginning, head) != 0 || line[length - 1] != '}') return false;
  size_t size = strcspn(line + head, "\"\\");
  if (line[head + size] != '"') return false;
  note(resume, line + head, size);
  resume->topics |= topics_in(line);
  return true;
}

static void note_line(struct resume *resume, const char *line, size_t length) {
  resume->lines++;
  if (note_own_line(resume, line, length)) return;
  struct arena *arena = arena_new();
  const struct value *whole = json_read(arena, line, length, NULL);
  const char *name = value_text(whole, "domain", NULL);
  if (name) note(resume, name, strlen(name));
  else resume->reports += value_text(whole, "amends", NULL) != NULL;
  arena_free(&arena);
}

static bool is_standard_output(FILE *file) {
  struct stat this, output;
  return fstat(fileno(file), &this) == 0 && fstat(STDOUT_FILENO, &output) == 0 && this.st_dev == output.st_dev && this.st_ino == output.st_ino;
}

static void read_lines(struct resume *resume, FILE *file) {
  char *line = NULL;
  size_t room = 0;
  ssize_t length;
  off_t at = 0;
  for (; (length = getline(&line, &room, file)) > 0 && line[length - 1] == '\n'; at += length) {
    line[length - 1] = '\0';
    note_line(resume, line, (size_t)length - 1);
  }
  resume->cut_at = length > 0 ? at : -1;
  free(line);
}

/* Of these every domain that is judged for them gets a word, so that an output without any was made without them. */
enum { TOLD_ALWAYS = 1u << TOPIC_MX | 1u << TOPIC_SPF | 1u << TOPIC_DMARC };

/* A file of one run and an output of another would pass for one. */
static bool fits(const struct resume *resume, const char *path, unsigned topics, struct fault *fault) {
  unsigned more = resume->topics & ~topics, less = topics & TOLD_ALWAYS & ~resume->topics;
  if (resume->lines && !resume->reports) fault_set(fault, _("%s, which --resume names, holds no report of a batch in JSON"), path);
  else if (more) fault_set(fault, _("%s, which --resume names, tells of the topic %s, which this run leaves out. Use the same --only and --skip"), path, topic_name((enum topic)__builtin_ctz(more)));
  else if (resume->topics && less) fault_set(fault, _("%s, which --resume names, leaves out the topic %s, which this run judges. Use the same --only and --skip"), path, topic_name((enum topic)__builtin_ctz(less)));
  else return true;
  return false;
}

struct resume *resume_read(const char *path, unsigned topics, struct fault *fault) {
  FILE *file = fopen(path, "re");
  if (!file) {
    fault_set(fault, _("%s, which --resume names, cannot be opened: %s"), path, strerror(errno));
    return NULL;
  }
  struct resume *resume = mem_zalloc(1, sizeof *resume);
  resume->names = name_set_new();
  resume->is_output = is_standard_output(file);
  read_lines(resume, file);
  bool failed = ferror(file);
  if (failed) fault_set(fault, _("%s, which --resume names, cannot be read: %s"), path, strerror(errno));
  if (failed || !fits(resume, path, topics, fault)) resume_free(&resume);
  fclose(file);
  return resume;
}

bool resume_holds(const struct resume *resume, const char *domain) { return resume && name_set_holds(resume->names, domain, strlen(domain)); }

void resume_mend_output(const struct resume *resume) {
  if (!resume || resume->cut_at < 0 || !resume->is_output) return;
  int flags = fcntl(STDOUT_FILENO, F_GETFL);
  bool appends = flags >= 0 && flags & O_APPEND;
  if (!appends || ftruncate(STDOUT_FILENO, resume->cut_at) != 0) putchar('\n');
}

void resume_free(struct resume **resume) {
  if (!*resume) return;
  name_set_free(&(*resume)->names);
  free(*resume);
  *resume = NULL;
}
