/* The meter on the CMSDK timer 0 (DDI 0479D, 4.4), which counts down from its reload value. */
#include "meter.h"

#include "mps2.h"

struct meter meter = {.magic = METER_MAGIC};
static uint32_t since;
static uint32_t turn_began;

static uint32_t now(void) { return ~TIMER0_VALUE; }

static uint32_t busy(void) { return meter.busy_ticks + (now() - since); }

/* First act after reset: the variables are not there yet. Zeroed later, they say that counting began at 0, as it did. */
void meter_start(void) {
  TIMER0_CTRL = 0;
  TIMER0_RELOAD = 0xffffffffu;
  TIMER0_VALUE = 0xffffffffu;
  TIMER0_CTRL = TIMER_ENABLE;
}

void meter_leave(void) { meter.busy_ticks = busy(); }

void meter_return(void) { since = now(); }

void meter_turn(void) { turn_began = busy(); }

void meter_part(uint32_t part) {
  const uint32_t at = busy();
  if (part < METER_PARTS) meter.part_ticks[part] += at - turn_began;
  turn_began = at;
}
