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
      const result = ratio === undefined ? '' : `\n  - ratio **${ratio.toFixed(2)}** (aim ${aim})`;
      return `- ${what}: ${value}${against}${result}`;
    })
    .join('\n');
}
