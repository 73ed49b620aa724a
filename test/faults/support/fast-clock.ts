/**
 * Loaded before a server (`node --import`): its clock runs seven times as fast, so that it looks for a newer model
 * three times a second and not every two seconds. Timers keep their pace.
 */
const FASTER = 7;
const startedAtMs = Date.now();
const now = Date.now.bind(Date);
Date.now = () => startedAtMs + (now() - startedAtMs) * FASTER;
