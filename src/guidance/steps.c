#include <string.h>

#include "src/guidance/tables.h"

static const char *const titles[GUIDANCE_SECTIONS] = {
  N_("Prepare to secure your email service"), N_("Cloud or internet-based email services"), N_("PSN-based email services"), N_("Other email sending services"),
  N_("Configure your DNS records"), N_("Check your email services are secure"), N_("Communicate changes to your organisation"),
};

const char *guidance_section_title(unsigned section) { return section >= 1 && section <= GUIDANCE_SECTIONS ? _(titles[section - 1]) : ""; }

/* The tables one after another, in the guidance's order. */
static const struct { const struct guidance_step *steps; const size_t *count; } parts[] = {
  { steps_prepare, &steps_prepare_count }, { steps_cloud, &steps_cloud_count }, { steps_psn, &steps_psn_count }, { steps_dns, &steps_dns_count }, { steps_check, &steps_check_count },
};

size_t guidance_step_count(void) {
  size_t count = 0;
  for (size_t i = 0; i < MEM_COUNT(parts); i++) count += *parts[i].count;
  return count;
}

const struct guidance_step *guidance_step_at(size_t index) {
  for (size_t i = 0; i < MEM_COUNT(parts); i++) {
    if (index < *parts[i].count) return &parts[i].steps[index];
    index -= *parts[i].count;
  }
  return NULL;
}

const struct guidance_step *guidance_step_find(const char *id) {
  const struct guidance_step *step = NULL;
  for (size_t i = 0; (step = guidance_step_at(i)) != NULL; i++)
    if (strcmp(step->id, id) == 0) return step;
  return NULL;
}

bool guidance_task_find(const char *id, const struct guidance_step **out_step, const struct guidance_task **out_task) {
  for (size_t i = 0; i < guidance_step_count(); i++) {
    const struct guidance_step *step = guidance_step_at(i);
    for (size_t n = 0; n < MEM_COUNT(step->tasks) && step->tasks[n].id; n++) {
      if (strcmp(step->tasks[n].id, id) != 0) continue;
      *out_step = step;
      *out_task = &step->tasks[n];
      return true;
    }
  }
  return false;
}
