#include "checks/judge/lib.h"

void judge_parked_mx(struct judgement *judgement) { (void)judgement; }
void judge_parked_spf(struct judgement *judgement) { (void)judgement; }
void judge_parked_dkim(struct judgement *judgement) { (void)judgement; }
void judge_parked_dmarc(struct judgement *judgement) { (void)judgement; }
