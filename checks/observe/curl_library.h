#ifndef CHECKS_OBSERVE_CURL_LIBRARY_H
#define CHECKS_OBSERVE_CURL_LIBRARY_H
#include <curl/curl.h>
#include <stdbool.h>

/* libcurl brings some forty libraries with it, which would be half of the program's start-up time. It is loaded at the first web request
 * instead. */
struct curl_library {
  void *handle;
  __typeof__(curl_global_init) *global_init;
  __typeof__(curl_global_cleanup) *global_cleanup;
  __typeof__(curl_easy_init) *easy_init;
  __typeof__(curl_easy_cleanup) *easy_cleanup;
  __typeof__(curl_easy_setopt) *easy_setopt;
  __typeof__(curl_easy_getinfo) *easy_getinfo;
  __typeof__(curl_easy_strerror) *easy_strerror;
  __typeof__(curl_multi_init) *multi_init;
  __typeof__(curl_multi_cleanup) *multi_cleanup;
  __typeof__(curl_multi_setopt) *multi_setopt;
  __typeof__(curl_multi_add_handle) *multi_add_handle;
  __typeof__(curl_multi_remove_handle) *multi_remove_handle;
  __typeof__(curl_multi_assign) *multi_assign;
  __typeof__(curl_multi_info_read) *multi_info_read;
  __typeof__(curl_multi_socket_action) *multi_socket_action;
  __typeof__(curl_slist_append) *slist_append;
  __typeof__(curl_slist_free_all) *slist_free_all;
  __typeof__(curl_version_info) *version_info;
};

/* Fills the table. False: the library is not there, or lacks a function. */
bool curl_library_load(struct curl_library *library);
#endif
