/* What stands around the step, in floats: from what is known of a vehicle to throttles. Leave it
 * out by RAPTOR_STEP_ONLY. Before this header is included, or by -D, one may define
 *
 *   RAPTOR_ORDER      how the motors are counted: RAPTOR_ORDER_PX4, or the index that the policy
 *                     has for each motor; without it as the policy does
 *   RAPTOR_IDLE       the throttle at which a motor just turns, 0 without it
 *   RAPTOR_FULL       the highest throttle, 1 without it
 *   RAPTOR_FRD        1 if states and targets are in north, east, down and forward, right, down;
 *                     0, as without it, if in z up and forward, left, up
 */
#ifndef RAPTOR_STEP_ONLY

#include <math.h>

#define RAPTOR_ORDER_RAPTOR 0, 1, 2, 3     /* front right, back right, back left, front left */
#define RAPTOR_ORDER_PX4 0, 2, 3, 1        /* front right, back left, front left, back right */
#define RAPTOR_ORDER_BETAFLIGHT 1, 0, 2, 3 /* back right, front right, back left, front left */

#ifndef RAPTOR_ORDER
#define RAPTOR_ORDER RAPTOR_ORDER_RAPTOR
#endif
#ifndef RAPTOR_IDLE
#define RAPTOR_IDLE 0.0f
#endif
#ifndef RAPTOR_FULL
#define RAPTOR_FULL 1.0f
#endif
#ifndef RAPTOR_FRD
#define RAPTOR_FRD 0
#endif

/* What is known of a vehicle now. */
typedef struct {
  float position[3]; /* m, world */
  float velocity[3]; /* m/s, world */
  float attitude[4]; /* unit quaternion, body to world: w, x, y, z */
  float rates[3];    /* rad/s, body */
} raptor_state;

/* Where it should be. */
typedef struct {
  float position[3]; /* m, world */
  float velocity[3]; /* m/s, world */
  float yaw;         /* rad, from world x towards world y */
} raptor_target;

/* A flight: belongs to one vehicle. */
typedef struct {
  raptor_session session;
  float previous[4]; /* the action of the last call, not clamped */
  float mean[4];     /* of the actions since the last native call */
  float action[4];   /* clamped: what the motors have */
  int calls;         /* since the last native call; -1 before the first one */
} raptor_loop;

/* Before each take-off; motors idle until the first call that succeeds. */
static inline void raptor_loop_reset(raptor_loop *loop) {
  raptor_reset(&loop->session);
  for (int i = 0; i < 4; i++) {
    loop->previous[i] = 0.0f;
    loop->mean[i] = 0.0f;
    loop->action[i] = -1.0f;
  }
  loop->calls = -1;
}

static inline float raptor_limit(float a, float limit) {
  return a < -limit ? -limit : a > limit ? limit : a;
}

static inline int raptor_within(const float *a, float limit) {
  return fabsf(a[0]) <= limit && fabsf(a[1]) <= limit && fabsf(a[2]) <= limit;
}

/* A step from numbers to numbers, whatever the policy computes in. */
static inline void raptor_step_floats(raptor_session *session, const float *observation,
                                      float *action) {
#ifdef RAPTOR_ACTION_FRACTION_BITS
  int16_t words[RAPTOR_INPUTS];
  int16_t commands[RAPTOR_OUTPUTS];
  for (int i = 0; i < RAPTOR_INPUTS; i++) {
    float word = rintf(ldexpf(observation[i], raptor_observation_fraction_bits[i]));
    words[i] = (int16_t)raptor_limit(word, 32767.0f);
  }
  raptor_step(session, words, commands);
  for (int i = 0; i < RAPTOR_OUTPUTS; i++)
    action[i] = ldexpf((float)commands[i], -RAPTOR_ACTION_FRACTION_BITS);
#else
  raptor_step(session, observation, action);
#endif
}

/* An error in the axes of the target's heading, clipped. */
static inline void raptor_error(const float *is, const float *wanted, float sign, float cosine,
                                float sine, float clip, float *error) {
  float x = is[0] - wanted[0];
  float y = sign * (is[1] - wanted[1]);
  error[0] = raptor_limit(cosine * x + sine * y, clip);
  error[1] = raptor_limit(cosine * y - sine * x, clip);
  error[2] = raptor_limit(sign * (is[2] - wanted[2]), clip);
}

