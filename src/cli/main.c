#include "src/cli/lib.h"

int main(int argc, char **argv) { return cli_main(argc - 1, argv + 1, NULL); }
