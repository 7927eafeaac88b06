// Where commands write. Standard output carries the result alone; everything else goes to standard error.

export interface Io {
  readonly out: (text: string) => void
  readonly err: (text: string) => void
  readonly color: boolean
}

/** A failure for people: one clear message, exit code 2, no stack trace. */
export class CommandFailure extends Error {}

type Style = 'bold' | 'dim' | 'red' | 'yellow' | 'green' | 'cyan'
const CODES: Record<Style, string> = { bold: '1', dim: '2', red: '31', yellow: '33', green: '32', cyan: '36' }

export function styled(io: Io, style: Style, text: string): string {
  return io.color ? `\u001b[${CODES[style]}m${text}\u001b[0m` : text
}

/** Columns padded to the widest cell; the last is left ragged. `shown` may be longer than `text` by colour codes. */
export function table(rows: readonly (readonly { readonly text: string; readonly shown?: string }[])[]): string {
  const widths: number[] = []
  for (const row of rows) for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, cell.text.length)
  return rows.map((row) => row.map((cell, index) => (index === row.length - 1 ? (cell.shown ?? cell.text) : (cell.shown ?? cell.text) + ' '.repeat((widths[index] ?? 0) - cell.text.length))).join('  ').trimEnd()).join('\n')
}
