// Measured rows, printed as one table. A row is a figure against a floor or a peer that was measured in the same run; nothing fails here.

export interface Row {
  readonly what: string
  readonly ours: string
  /** What it is measured against, and its figure. */
  readonly against: string
  readonly ratio: number | null
  readonly goal: number | null
}

export function printTable(rows: readonly Row[]): void {
  const cells = rows.map(({ what, ours, against, ratio, goal }) => [what, ours, against, ratio === null ? '' : `${ratio.toFixed(2)} x`, goal === null ? '' : `<= ${goal}`, ratio === null || goal === null ? '' : ratio <= goal ? 'yes' : 'NO'])
  const all = [['measure', 'ours', 'against', 'ratio', 'goal', 'met'], ...cells]
  const widths = all[0]?.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0))) ?? []
  for (const row of all) process.stdout.write(`${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ').trimEnd()}\n`)
}

export function milliseconds(value: number): string { return value < 10 ? `${value.toFixed(2)} ms` : `${Math.round(value)} ms` }

/** The value below which `share` of all lie. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, two) => one - two)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}
