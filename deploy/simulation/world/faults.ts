import type { Random } from './random.ts';

/** How likely what goes wrong is, in one run. Each seed draws its own weather: some runs are calm, some are not. */
export interface Weather {
  /** An append: its outcome is never told, or it is never sent, or it is written after it was given up. */
  readonly appendLost: number;
  readonly appendUnsent: number;
  readonly appendLate: number;
  readonly readFails: number;
  /** An event is not seen by readers of the whole log for a while, though later ones are there. */
  readonly hidden: number;
  readonly ringLost: number;
  readonly messageLost: number;
  readonly messageTwice: number;
  readonly storageFails: number;
  readonly commitUntold: number;
  readonly lockLost: number;
  readonly sendFails: number;
  readonly slow: number;
  /** Of processes, in virtual seconds between two of them. */
  readonly crashEverySeconds: number;
  readonly pauseEverySeconds: number;
  readonly clockJumpEverySeconds: number;
  readonly releaseEverySeconds: number;
}

export class Faults {
  readonly weather: Weather;
  /** While a world is being set up, too. */
  #calm = true;

  constructor(weather: Weather) {
    this.weather = weather;
  }

  unleash(): void {
    this.#calm = false;
  }

  /** Nothing goes wrong from here on. What is under way still may be late. */
  calmDown(): void {
    this.#calm = true;
  }

  get isCalm(): boolean {
    return this.#calm;
  }

  strikes(random: Random, what: ProbabilityOf): boolean {
    return !this.#calm && random.chance(this.weather[what]);
  }

  latencyMs(random: Random): number {
    if (this.strikes(random, 'slow')) return random.between(200, 4_000);
    return random.between(1, 8);
  }
}

export type ProbabilityOf = {
  [K in keyof Weather]: K extends `${string}Seconds` ? never : K;
}[keyof Weather];

/** @param given how bad it is, and what is worse than that, instead of what chance says */
export function drawWeather(random: Random, given?: number, worse: Partial<Weather> = {}): Weather {
  const drawn = random.pick([0, 0.3, 1, 1, 2]);
  const storm = given ?? drawn;
  const rare = (probability: number) => (random.chance(0.6) ? probability * storm : 0);
  const every = (seconds: number) => (storm > 0 && random.chance(0.7) ? seconds / storm : Number.POSITIVE_INFINITY);
  return {
    appendLost: rare(0.06),
    appendUnsent: rare(0.04),
    appendLate: rare(0.04),
    readFails: rare(0.02),
    hidden: rare(0.2),
    ringLost: rare(0.3),
    messageLost: rare(0.3),
    messageTwice: rare(0.2),
    storageFails: rare(0.01),
    commitUntold: rare(0.05),
    lockLost: rare(0.4),
    sendFails: rare(0.2),
    slow: rare(0.03),
    crashEverySeconds: every(25),
    pauseEverySeconds: every(40),
    clockJumpEverySeconds: every(60),
    releaseEverySeconds: every(80),
    ...worse,
  };
}
