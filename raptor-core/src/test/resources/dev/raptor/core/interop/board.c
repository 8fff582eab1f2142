/* A bare Cortex-M board that replays the examples of policy.h, and says through the debugger how
 * many instructions a step and how many bytes of stack a call of raptor_control takes. The emulator
 * counts a nanosecond for each instruction; NANOSECONDS_10 is ten times those of a timer's tick. */
#include "policy.h"

#define STEPS 100
#define SYSTICK ((volatile uint32_t *)0xE000E010u)

extern uint32_t stack_top, data_load, data_start, data_end, bss_start, bss_end;

static raptor_loop loop;
static raptor_state state;
static raptor_target target;

static int debugger(int operation, const void *argument) {
  register int r0 __asm("r0") = operation;
  register const void *r1 __asm("r1") = argument;
  __asm volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
  return r0;
}

static void print(const char *name, uint32_t value) {
  char text[48], digits[10];
  int n = 0, d = 0;
  while (*name) text[n++] = *name++;
  do {
    digits[d++] = (char)('0' + value % 10u);
    value /= 10u;
  } while (value);
  while (d) text[n++] = digits[--d];
  text[n++] = '\n';
  text[n] = 0;
  debugger(4, text);
}

static uint32_t measure(void) {
  static raptor_session session;
#ifdef RAPTOR_ACTION_FRACTION_BITS
  int16_t action[4];
#else
  float action[4];
#endif
  SYSTICK[1] = 0xFFFFFF;
  SYSTICK[2] = 0;
  SYSTICK[0] = 5;
  uint32_t before = SYSTICK[2];
  for (int t = 0; t < STEPS; t++)
    raptor_step(&session, raptor_example_observations + RAPTOR_INPUTS * (t % RAPTOR_EXAMPLE_STEPS),
                action);
  uint32_t ticks = (before - SYSTICK[2]) & 0xFFFFFF;
  return (uint32_t)((uint64_t)ticks * NANOSECONDS_10 / 10 / STEPS);
}

__attribute__((noinline)) static int control(void) {
  float throttles[4];
  return raptor_control(&loop, &state, &target, 1, throttles);
}

static uint32_t stack(void) {
  uint32_t *here = (uint32_t *)__builtin_frame_address(0) - 16;
  volatile uint32_t *p = here - 1024;
  for (volatile uint32_t *q = p; q < here; q++) *q = 0xA5A5A5A5u;
  state.attitude[0] = 1.0f;
  raptor_loop_reset(&loop);
  if (control()) print("control failed ", 1);
  while (*p == 0xA5A5A5A5u) p++;
  return (uint32_t)((char *)here - (char *)p);
}

__attribute__((noreturn)) static void start(void) {
#ifdef __ARM_FP
  *(volatile uint32_t *)0xE000ED88u |= 0xFu << 20;
  __asm volatile("dsb\n isb");
#endif
  uint32_t *from = &data_load;
  for (uint32_t *to = &data_start; to < &data_end;) *to++ = *from++;
  for (uint32_t *to = &bss_start; to < &bss_end;) *to++ = 0;
  print("self-test ", (uint32_t)raptor_self_test());
  print("instructions ", measure());
  print("stack ", stack());
  debugger(0x18, (const void *)0x20026);
  for (;;) {
  }
}

__attribute__((section(".vectors"), used)) static const void *const vectors[2] = {
    &stack_top, (const void *)start};
