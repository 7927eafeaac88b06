// Python's textwrap.wrap for one line, with the options jinja2's wordwrap sets.

import { valueError } from '../errors.ts'
import { lengthOf, sliceText } from '../../text/python.ts'

const PUNCTUATION = '[\\p{L}\\p{N}_!"\'&.,?]'
const LETTER = '[\\p{L}_]'
const SPACE = '[\\t\\n\\x0b\\x0c\\r ]'
const SOLID = '[^\\t\\n\\x0b\\x0c\\r ]'
const WORDS = new RegExp(`(${SPACE}+|(?<=${PUNCTUATION})-{2,}(?=[\\p{L}\\p{N}_])|${SOLID}+?(?:-(?:(?<=${LETTER}{2}-)|(?<=${LETTER}-${LETTER}-))(?=${LETTER}-?${LETTER})|(?=${SPACE}|$)|(?<=${PUNCTUATION})(?=-{2,}[\\p{L}\\p{N}_])))`, 'u')
const SIMPLE = new RegExp(`(${SPACE}+)`, 'u')

/** The lines of `text`; white space is kept inside of lines and dropped at breaks, tabs and newlines stay as they are. */
export function wrap(text: string, width: bigint, breakLongWords: boolean, breakOnHyphens: boolean): string[] {
  const chunks = text.split(breakOnHyphens ? WORDS : SIMPLE).filter(chunk => chunk !== undefined && chunk !== '').reverse()
  if (width <= 0n) throw valueError(`invalid width ${width} (must be > 0)`)
  const limit = Number(width)
  const lines: string[] = []
  while (chunks.length > 0) {
    const line: string[] = []
    let length = 0
    if (lines.length > 0 && isBlank(chunks.at(-1))) chunks.pop()
    while (chunks.length > 0 && length + lengthOf(chunks.at(-1) ?? '') <= limit) {
      const chunk = chunks.pop() ?? ''
      length += lengthOf(chunk)
      line.push(chunk)
    }
    if (chunks.length > 0 && lengthOf(chunks.at(-1) ?? '') > limit) breakWord(chunks, line, length, limit, breakLongWords, breakOnHyphens)
    if (isBlank(line.at(-1))) line.pop()
    if (line.length > 0) lines.push(line.join(''))
  }
  return lines
}

function isBlank(chunk: string | undefined): boolean { return chunk !== undefined && chunk.trim() === '' }

function breakWord(chunks: string[], line: string[], length: number, width: number, breakLongWords: boolean, breakOnHyphens: boolean): void {
  const room = width < 1 ? 1 : width - length
  const chunk = chunks.at(-1) ?? ''
  if (!breakLongWords) {
    if (line.length === 0) line.push(chunks.pop() ?? '')
    return
  }
  let end = room
  if (breakOnHyphens && lengthOf(chunk) > room) {
    const head = sliceText(chunk, 0, room)
    const hyphen = head.lastIndexOf('-')
    if (hyphen > 0 && /[^-]/.test(head.slice(0, hyphen))) end = lengthOf(head.slice(0, hyphen)) + 1
  }
  line.push(sliceText(chunk, 0, end))
  chunks[chunks.length - 1] = sliceText(chunk, end, lengthOf(chunk))
}
