/* The on-chip watchdog (CMSDK, DDI 0479D, 4.5), fed when every part of the firmware has reported (hal/watchdog.ts). */
#ifndef WATCHDOG_H
#define WATCHDOG_H

#include <stdint.h>

/* Arms it for parts 0…parts-1, at most 32. */
void watchdog_start(uint32_t parts);
/* `part` has come to the end of its work for this instant. */
void watchdog_progress(uint32_t part);
/* Who has not reported since the last feeding; of several, the next in the order of turns behind the last report. */
uint32_t watchdog_missing_part(void);

#endif
