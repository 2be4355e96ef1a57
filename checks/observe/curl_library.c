#include "checks/observe/curl_library.h"

#include <dlfcn.h>
#include <stddef.h>
#include <string.h>

#include "checks/observe/lib.h"

#define ENTRY(name) { "curl_" #name, offsetof(struct curl_library, name) }

static const struct { const char *name; size_t offset; } entries[] = {
  ENTRY(global_init), ENTRY(global_cleanup), ENTRY(easy_init), ENTRY(easy_cleanup), ENTRY(easy_setopt), ENTRY(easy_getinfo), ENTRY(easy_strerror), ENTRY(multi_init), ENTRY(multi_cleanup),
  ENTRY(multi_setopt), ENTRY(multi_add_handle), ENTRY(multi_remove_handle), ENTRY(multi_assign), ENTRY(multi_info_read), ENTRY(multi_socket_action), ENTRY(slist_append), ENTRY(slist_free_all),
  ENTRY(version_info),
};

bool curl_library_load(struct curl_library *library) {
  library->handle = dlopen("libcurl.so.4", RTLD_LAZY | RTLD_LOCAL);
  if (!library->handle) return false;
  for (size_t i = 0; i < sizeof entries / sizeof *entries; i++) {
    void *found = dlsym(library->handle, entries[i].name);
    if (!found) return false;
    memcpy((char *)library + entries[i].offset, &found, sizeof found);
  }
  return true;
}

const char *observe_curl_version(void) {
  struct curl_library library = { 0 };
  return curl_library_load(&library) ? library.version_info(CURLVERSION_NOW)->version : NULL;
}
