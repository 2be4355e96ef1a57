#ifndef BASE_FAULT_H
#define BASE_FAULT_H

/* Trouble in our own program or on this machine (a file, a socket, a wrong argument): what happened, to what, and what to do next,
 * as one sentence for the user. Facts about the world are findings, never faults. */
struct fault {
  char text[768];
};

void fault_set(struct fault *fault, const char *format, ...) __attribute__((format(printf, 2, 3))); /* fault may be null */
#endif
