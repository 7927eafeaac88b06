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

/** Where a column ends for cells that are wider: one long name does not push all others out of sight. */
const WIDEST = 100

/** Lines of columns padded to the widest cell; the last is left ragged. `shown` may be longer than `text` by colour codes; line breaks in it become spaces. */
export function table(rows: readonly (readonly { readonly text: string; readonly shown?: string }[])[]): string[] {
  const oneLine = (text: string): string => text.replace(/\s*\n\s*/g, ' ')
  const cells = rows.map((row) => row.map(({ text, shown = text }) => ({ width: oneLine(text).length, shown: oneLine(shown) })))
  const widths: number[] = []
  for (const row of cells) for (const [index, { width }] of row.entries()) if (width <= WIDEST) widths[index] = Math.max(widths[index] ?? 0, width)
  return cells.map((row) => row.map(({ shown, width }, index) => shown + ' '.repeat(index === row.length - 1 ? 0 : Math.max(0, (widths[index] ?? 0) - width))).join('  ').trimEnd())
}
