#include "src/guidance/help.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "src/base/lib.h"
#include "src/guidance/help_rules.h"

enum { LARGEST_PAGE = 1 << 20 };

static const char *const topics[] = {
  "start", "keys", "prepare", "services", "checks", "spf", "dkim", "dmarc", "inbound", "footers", "tls", "certificates", "tls-rules", "tls-rpt", "mta-sts", "mx", "ptr", "dane", "logs", "dns-hosts", "subdomains",
  "digital-services", "gsi", "psn", "parked", "guidance-2020",
  "change-requests", "practice", "plain", "evidence", "communicate", "monitoring", "contacts", "domains", "settings", "troubleshooting", "glossary",
};

const char *const *help_topics(size_t *out_count) {
  *out_count = MEM_COUNT(topics);
  return topics;
}

static bool is_topic(const char *name) {
  for (const char *c = name; *c; c++)
    if (!is_alnum(*c) && *c != '-') return false;
  return *name != '\0';
}

static const char *beside_program(struct arena *arena) {
  char path[4096];
  ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);
  if (length <= 0) return NULL;
  path[length] = '\0';
  char *slash = strrchr(path, '/');
  if (slash) *slash = '\0';
  return arena_printf(arena, "%s/../help", path);
}

static char *read_page(struct arena *arena, const char *folder, const char *language, const char *topic) {
  struct fault ignored;
  size_t length;
  const char *path = folder ? arena_printf(arena, "%s/%s/%s.md", folder, language, topic) : NULL;
  return path && access(path, R_OK) == 0 ? file_read(path, LARGEST_PAGE, &length, &ignored) : NULL;
}

static const char *page_text(struct arena *arena, const char *topic) {
  const char *folders[] = { getenv("MAILSTEAD_HELP"), beside_program(arena), PKGDATADIR "/help" };
  const char *languages[] = { intl_language(), "en" };
  if (!is_topic(topic)) return NULL;
  for (size_t l = 0; l < MEM_COUNT(languages); l++)
    for (size_t f = 0; f < MEM_COUNT(folders); f++) {
      char *text = read_page(arena, folders[f], languages[l], topic);
      if (!text) continue;
      const char *kept = arena_strdup(arena, text);
      free(text);
      return kept;
    }
  return NULL;
}

const char *help_text(struct arena *arena, const char *topic) {
  enum topic listed;
  const struct rule *rule = rule_find(topic);
  if (rule) return help_rule_text(arena, rule);
  return help_list_topic(topic, &listed) ? help_list_text(arena, listed) : page_text(arena, topic);
}

const char *help_title(struct arena *arena, const char *topic) {
  enum topic listed;
  const struct rule *rule = rule_find(topic);
  if (rule) return help_rule_title(arena, rule);
  if (help_list_topic(topic, &listed)) return help_list_title(arena, listed);
  const char *text = help_text(arena, topic);
  if (!text || strncmp(text, "# ", 2) != 0) return topic;
  return arena_strndup(arena, text + 2, strcspn(text + 2, "\n"));
}
