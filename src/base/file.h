#ifndef BASE_FILE_H
#define BASE_FILE_H
#include <stdbool.h>
#include <stddef.h>
#include "src/base/arena.h"
#include "src/base/fault.h"

/* Reads a whole file (or stdin for "-"), also a pipe or a device, of at most `cap` bytes. The caller frees. Null and a fault otherwise. */
char *file_read(const char *path, size_t cap, size_t *out_length, struct fault *fault);
/* The same for files of the program's own and for paths that are typed into the wizard: never waits for a pipe or a device. */
char *file_read_regular(const char *path, size_t cap, size_t *out_length, struct fault *fault);
/* Replaces `path` in one step: temporary file beside it, fsync, rename, fsync of the folder. Mode 0600, or that of the old file, whose owner
 * stays the owner where the system allows it. A symbolic link stays one. On failure the old file stays. */
bool file_replace(const char *path, const void *bytes, size_t length, struct fault *fault);
/* Creates `path`; fails when it exists. `mode` as for open(2). Leaves nothing behind on failure. */
bool file_create(const char *path, const void *bytes, size_t length, unsigned mode, struct fault *fault);
/* The user's home folder: $HOME, else as the system knows it. Null: there is none. Borrowed until the next call. */
const char *file_home(void);
/* The user's folder that an XDG variable names, with /mailstead; `otherwise` below the home folder when it names none or, which the
 * specification has ignored, a relative one. In the arena; null: there is no home folder. */
const char *file_user_folder(struct arena *arena, const char *variable, const char *otherwise);
bool file_is_there(const char *path); /* and can be read */
/* A file that comes with the program, such as "facts/services.json": looked for in $MAILSTEAD_DATA, in the data/ folder of the source tree that
 * the program was built in, and in the installed folder. In the arena; null: nowhere. */
const char *file_shipped(struct arena *arena, const char *relative);
/* Makes the folder and those above it, 0700. */
bool file_make_folders(const char *path, struct fault *fault);
#endif
