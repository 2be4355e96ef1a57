#include "src/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "src/base/intl.h"
#include "src/base/mem.h"

static char *read_open(int fd, const char *path, size_t cap, size_t *out_length, struct fault *fault) {
  size_t room = 4096, length = 0;
  char *data = mem_alloc(room + 1);
  for (;;) {
    ssize_t got = read(fd, data + length, room - length);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      fault_set(fault, _("Could not read %s: %s"), path, strerror(errno));
      break;
    }
    if (got == 0) {
      data[length] = '\0';
      *out_length = length;
      return data;
    }
    length += (size_t)got;
    if (length > cap) {
      fault_set(fault, _("%s is larger than %zu KiB, so it was not read"), path, cap / 1024);
      break;
    }
    if (length == room) data = mem_realloc(data, (room *= 2) + 1, 1);
  }
  free(data);
  return NULL;
}

static char *read_path(const char *path, bool regular, size_t cap, size_t *out_length, struct fault *fault) {
  int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | (regular ? O_NONBLOCK : 0));
  if (fd < 0) {
    fault_set(fault, _("Could not open %s: %s"), path, strerror(errno));
    return NULL;
  }
  struct stat status;
  char *data = NULL;
  bool known = fstat(fd, &status) == 0;
  if (known && S_ISDIR(status.st_mode)) fault_set(fault, _("%s is a folder, not a file"), path);
  else if (regular && !(known && S_ISREG(status.st_mode))) fault_set(fault, _("%s is not an ordinary file"), path);
  else data = read_open(fd, path, cap, out_length, fault);
  close(fd);
  return data;
}

char *file_read(const char *path, size_t cap, size_t *out_length, struct fault *fault) {
  if (strcmp(path, "-") == 0) return read_open(STDIN_FILENO, _("standard input"), cap, out_length, fault);
  return read_path(path, false, cap, out_length, fault);
}

char *file_read_regular(const char *path, size_t cap, size_t *out_length, struct fault *fault) { return read_path(path, true, cap, out_length, fault); }

static bool write_all(int fd, const char *bytes, size_t length) {
  while (length > 0) {
    ssize_t put = write(fd, bytes, length);
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return false;
    bytes += put;
    length -= (size_t)put;
  }
  return fsync(fd) == 0;
}

static char *folder_of(const char *path) {
  const char *slash = strrchr(path, '/');
  if (!slash) return mem_strdup(".");
  return slash == path ? mem_strdup("/") : mem_strndup(path, (size_t)(slash - path));
}

static void sync_folder(const char *path) {
  char *folder = folder_of(path);
  int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd >= 0) {
    fsync(fd);
    close(fd);
  }
  free(folder);
}

/* Whoever had the old file may still use the new one: a case that root saves stays its owner's. */
static void take_after(int fd, const char *path) {
  struct stat old, new;
  if (stat(path, &old) != 0 || !S_ISREG(old.st_mode) || fstat(fd, &new) != 0) return;
  if ((old.st_uid != new.st_uid || old.st_gid != new.st_gid) && fchown(fd, old.st_uid, old.st_gid) != 0) return;
  (void)fchmod(fd, old.st_mode & (S_IRWXU | S_IRWXG | S_IRWXO));
}

static bool replace_there(const char *path, const void *bytes, size_t length, struct fault *fault) {
  char *temporary = mem_printf("%s.XXXXXX", path);
  int fd = mkostemp(temporary, O_CLOEXEC);
  bool good = fd >= 0;
  if (!good) fault_set(fault, _("Could not write beside %s: %s"), path, strerror(errno));
  if (good && !write_all(fd, bytes, length)) {
    fault_set(fault, _("Could not save %s: %s. The file is as it was before"), path, strerror(errno));
    good = false;
  }
  if (good) take_after(fd, path);
  if (fd >= 0 && close(fd) != 0 && good) {
    fault_set(fault, _("Could not save %s: %s. The file is as it was before"), path, strerror(errno));
    good = false;
  }
  if (good && rename(temporary, path) != 0) {
    fault_set(fault, _("Could not replace %s: %s. The file is as it was before"), path, strerror(errno));
    good = false;
  }
  if (fd >= 0 && !good) unlink(temporary);
  if (good) sync_folder(path);
  free(temporary);
  return good;
}

bool file_replace(const char *path, const void *bytes, size_t length, struct fault *fault) {
  char *real = realpath(path, NULL);
  bool good = replace_there(real ? real : path, bytes, length, fault);
  free(real);
  return good;
}

bool file_create(const char *path, const void *bytes, size_t length, unsigned mode, struct fault *fault) {
  int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, (mode_t)mode);
  if (fd < 0) {
    if (errno == EEXIST) fault_set(fault, _("%s exists already, and is never overwritten. Choose another name"), path);
    else fault_set(fault, _("Could not create %s: %s"), path, strerror(errno));
    return false;
  }
  bool good = write_all(fd, bytes, length);
  if (!good) fault_set(fault, _("Could not write %s: %s"), path, strerror(errno));
  if (close(fd) != 0 && good) {
    fault_set(fault, _("Could not write %s: %s"), path, strerror(errno));
    good = false;
  }
  if (good) sync_folder(path);
  else unlink(path);
  return good;
}

bool file_make_folders(const char *path, struct fault *fault) {
  char *copy = mem_strdup(path);
  bool good = true;
  for (char *at = copy + 1; good; at++) {
    if (*at != '/' && *at != '\0') continue;
    char was = *at;
    *at = '\0';
    struct stat status;
    if (mkdir(copy, 0700) != 0 && (errno != EEXIST || stat(copy, &status) != 0 || !S_ISDIR(status.st_mode))) {
      fault_set(fault, _("Could not make the folder %s: %s"), copy, strerror(errno == EEXIST ? ENOTDIR : errno));
      good = false;
    }
    *at = was;
    if (was == '\0') break;
  }
  free(copy);
  return good;
}

const char *file_home(void) {
  const char *home = getenv("HOME");
  if (home && *home == '/') return home;
  const struct passwd *user = getpwuid(getuid());
  return user && user->pw_dir && *user->pw_dir == '/' ? user->pw_dir : NULL;
}

const char *file_user_folder(struct arena *arena, const char *variable, const char *otherwise) {
  const char *base = getenv(variable), *home = base && *base == '/' ? NULL : file_home();
  if (base && *base == '/') return arena_printf(arena, "%s/mailstead", base);
  return home ? arena_printf(arena, "%s/%s/mailstead", home, otherwise) : NULL;
}

bool file_is_there(const char *path) { return access(path, R_OK) == 0; }

/* From the program's folder upwards: build/mailstead, and deeper for the test programs. */
static const char *in_source_tree(struct arena *arena, const char *relative) {
  char program[4096];
  ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
  char *slash = length > 0 ? memrchr(program, '/', (size_t)length) : NULL;
  const char *up = "..";
  for (unsigned level = 0; slash && level < 4; level++, up = arena_printf(arena, "../%s", up)) {
    const char *path = arena_printf(arena, "%.*s/%s/data/%s", (int)(slash - program), program, up, relative);
    if (file_is_there(path)) return path;
  }
  return NULL;
}

const char *file_shipped(struct arena *arena, const char *relative) {
  const char *data = getenv("MAILSTEAD_DATA");
  const char *path = data && *data ? arena_printf(arena, "%s/%s", data, relative) : NULL;
  if (path && file_is_there(path)) return path;
  path = in_source_tree(arena, relative);
  if (path) return path;
  path = arena_printf(arena, "%s/%s", PKGDATADIR, relative);
  return file_is_there(path) ? path : NULL;
}
