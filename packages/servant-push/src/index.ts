/**
 * Push made easy: the loop and the register that every push server needs.
 *
 * @module @tarsier/servant-push
 */
export { type PushAllOptions, PushRegister, type PushReport, type PushResult } from './push-register.js';
export { PushThread } from './push-thread.js';
