#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <uthash.h>

#include "src/cli/batch.h"

enum { SHARED_ANSWERS = 4096, JOBS = 64, LONGEST_LINE = 4096 };

/* A domain of an earlier output, not to be examined again. */
struct done { UT_hash_handle hh; char name[]; };

struct batch {
  struct cli *cli;
  uv_loop_t loop;
  struct observers *observers;
  uv_signal_t interrupt;
  uv_timer_t progress;
  struct done *done;
  size_t next_word;              /* of the command line */
  bool from_input, input_over, interrupted, as_json, worst_set;
  unsigned running, finished, wrong;
  unsigned counts[SEVERITY_SKIPPED + 1];
  int64_t started;
};

struct job {
  struct batch *batch;
  struct arena *arena;
  struct inquiry inquiry;
  struct examination *examination;
  int64_t time;
};

static void fill(struct batch *batch);

/* ---- what was done before ---- */

static void note_done(struct batch *batch, const char *name) {
  struct done *found = NULL;
  size_t length = strlen(name);
  HASH_FIND(hh, batch->done, name, length, found);
  if (found) return;
  found = mem_zalloc(1, sizeof *found + length + 1);
  memcpy(found->name, name, length);
  HASH_ADD_KEYPTR(hh, batch->done, found->name, length, found);
}

static bool read_done(struct batch *batch, const char *path, struct fault *fault) {
  FILE *file = fopen(path, "re");
  char *line = NULL;
  size_t room = 0;
  if (!file) {
    fault_set(fault, _("Could not open %s, which --resume names"), path);
    return false;
  }
  while (getline(&line, &room, file) > 0) {
    struct fault ignored;
    json_t *json = json_parse(line, strlen(line), &ignored);
    const char *name = json_text(json, "domain", NULL);
    if (name) note_done(batch, name);
    json_decref(json);
  }
  free(line);
  fclose(file);
  return true;
}

/* ---- names ---- */

static const char *next_typed(struct batch *batch, char line[LONGEST_LINE]) {
  if (!batch->from_input) return batch->next_word < batch->cli->word_count ? batch->cli->words[batch->next_word++] : NULL;
  if (batch->input_over || !fgets(line, LONGEST_LINE, stdin)) {
    batch->input_over = true;
    return NULL;
  }
  line[strcspn(line, "\r\n")] = '\0';
  return line;
}

/* The next domain to examine, in `arena`; blank lines and comments are passed over, what is no domain is told on stderr. */
static const char *next_domain(struct batch *batch, struct arena *arena) {
  char line[LONGEST_LINE];
  const char *typed;
  while ((typed = next_typed(batch, line))) {
    struct fault fault = { "" };
    struct done *found = NULL;
    while (is_space(*typed)) typed++;
    if (!*typed || *typed == '#') continue;
    const char *domain = name_from_user(arena, typed, &fault);
    if (!domain) {
      fprintf(stderr, "mailstead: %s\n", fault.text);
      batch->wrong++;
      continue;
    }
    HASH_FIND(hh, batch->done, domain, strlen(domain), found);
    if (!found) return domain;
  }
  return NULL;
}

/* ---- jobs ---- */

static void report(struct batch *batch, struct job *job) {
  const struct verdict *verdict = examination_verdict(job->examination);
  struct examination_figures figures = examination_figures(job->examination);
  batch->counts[verdict->status]++;
  if (batch->as_json) {
    print_json_line(report_json(verdict, examination_store(job->examination), &job->inquiry, &figures, job->time));
    return;
  }
  struct buf out = BUF_INIT(16 << 20);
  report_text(&out, verdict, &job->inquiry, &figures);
  buf_char(&out, '\n');
  print_buf(&out);
  buf_release(&out);
}

static void on_done(struct examination *examination, void *context) {
  struct job *job = context;
  struct batch *batch = job->batch;
  (void)examination;
  report(batch, job);
  batch->finished++;
  batch->running--;
  examination_free(&job->examination);
  arena_free(&job->arena);
  fill(batch);
}