/* The first 18 numbers of an observation. 0, or 1 if something is no number, is beyond what can be
 * (1e9 m, 1e9 m/s, 1000 rad/s), or the quaternion's length is not 1 to a hundredth. */
static inline int raptor_observe(const raptor_state *state, const raptor_target *target,
                                 float *observation) {
  const float sign = RAPTOR_FRD ? -1.0f : 1.0f;
  const float cosine = cosf(target->yaw);
  const float sine = sign * sinf(target->yaw);
  const float *q = state->attitude;
  float square = q[0] * q[0] + q[1] * q[1] + q[2] * q[2] + q[3] * q[3];
  if (!(fabsf(square - 1.0f) <= 0.02f)) return 1;
  if (!raptor_within(state->position, 1e9f) || !raptor_within(state->velocity, 1e9f)) return 1;
  if (!raptor_within(target->position, 1e9f) || !raptor_within(target->velocity, 1e9f)) return 1;
  if (!raptor_within(state->rates, 1e3f) || !(fabsf(target->yaw) <= 1e9f)) return 1;
  float scale = 1.0f / sqrtf(square);
  float w = scale * q[0], x = scale * q[1], y = sign * scale * q[2], z = sign * scale * q[3];
  float rotation[9];
  rotation[0] = 1.0f - 2.0f * (y * y + z * z);
  rotation[1] = 2.0f * (x * y - w * z);
  rotation[2] = 2.0f * (x * z + w * y);
  rotation[3] = 2.0f * (x * y + w * z);
  rotation[4] = 1.0f - 2.0f * (x * x + z * z);
  rotation[5] = 2.0f * (y * z - w * x);
  rotation[6] = 2.0f * (x * z - w * y);
  rotation[7] = 2.0f * (y * z + w * x);
  rotation[8] = 1.0f - 2.0f * (x * x + y * y);
  raptor_error(state->position, target->position, sign, cosine, sine, RAPTOR_CLIP_POSITION_M,
               observation);
  raptor_error(state->velocity, target->velocity, sign, cosine, sine, RAPTOR_CLIP_VELOCITY_M_S,
               observation + 12);
  for (int k = 0; k < 3; k++) {
    observation[3 + k] = cosine * rotation[k] + sine * rotation[3 + k];
    observation[6 + k] = cosine * rotation[3 + k] - sine * rotation[k];
    observation[9 + k] = rotation[6 + k];
    observation[15 + k] = k == 0 ? state->rates[k] : sign * state->rates[k];
  }
  return 0;
}

/* One call: native every 10 ms, which the memory takes for its step, and any number of others in
 * between. 0, or 1 if the state or target is no such thing: then throttles are as before, and the
 * memory stands still. For how long to go on so, and what is too old, is yours to say. */
static inline int raptor_control(raptor_loop *loop, const raptor_state *state,
                                 const raptor_target *target, int native, float *throttles) {
  static const uint8_t order[4] = {RAPTOR_ORDER};
  const float idle = RAPTOR_IDLE, full = RAPTOR_FULL;
  float observation[RAPTOR_INPUTS];
  int failed = raptor_observe(state, target, observation);
  if (!failed) {
    float k = loop->calls < 0 ? 0.0f : (float)loop->calls;
    for (int i = 0; i < 4; i++) {
      loop->mean[i] = (k * loop->mean[i] + loop->previous[i]) / (k + 1.0f);
      observation[18 + i] = loop->mean[i];
    }
    if (native || loop->calls < 0) {
      raptor_step_floats(&loop->session, observation, loop->previous);
      loop->calls = 0;
    } else {
      raptor_session copy = loop->session;
      raptor_step_floats(&copy, observation, loop->previous);
      loop->calls++;
    }
    for (int i = 0; i < 4; i++) loop->action[i] = raptor_limit(loop->previous[i], 1.0f);
  }
  for (int motor = 0; motor < 4; motor++) {
    float share = (loop->action[order[motor]] + 1.0f) / 2.0f;
    throttles[motor] = idle * (1.0f - share) + full * share;
  }
  return failed;
}

#endif
