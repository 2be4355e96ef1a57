#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "src/cli/lib.h"
#include "src/guidance/lib.h"
#include "src/practice/provider.h"
#include "ui/lib.h"

static bool wants_plain(const struct cli *cli) {
  const char *term = getenv("TERM");
  return cli->plain || !isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO) || !term || !*term || strcmp(term, "dumb") == 0;
}

/* ---- the practice provider ---- */

static json_t *carry_out(void *context, const json_t *request, const char *slip, const json_t *before, struct fault *fault) {
  size_t count;
  json_t *order = provider_order(request, slip, 0, false, fault);
  if (order && before) provider_take_back_first(order, before);
  if (order && provider_send(context, order, &count, fault)) return order;
  json_decref(order);
  return NULL;
}

static bool again(void *context, const json_t *order, struct fault *fault) {
  size_t count;
  return provider_send(context, order, &count, fault);
}

int cli_wizard(struct cli *cli) {
  struct fault fault = { "" };
  const char *domain = NULL;
  if (cli->word_count > 1 || (cli->word_count == 1 && !strchr(cli->words[0], '.'))) {
    fault_set(&fault, _("There is no command \"%s\". See mailstead --help"), text_safe_string(cli->arena, cli->words[0]));
    return cli_refuse(&fault);
  }
  if (cli->word_count == 1 && !(domain = name_from_user(cli->arena, cli->words[0], &fault))) return cli_refuse(&fault);
  struct ui_options options = { .domain = domain, .plain = wants_plain(cli), .ascii = cli->ascii, .practice = cli->practice, .colour = cli->colour, .script = cli->script,
                                .guidance_2020 = cli->guidance && strcmp(cli->guidance, "2020") == 0, .observe = &cli->observe };
  struct ui_provider provider = { .context = (void *)(uintptr_t)cli->practice_provider, .carry_out = carry_out, .again = again };
  if (cli->practice_provider) options.provider = &provider;
  struct live live;
  struct ui_evidence evidence;
  if (cli->evidence) {
    if (!live_open(&live, cli, &fault)) return cli_refuse(&fault);
    evidence = (struct ui_evidence){ live.store, live.smtp_reachable, live.https_reachable, live.test_network, live.ask_registry, live.figures.questions, live.figures.elapsed_ms };
    options.evidence = &evidence;
  }
  int status = ui_run(&options, &fault);
  if (cli->evidence) live_close(&live);
  return *fault.text ? cli_refuse(&fault) : status;
}

int cli_guidance(struct cli *cli) {
  if (cli->format && strcmp(cli->format, "json") == 0) return print_json_line(guidance_json()) ? 0 : EXIT_BAD_USAGE;
  unsigned section = 0;
  printf(_("The guidance of %s, as the wizard walks it. Facts from GOV.UK under the Open Government Licence v3.0.\n"), GUIDANCE_DATE);
  for (size_t i = 0; i < guidance_step_count(); i++) {
    const struct guidance_step *step = guidance_step_at(i);
    if (step->section != section) printf("\n%u  %s\n", step->section, guidance_section_title(step->section));
    section = step->section;
    printf("  %-22s %s\n%25s[%s]\n", step->id, _(step->title), "", step->ids);
  }
  return 0;
}