static void start_job(struct batch *batch, struct arena *arena, const char *domain) {
  struct job *job = ARENA_NEW(arena, struct job);
  struct examination_events events = { .done = on_done, .context = job };
  job->batch = batch;
  job->arena = arena;
  job->inquiry = cli_inquiry(batch->cli, domain);
  job->inquiry.test_network = observers_test_network(batch->observers);
  job->time = clock_wall_ms();
  job->examination = examination_start(&batch->loop, batch->observers, &job->inquiry, &events);
  batch->running++;
}

static void on_progress(uv_timer_t *timer) {
  const struct batch *batch = timer->data;
  double seconds = (double)(clock_monotonic_ms() - batch->started) / 1000;
  fprintf(stderr, _("\r%u finished, %u running, %.0f a second "), batch->finished, batch->running, seconds > 0 ? batch->finished / seconds : 0);
}

static void stop_handles(struct batch *batch) {
  if (uv_is_closing((uv_handle_t *)&batch->interrupt)) return;
  uv_close((uv_handle_t *)&batch->interrupt, NULL);
  uv_close((uv_handle_t *)&batch->progress, NULL);
  uv_stop(&batch->loop);
}

static void fill(struct batch *batch) {
  unsigned jobs = batch->cli->jobs ? batch->cli->jobs : JOBS;
  while (batch->running < jobs && !batch->interrupted) {
    struct arena *arena = arena_new();
    const char *domain = next_domain(batch, arena);
    if (!domain) {
      arena_free(&arena);
      break;
    }
    start_job(batch, arena, domain);
  }
  if (batch->running == 0) stop_handles(batch);
}

static void on_interrupt(uv_signal_t *signal, int number) {
  struct batch *batch = signal->data;
  (void)number;
  batch->interrupted = true;
  fprintf(stderr, "\n%s\n", _("Finishing the domains that are under way. What is written can be used with --resume."));
}

static int status_of(const struct batch *batch) {
  if (batch->wrong) return EXIT_BAD_USAGE;
  if (batch->counts[SEVERITY_FAIL]) return EXIT_SOMETHING_FAILED;
  return batch->counts[SEVERITY_UNKNOWN] ? EXIT_COULD_NOT_LOOK : EXIT_NOTHING_FAILED;
}

static void summary(const struct batch *batch) {
  fprintf(stderr, _("%u domains: %u good, %u with warnings, %u with problems, %u that could not be looked at\n"), batch->finished,
          batch->counts[SEVERITY_PASS] + batch->counts[SEVERITY_INFO], batch->counts[SEVERITY_WARN], batch->counts[SEVERITY_FAIL], batch->counts[SEVERITY_UNKNOWN]);
}

int batch_run(struct cli *cli, bool as_json, struct fault *fault) {
  struct batch batch = { .cli = cli, .as_json = as_json, .started = clock_monotonic_ms(), .from_input = strcmp(cli->words[0], "-") == 0 };
  if (cli->resume && !read_done(&batch, cli->resume, fault)) return EXIT_BAD_USAGE;
  uv_loop_init(&batch.loop);
  batch.observers = observers_new(&batch.loop, &cli->observe, fault);
  int status = EXIT_BAD_USAGE;
  if (batch.observers) {
    observers_share(batch.observers, SHARED_ANSWERS);
    uv_signal_init(&batch.loop, &batch.interrupt);
    uv_timer_init(&batch.loop, &batch.progress);
    batch.interrupt.data = batch.progress.data = &batch;
    uv_signal_start(&batch.interrupt, on_interrupt, SIGINT);
    if (isatty(STDERR_FILENO)) uv_timer_start(&batch.progress, on_progress, 1000, 1000);
    fill(&batch);
    if (batch.running) uv_run(&batch.loop, UV_RUN_DEFAULT);
    summary(&batch);
    status = status_of(&batch);
  }
  observers_free(&batch.observers);
  uv_run(&batch.loop, UV_RUN_DEFAULT);
  uv_loop_close(&batch.loop);
  struct done *done, *next;
  HASH_ITER(hh, batch.done, done, next) {
    HASH_DEL(batch.done, done);
    free(done);
  }
  return status;
}
