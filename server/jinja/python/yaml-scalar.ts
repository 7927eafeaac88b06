// What styles a text may be written in as a YAML scalar. Source: Emitter.analyze_scalar of yaml/emitter.py, with allow_unicode off.

export interface Analysis {
  /** In code points. */
  readonly length: number
  readonly empty: boolean
  readonly multiline: boolean
  readonly blockPlain: boolean
  readonly singleQuoted: boolean
}

export function isBreak(c: string): boolean {
  return c === '\n' || c === '\x85' || c === '\u2028' || c === '\u2029'
}

function isGap(c: string | undefined): boolean {
  return c === undefined || '\0 \t\r\n\x85\u2028\u2029'.includes(c)
}

export function analyzeScalar(text: string): Analysis {
  const chars = Array.from(text)
  const { length } = chars
  if (length === 0) return { length, empty: true, multiline: false, blockPlain: true, singleQuoted: true }
  let indicators = text.startsWith('---') || text.startsWith('...')
  let multiline = false
  let special = false
  let edgeGap = false
  let breakSpace = false
  let spaceBreak = false
  let previousSpace = false
  let previousBreak = false
  for (let i = 0; i < length; i++) {
    const c = chars[i] ?? ''
    const followedByGap = isGap(chars[i + 1])
    if (i === 0) {
      if ('#,[]{}&*!|>\'"%@`'.includes(c) || ('?:-'.includes(c) && followedByGap)) indicators = true
    } else if ((c === ':' && followedByGap) || (c === '#' && isGap(chars[i - 1]))) indicators = true
    const lineBreak = isBreak(c)
    if (lineBreak) multiline = true
    if (c !== '\n' && (c < ' ' || c > '~')) special = true
    if (c === ' ') {
      if (i === 0 || i === length - 1) edgeGap = true
      if (previousBreak) breakSpace = true
    } else if (lineBreak) {
      if (i === 0 || i === length - 1) edgeGap = true
      if (previousSpace) spaceBreak = true
    }
    previousSpace = c === ' '
    previousBreak = lineBreak
  }
  const unsafe = spaceBreak || special
  return { length, empty: false, multiline, blockPlain: !(edgeGap || breakSpace || unsafe || multiline || indicators), singleQuoted: !(breakSpace || unsafe) }
}
