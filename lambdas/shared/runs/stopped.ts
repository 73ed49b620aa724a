/** The error of a run that did not fail by itself: its process ended in the middle of it. */
export const STOPPED = 'RunStopped';
