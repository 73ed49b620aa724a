/** A check that takes longer was cut off by a freeze and may never settle: it is given up and begun anew. */
export const GIVE_UP_AFTER_MS = 60_000;

/** Looks at something now and then, and never twice at once. */
export class PeriodicCheck {
  readonly #nowMs: () => number;
  #startedAtMs = Number.NEGATIVE_INFINITY;
  #underWay: Promise<void> | undefined;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /**
   * Begins a check when the last one began `intervalMs` ago.
   *
   * @param look never rejects; its `isWanted` is false once a newer check has taken over.
   * @returns the check that is under way; undefined when there is none.
   */
  ifDue(intervalMs: number, look: (isWanted: () => boolean) => Promise<void>): Promise<void> | undefined {
    const sinceMs = this.#nowMs() - this.#startedAtMs;
    if (sinceMs >= (this.#underWay === undefined ? intervalMs : GIVE_UP_AFTER_MS)) {
      this.#startedAtMs = this.#nowMs();
      const check: Promise<void> = look(() => this.#underWay === check).finally(() => {
        if (this.#underWay === check) this.#underWay = undefined;
      });
      this.#underWay = check;
    }
    return this.#underWay;
  }
}
