import { type Load, median } from './load.ts';

/** One figure of the benchmark. `ratio`: value to floor, or long to short. */
export interface Figure {
  readonly what: string;
  readonly value: string;
  readonly floor?: string;
  readonly ratio?: number;
  readonly aim?: string;
}

export function render(figures: readonly Figure[]): string {
  return figures
    .map(({ what, value, floor, ratio, aim }) => {
      const against = floor === undefined ? '' : `\n  - against ${floor}`;
      const result = ratio === undefined ? '' : `\n  - ratio **${ratio.toFixed(2)}**${aim ? ` (aim ${aim})` : ''}`;
      return `- ${what}: ${value}${against}${result}`;
    })
    .join('\n');
}

type Told = Pick<Load, 'perSecond' | 'p50Ms' | 'p99Ms' | 'processorMicros'>;

/** What several rounds come to, each measure by its median. */
export function middle(rounds: readonly Told[]): Told {
  const of = (measure: keyof Told) => median(rounds.map((round) => round[measure]));
  return {
    perSecond: of('perSecond'),
    p50Ms: of('p50Ms'),
    p99Ms: of('p99Ms'),
    processorMicros: of('processorMicros'),
  };
}

export function tell({ perSecond, p50Ms, p99Ms, processorMicros }: Told): string {
  return (
    `${Math.round(perSecond)}/s, p50 ${p50Ms.toFixed(1)} ms, p99 ${p99Ms.toFixed(1)} ms, ` +
    `${Math.round(processorMicros)} µs of its processor time each`
  );
}
