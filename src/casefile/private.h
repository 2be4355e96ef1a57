#ifndef CASEFILE_PRIVATE_H
#define CASEFILE_PRIVATE_H
#include "src/casefile/casefile.h"

enum { CASEFILE_MOST_OCTETS = 16 << 20 };

struct casefile {
  char *path;
  json_t *root;
  int lock;
  unsigned long revision;      /* counts the changes */
  char *unsaved;               /* why the last change is not on the disk; null: it is */
};

/* A member of the case, made empty when it is not there or of another kind. Borrowed. */
json_t *casefile_member(const struct casefile *casefile, const char *name, bool array);

/* The newest request for a domain in a case's file, read without opening the case; null: none, or, with a fault, the file cannot be read. The caller drops the
 * reference. */
json_t *casefile_request_in(const char *path, const char *domain, struct fault *fault);

/* The task of asking for the changes: done when every server gives what the newest request asks for. */
#define CASEFILE_ASK_TASK "ask-for-changes"
/* Sets a task without saving, and not as something that the user could take back: it was the program's doing. Texts are copied; they may be
 * those of the task as it stands. */
void casefile_put_task(struct casefile *casefile, const char *domain, const char *id, const struct casefile_task *task);

/* Sets an answer without saving and without a step of undo; null: none. */
void casefile_put_answer(const struct casefile *casefile, const char *domain, const char *key, const char *value);

/* Notes what stands now at a place of the case (one to three keys, null after the last), so that casefile_undo can put it back. Call before
 * the change. */
void casefile_note_undo(struct casefile *casefile, const char *first, const char *second, const char *third);
#endif
