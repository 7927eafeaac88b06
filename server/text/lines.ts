// Offsets to lines and back, as LSP counts them: lines end at \n, \r\n or a lone \r; characters are UTF-16 code units.

export interface Position {
  readonly line: number
  readonly character: number
}

export interface Lines {
  readonly starts: readonly number[]
  readonly length: number
}

export function linesOf(text: string): Lines {
  const starts = [0]
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i)
    if (c === 10 || (c === 13 && text.charCodeAt(i + 1) !== 10)) starts.push(i + 1)
  }
  return { starts, length: text.length }
}

/** The position of an offset; offsets outside the text are clamped into it. */
export function positionAt(lines: Lines, offset: number): Position {
  const at = Math.max(0, Math.min(offset, lines.length))
  let low = 0
  let high = lines.starts.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((lines.starts[middle] ?? 0) <= at) low = middle
    else high = middle - 1
  }
  return { line: low, character: at - (lines.starts[low] ?? 0) }
}

/** The offset of a position; a character past the line's end gives the line's end, a line past the last gives the text's end. */
export function offsetAt(lines: Lines, position: Position): number {
  if (position.line < 0) return 0
  const start = lines.starts[position.line]
  if (start === undefined) return lines.length
  const next = lines.starts[position.line + 1] ?? lines.length + 1
  return Math.max(start, Math.min(start + position.character, next - 1))
}
