#include "checks/judge/lib.h"

void judge_ns(struct judgement *judgement) { (void)judgement; }
