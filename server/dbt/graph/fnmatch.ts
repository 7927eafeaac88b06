// Python's `fnmatch` (posix: letter case counts) and the `**` of pathlib's glob, over code points.
// Backtracks only to the last star, so that no pattern of a project takes more than pattern × text steps.

/** fnmatch.fnmatchcase: `*` any text, `?` one character, `[seq]`, `[!seq]`; a `[` that never closes is itself. */
export function fnmatch(text: string, pattern: string): boolean {
  const units = tokens(pattern)
  const chars = Array.from(text)
  let unit = 0
  let char = 0
  let star = -1
  let starChar = 0
  while (char < chars.length) {
    const token = units[unit]
    if (token === '*') { star = unit++; starChar = char; continue }
    if (token !== undefined && matchesOne(token, chars[char] as string)) { unit++; char++; continue }
    if (star < 0) return false
    unit = star + 1
    char = ++starChar
  }
  while (units[unit] === '*') unit++
  return unit === units.length
}

/** Whether a pattern of `Path.glob` finds a relative path, given as its parts. A final `**` finds directories alone (Python < 3.13). */
export function globMatches(pattern: string, parts: readonly string[], isDirectory: boolean): boolean {
  const wanted = pattern.split('/').filter((part) => part !== '' && part !== '.')
  if (wanted.length === 0) return false
  if (wanted[wanted.length - 1] === '**' && !isDirectory) return false
  return matchParts(wanted, 0, parts, 0, new Map())
}

function matchParts(wanted: readonly string[], w: number, parts: readonly string[], p: number, seen: Map<number, boolean>): boolean {
  if (w === wanted.length) return p === parts.length
  const key = w * (parts.length + 1) + p
  const known = seen.get(key)
  if (known !== undefined) return known
  const part = wanted[w] as string
  const here = parts[p]
  const found = part === '**'
    ? matchParts(wanted, w + 1, parts, p, seen) || (here !== undefined && matchParts(wanted, w, parts, p + 1, seen))
    : here !== undefined && fnmatch(here, part) && matchParts(wanted, w + 1, parts, p + 1, seen)
  seen.set(key, found)
  return found
}

type Token = string | { readonly set: readonly (readonly [number, number])[]; readonly negated: boolean }

function tokens(pattern: string): Token[] {
  const chars = Array.from(pattern)
  const out: Token[] = []
  for (let i = 0; i < chars.length; i++) {
    const c = chars[i] as string
    if (c === '?') out.push({ set: [], negated: true })
    else if (c !== '[') out.push(c === '*' ? '*' : `=${c}`)
    else {
      // As in CPython's translate: a `]` right after `[` or `[!` stands for itself.
      let end = i + 1
      if (chars[end] === '!') end++
      if (chars[end] === ']') end++
      while (end < chars.length && chars[end] !== ']') end++
      if (end >= chars.length) { out.push('=['); continue }
      const negated = chars[i + 1] === '!'
      out.push({ set: ranges(chars.slice(i + (negated ? 2 : 1), end)), negated })
      i = end
    }
  }
  return out
}

function ranges(chars: readonly string[]): (readonly [number, number])[] {
  const out: (readonly [number, number])[] = []
  for (let i = 0; i < chars.length; i++) {
    const low = (chars[i] as string).codePointAt(0) as number
    const high = chars[i + 1] === '-' && i + 2 < chars.length ? (chars[i + 2] as string).codePointAt(0) as number : low
    // An empty range (`[z-a]`) matches nothing.
    if (high >= low) out.push([low, high])
    if (chars[i + 1] === '-' && i + 2 < chars.length) i += 2
  }
  return out
}

function matchesOne(token: Token, char: string): boolean {
  if (typeof token === 'string') return token.slice(1) === char
  const point = char.codePointAt(0) as number
  return token.set.some(([low, high]) => point >= low && point <= high) !== token.negated
}
